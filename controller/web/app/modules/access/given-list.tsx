// SPDX-License-Identifier: Apache-2.0
/** Who has which role where: one row for each grant, with denials among them. */
import { Group, Select, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { UserCheck } from 'lucide-react'
import { useMemo } from 'react'
import { get } from '../../api/call.ts'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { LiveAge } from '../../kit/live-age.tsx'
import { placeText } from '../../kit/rights.ts'
import { useListRows } from '../../kit/rows.ts'
import { EmptyState } from '../../kit/states.tsx'
import { Badge } from '../../kit/status-chip.tsx'
import { useParam } from '../../shell/go.tsx'
import { t as words } from '../../words/access.ts'
import { fittingBindings, whoOf } from './given.ts'
import { TakeButton } from './grant-lines.tsx'
import { type Binding, useBindings, useNames } from './queries.ts'

const t = words.given
const EVERYWHERE = '*'

export function GivenList() {
  const query = useBindings()
  const nameOf = useNames()
  const [find, setFind] = useParam('q')
  const [where, setWhere] = useParam('in')
  const projects = useQuery({ queryKey: ['projects'], queryFn: get('/v1/projects'), staleTime: 60_000 }).data ?? []
  const all = query.data?.bindings
  const fitting = useMemo(
    () => (all === undefined ? undefined : fittingBindings(all, { words: find, where }, nameOf)),
    [all, find, where, nameOf],
  )
  const rows = useListRows(fitting, query)
  const columns = useMemo(() => columnsOf(nameOf), [nameOf])
  const none = (all?.length ?? 0) === 0
  return (
    <>
      <Group gap="sm" mb="sm" align="flex-end">
        <TextInput
          label={t.search}
          placeholder={t.searchHint}
          value={find}
          onChange={event => setFind(event.currentTarget.value)}
          data-search
          w={240}
        />
        <Select
          label={t.inProject}
          placeholder={t.anywhere}
          data={[
            { value: EVERYWHERE, label: t.everywhere },
            ...projects.map(({ name }) => ({ value: name, label: name })),
          ]}
          value={where === '' ? null : where}
          onChange={value => setWhere(value ?? '')}
          clearable
          searchable
          w={200}
        />
        {fitting !== undefined && (
          <Text size="sm" c="dimmed" role="status" pb={8}>
            {t.counted(fitting.length, all?.length ?? 0)}
          </Text>
        )}
      </Group>
      <div className="mu-fill">
        <DataTable<Binding>
          label={t.list}
          rows={rows}
          columns={columns}
          cardHeight={104}
          keyOf={({ id }) => id}
          nameOf={binding => whoOf(binding, nameOf)}
          empty={
            <EmptyState icon={UserCheck} title={none ? t.emptyTitle : t.emptyFiltered}>
              {none ? t.empty : undefined}
            </EmptyState>
          }
        />
      </div>
    </>
  )
}

export function columnsOf(nameOf: (id: string) => string): readonly Column<Binding>[] {
  return [
    {
      id: 'who',
      title: t.column.who,
      width: 'minmax(120px, 1fr)',
      narrow: 'title',
      cell: binding => whoOf(binding, nameOf),
    },
    {
      id: 'may',
      title: t.column.may,
      width: '120px',
      cell: ({ effect }) =>
        effect === 'deny' ? <Badge hue="failing">{t.deny}</Badge> : <Badge hue="ok">{t.allow}</Badge>,
    },
    { id: 'role', title: t.column.role, width: 'minmax(90px, 1fr)', cell: ({ role }) => role },
    {
      id: 'where',
      title: t.column.where,
      width: 'minmax(200px, 3fr)',
      cell: ({ scope }) => <span title={placeText(scope)}>{placeText(scope)}</span>,
    },
    {
      id: 'since',
      title: t.column.since,
      width: '100px',
      narrow: 'hidden',
      cell: ({ createdAt }) => <LiveAge at={createdAt} ago />,
    },
    { id: 'by', title: t.column.by, width: 'minmax(90px, 1fr)', narrow: 'hidden', cell: ({ createdBy }) => createdBy },
    {
      id: 'take',
      title: '',
      width: '128px',
      align: 'end',
      cell: binding => <TakeButton binding={binding} who={whoOf(binding, nameOf)} />,
    },
  ]
}
