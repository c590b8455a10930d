// SPDX-License-Identifier: Apache-2.0
/** A searched list of one kind of resource, page by page, with acts on each row. */
import { ActionIcon, Menu, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Ellipsis, Search } from 'lucide-react'
import type { ReactNode } from 'react'
import { type Column, DataTable, type Sorting } from '../../../kit/data-table.tsx'
import { usePagedRows } from '../../../kit/rows.ts'
import { EmptyState } from '../../../kit/states.tsx'
import { useParam, useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/inventory/os.ts'

export type Asked = {
  readonly offset: number
  readonly pageSize: number
  /** In the controller's filter language; absent for everything. */
  readonly filter?: string
  readonly orderBy?: string
}

export type Named = { readonly resourceId: string; readonly name?: string | undefined }

export type RowAct = { readonly label: string; readonly onPick: () => void }

export type ResourceListProps<Row extends Named> = {
  /** First part of the key of its queries. */
  readonly keyed: string
  readonly label: string
  readonly ask: (
    asked: Asked,
    context: { readonly project: string; readonly signal: AbortSignal },
  ) => Promise<{ readonly rows: readonly Row[]; readonly total: number }>
  readonly columns: readonly Column<Row>[]
  readonly empty: ReactNode
  readonly actions?: ReactNode
  readonly rowActs?: ((row: Row) => readonly RowAct[]) | undefined
  readonly onOpen?: (row: Row) => void
}

export function ResourceList<Row extends Named>(props: ResourceListProps<Row>) {
  const { keyed, label, ask, columns, empty, actions, rowActs, onOpen } = props
  const project = useProject()
  const [search, setSearch] = useParam('q')
  const [order, setOrder] = useParam('order')
  const [asked] = useDebouncedValue(search.trim(), 150)
  const sorting = sortingOf(order)
  const rows = usePagedRows<Row>({
    queryKey: [keyed, project, 'list', asked, order],
    fetch: ({ offset, limit, signal }) =>
      ask(
        {
          offset,
          pageSize: limit,
          ...(asked === '' ? {} : { filter: `name:"${asked.replaceAll(/["\\]/g, '')}"` }),
          ...(order === '' ? {} : { orderBy: order }),
        },
        { project, signal },
      ),
  })
  return (
    <>
      <div className="mu-os-bar">
        <TextInput
          data-search
          aria-label={t.search}
          placeholder={t.search}
          leftSection={<Search size={14} />}
          value={search}
          maxLength={100}
          onChange={event => setSearch(event.currentTarget.value)}
        />
        {actions}
      </div>
      <div className="mu-fill">
        <DataTable
          label={label}
          rows={rows}
          columns={columns}
          keyOf={({ resourceId }) => resourceId}
          nameOf={nameOf}
          sorting={sorting}
          onSort={next => setOrder(next === undefined ? '' : `${next.by}${next.descending ? ' desc' : ''}`)}
          empty={asked === '' ? empty : <EmptyState title={t.empty.fits} />}
          {...(onOpen === undefined ? {} : { onOpen })}
          {...(rowActs === undefined
            ? {}
            : { rowEnd: (row: Row) => <RowMenu name={nameOf(row)} acts={rowActs(row)} /> })}
        />
      </div>
    </>
  )
}

export function nameOf({ name, resourceId }: Named): string {
  return name === undefined || name === '' ? resourceId : name
}

function sortingOf(order: string): Sorting | undefined {
  const [by = '', way] = order.split(' ')
  return by === '' ? undefined : { by, descending: way === 'desc' }
}

function RowMenu({ name, acts }: { readonly name: string; readonly acts: readonly RowAct[] }) {
  if (acts.length === 0) return null
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={t.actions(name)}>
          <Ellipsis size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {acts.map(({ label, onPick }) => (
          <Menu.Item key={label} onClick={onPick}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
