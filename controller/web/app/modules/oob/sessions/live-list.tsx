// SPDX-License-Identifier: Apache-2.0
/** Consoles and drives that are open now, and ending them. */
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { MonitorOff } from 'lucide-react'
import { ActButton } from '../../../acts/act-button.tsx'
import { type AnswerOf, get } from '../../../api/call.ts'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { Literal } from '../../../kit/literal.tsx'
import { LiveAge } from '../../../kit/live-age.tsx'
import { useListRows } from '../../../kit/rows.ts'
import { EmptyState } from '../../../kit/states.tsx'
import { useProject } from '../../../shell/go.tsx'
import { useMay, useMe } from '../../../shell/session.tsx'
import { t } from '../../../words/oob-care.ts'
import { endSession } from '../acts-care.ts'
import { useNames } from '../reads.ts'
import { spokenBytes } from './size.ts'

type Session = AnswerOf<'/v1/projects/{project}/oob/redirections', 'GET'>['redirections'][number]

/** Bytes pass without an event. */
const AGAIN_MS = 5_000

export function LiveList() {
  const project = useProject()
  const named = useNames()
  const query = useQuery({
    queryKey: ['oob-sessions', project],
    queryFn: get('/v1/projects/{project}/oob/redirections', { path: { project } }),
    refetchInterval: AGAIN_MS,
  })
  return (
    <div className="mu-fill">
      <DataTable<Session>
        label={t.sessions.tabs.live}
        rows={useListRows(query.data?.redirections, query)}
        columns={columns(guid => named(guid).name)}
        keyOf={({ id }) => id}
        nameOf={({ device }) => named(device).name}
        empty={
          <EmptyState
            icon={MonitorOff}
            title={t.sessions.empty}
            action={<CopyLine text={t.sessions.command} what={t.sessions.title} />}
          >
            {t.sessions.emptyWhat}
          </EmptyState>
        }
      />
    </div>
  )
}

function wordOf(mode: string): string {
  return (t.sessions.mode as Readonly<Record<string, string>>)[mode] ?? mode // a catalogue of texts
}

function columns(nameOf: (guid: string) => string): readonly Column<Session>[] {
  return [
    {
      id: 'machine',
      title: t.sessions.column.machine,
      width: 'minmax(140px, 2fr)',
      narrow: 'title',
      cell: ({ device }) => (
        <span className="mu-cut">
          <Literal text={nameOf(device)} max={80} />
        </span>
      ),
    },
    { id: 'mode', title: t.sessions.column.mode, width: '190px', cell: ({ mode }) => wordOf(mode) },
    {
      id: 'by',
      title: t.sessions.column.by,
      width: 'minmax(100px, 1fr)',
      cell: ({ by }) => <span className="mu-cut">{by}</span>,
    },
    { id: 'since', title: t.sessions.column.since, width: '100px', cell: ({ since }) => <LiveAge at={since} /> },
    {
      id: 'traffic',
      title: t.sessions.column.traffic,
      width: '170px',
      narrow: 'hidden',
      cell: ({ received, sent }) => t.sessions.bytes(spokenBytes(received), spokenBytes(sent)),
    },
    {
      id: 'end',
      title: t.sessions.end,
      width: '90px',
      cell: session => <End session={session} name={nameOf(session.device)} />,
    },
  ]
}

function End({ session, name }: { readonly session: Session; readonly name: string }) {
  const project = useProject()
  const may = useMay()
  const me = useMe()
  // Whoever opened it may end it; others need the permission to open one.
  if (session.by !== me.name && !may('host.access')) return null
  return (
    <ActButton
      act={endSession}
      input={{ project, id: session.id }}
      label={t.sessions.end}
      title={t.sessions.endTitle(wordOf(session.mode), name)}
      verb={t.sessions.end}
      done={t.sessions.ended}
      refresh={['oob-sessions']}
      button={{ size: 'xs' }}
    >
      <Text size="sm">{t.sessions.endWhat(session.by)}</Text>
    </ActButton>
  )
}
