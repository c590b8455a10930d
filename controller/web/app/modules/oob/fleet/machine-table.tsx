// SPDX-License-Identifier: Apache-2.0
/** The machines of a project below their operating systems, one line each. */
import { useMemo } from 'react'
import { type Column, DataTable, type Selection, type Sorting } from '../../../kit/data-table.tsx'
import { useListRows } from '../../../kit/rows.ts'
import { useGo } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-fleet.ts'
import { hostPath } from '../links.ts'
import type { Machine } from '../reads.ts'
import { AdviceCell, ConnectedCell, DriftCell, ModeCell, NameCell, PowerCell, SeenCell, SkuCell } from './cells.tsx'

const COLUMNS: readonly Column<Machine>[] = [
  {
    id: 'host',
    title: t.column.host,
    width: 'minmax(140px, 2fr)',
    sort: 'name',
    narrow: 'title',
    cell: machine => <NameCell machine={machine} />,
  },
  { id: 'sku', title: t.column.sku, width: '96px', sort: 'sku', cell: machine => <SkuCell machine={machine} /> },
  {
    id: 'version',
    title: t.column.version,
    width: '88px',
    sort: 'version',
    narrow: 'hidden',
    cell: machine => machine.version,
  },
  {
    id: 'mode',
    title: t.column.mode,
    width: '120px',
    sort: 'controlMode',
    cell: machine => <ModeCell machine={machine} />,
  },
  {
    id: 'connected',
    title: t.column.connected,
    width: '112px',
    sort: 'connected',
    cell: machine => <ConnectedCell machine={machine} />,
  },
  {
    id: 'power',
    title: t.column.power,
    width: '128px',
    sort: 'powerState',
    cell: each => <PowerCell machine={each} />,
  },
  {
    id: 'seen',
    title: t.column.seen,
    width: '96px',
    sort: 'since',
    narrow: 'hidden',
    cell: machine => <SeenCell machine={machine} />,
  },
  {
    id: 'profile',
    title: t.column.profile,
    width: 'minmax(96px, 1fr)',
    narrow: 'hidden',
    cell: ({ drift }) => <span className="mu-cut">{drift?.profile}</span>,
  },
  { id: 'drift', title: t.column.drift, width: '150px', narrow: 'hidden', cell: each => <DriftCell machine={each} /> },
  {
    id: 'advice',
    title: t.column.advice,
    width: 'minmax(112px, 1fr)',
    narrow: 'hidden',
    cell: machine => <AdviceCell machine={machine} />,
  },
]

export function keyOf({ host, guid, name }: Machine): string {
  return host ?? guid ?? name
}

export type MachineTableProps = {
  readonly machines: readonly Machine[] | undefined
  readonly query: { readonly error: unknown; refetch(): unknown }
  readonly sorting: Sorting | undefined
  readonly onSort: (sorting: Sorting | undefined) => void
  readonly selection: Selection | undefined
  readonly empty: React.ReactNode
}

export function MachineTable({ machines, query, sorting, onSort, selection, empty }: MachineTableProps) {
  const go = useGo()
  const sorted = useMemo(() => (machines === undefined ? undefined : inOrder(machines, sorting)), [machines, sorting])
  return (
    <DataTable
      label={t.title}
      rows={useListRows(sorted, query)}
      columns={COLUMNS}
      keyOf={keyOf}
      nameOf={({ name }) => name}
      onOpen={({ host }) => host !== undefined && go(hostPath(host))}
      sorting={sorting}
      onSort={onSort}
      selection={selection}
      empty={empty}
    />
  )
}

const numeric = new Intl.Collator('en', { numeric: true })

/** As they come (hosts first, by id) without a wish; equal ones by name. */
export function inOrder(machines: readonly Machine[], sorting: Sorting | undefined): readonly Machine[] {
  if (sorting === undefined) return [...machines].sort((a, b) => numeric.compare(a.name, b.name))
  const sign = sorting.descending ? -1 : 1
  const text = (machine: Machine): string => String((machine as Readonly<Record<string, unknown>>)[sorting.by] ?? '') // one of the members above
  return [...machines].sort((a, b) => sign * numeric.compare(text(a), text(b)) || numeric.compare(a.name, b.name))
}
