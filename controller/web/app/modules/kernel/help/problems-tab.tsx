// SPDX-License-Identifier: Apache-2.0
/** Every problem of the product, with a search. */
import { Group, Text, TextInput } from '@mantine/core'
import { CircleHelp } from 'lucide-react'
import { useDeferredValue, useMemo } from 'react'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { useListRows } from '../../../kit/rows.ts'
import { EmptyState } from '../../../kit/states.tsx'
import { Go, useGo, useParam } from '../../../shell/go.tsx'
import { t } from '../../../words/help.ts'
import { ALL, fitting, type Known, partOf } from './problems.ts'

const COLUMNS: readonly Column<Known>[] = [
  {
    id: 'code',
    title: t.column.code,
    width: 'minmax(180px, 1fr)',
    narrow: 'line',
    cell: ({ code }) => (
      <Go to={pageOf(code)}>
        <code>{code}</code>
      </Go>
    ),
  },
  { id: 'what', title: t.column.what, width: 'minmax(240px, 2fr)', narrow: 'title', cell: ({ title }) => title },
  { id: 'part', title: t.column.part, width: 'minmax(160px, 1fr)', narrow: 'hidden', cell: partOf },
  {
    id: 'status',
    title: t.column.status,
    width: '80px',
    align: 'end',
    narrow: 'hidden',
    cell: ({ status }) => (status === 0 ? '–' : String(status)),
  },
]

function pageOf(code: string): string {
  return `/help/problems/${code}`
}

export default function ProblemsTab() {
  const [query, setQuery] = useParam('q')
  const asked = useDeferredValue(query)
  const found = useMemo(() => fitting(asked), [asked])
  const rows = useListRows(found)
  const go = useGo()
  return (
    <>
      <Group gap="sm" mb="sm" align="flex-end">
        <TextInput
          label={t.search}
          placeholder={t.searchHint}
          value={query}
          onChange={event => setQuery(event.currentTarget.value)}
          type="search"
          data-search
          w={280}
        />
        <Text size="sm" c="dimmed" role="status" pb={8}>
          {t.found(found.length, ALL.length)}
        </Text>
      </Group>
      <div className="mu-fill">
        <DataTable<Known>
          label={t.tab.problems}
          rows={rows}
          columns={COLUMNS}
          keyOf={({ code }) => code}
          nameOf={({ code }) => code}
          onOpen={({ code }) => go(pageOf(code))}
          empty={
            <EmptyState icon={CircleHelp} title={t.none.title}>
              {t.none.what}
            </EmptyState>
          }
        />
      </div>
    </>
  )
}
