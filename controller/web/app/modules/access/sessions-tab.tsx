// SPDX-License-Identifier: Apache-2.0
/** Who is signed in, from where and since when, and ending that. */
import { Group, Text, TextInput } from '@mantine/core'
import { MonitorSmartphone } from 'lucide-react'
import { useMemo, useState } from 'react'
import { absolute } from '../../kit/age.ts'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { LiveAge } from '../../kit/live-age.tsx'
import { useListRows } from '../../kit/rows.ts'
import { EmptyState } from '../../kit/states.tsx'
import { useParam } from '../../shell/go.tsx'
import { t as words } from '../../words/access.ts'
import { type Session, useMayEverywhere, useNames, useSessions } from './queries.ts'
import { browserOf, EndSessions } from './session-lines.tsx'

const t = words.sessions

export default function SessionsTab() {
  const query = useSessions()
  const nameOf = useNames()
  const mayEverywhere = useMayEverywhere()
  const [find, setFind] = useParam('q')
  const [selected, select] = useState<ReadonlySet<string>>(new Set())
  const all = query.data?.sessions
  const fitting = useMemo(() => {
    const needle = find.trim().toLowerCase()
    return all
      ?.filter(({ principal, address, agent }) =>
        `${nameOf(principal)} ${address} ${agent}`.toLowerCase().includes(needle),
      )
      .sort((a, b) => Date.parse(b.usedAt) - Date.parse(a.usedAt))
  }, [all, find, nameOf])
  const rows = useListRows(fitting, query)
  const columns = useMemo(() => columnsOf(nameOf), [nameOf])
  const marked = (all ?? []).filter(({ id }) => selected.has(id))
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
          w={260}
        />
        {fitting !== undefined && (
          <Text size="sm" c="dimmed" role="status" pb={8}>
            {t.counted(fitting.length, all?.length ?? 0)}
          </Text>
        )}
        <Group gap="xs" ms="auto">
          {marked.length > 0 && <EndSessions sessions={marked} onDone={() => select(new Set())} />}
        </Group>
      </Group>
      {!mayEverywhere('access.read') && (
        <Text size="sm" c="dimmed" mb="xs">
          {t.own}
        </Text>
      )}
      <div className="mu-fill">
        <DataTable<Session>
          label={t.list}
          rows={rows}
          columns={columns}
          keyOf={({ id }) => id}
          nameOf={({ principal, address }) => `${nameOf(principal)} ${address}`}
          selection={{ keys: selected, set: select }}
          empty={
            <EmptyState icon={MonitorSmartphone} title={none ? t.emptyTitle : t.emptyFiltered}>
              {none ? t.empty : undefined}
            </EmptyState>
          }
        />
      </div>
    </>
  )
}

function columnsOf(nameOf: (id: string) => string): readonly Column<Session>[] {
  const methods: Readonly<Record<string, string>> = t.methods
  return [
    {
      id: 'who',
      title: t.column.who,
      width: 'minmax(120px, 1fr)',
      narrow: 'title',
      cell: ({ principal }) => nameOf(principal),
    },
    {
      id: 'how',
      title: t.column.how,
      width: '130px',
      narrow: 'hidden',
      cell: ({ method }) => methods[method.split(':')[0] ?? ''] ?? method,
    },
    { id: 'from', title: t.column.from, width: 'minmax(110px, 1fr)', cell: ({ address }) => address },
    {
      id: 'with',
      title: t.column.with,
      width: 'minmax(140px, 1.6fr)',
      cell: ({ agent }) => <span title={agent.slice(0, 300)}>{browserOf(agent)}</span>,
    },
    {
      id: 'since',
      title: t.column.since,
      width: '110px',
      narrow: 'hidden',
      cell: ({ createdAt }) => <LiveAge at={createdAt} ago />,
    },
    { id: 'used', title: t.column.used, width: '110px', cell: ({ usedAt }) => <LiveAge at={usedAt} ago /> },
    {
      id: 'ends',
      title: t.column.ends,
      width: '150px',
      narrow: 'hidden',
      cell: ({ expiresAt }) => <time dateTime={expiresAt}>{absolute(expiresAt).slice(0, 16)}</time>,
    },
  ]
}
