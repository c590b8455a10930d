// SPDX-License-Identifier: Apache-2.0
/** Recordings of consoles, newest first. */
import { useQuery } from '@tanstack/react-query'
import { Film } from 'lucide-react'
import { type AnswerOf, get } from '../../../api/call.ts'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { LiveAge } from '../../../kit/live-age.tsx'
import { useListRows } from '../../../kit/rows.ts'
import { EmptyState } from '../../../kit/states.tsx'
import { useGo, useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-care.ts'
import { Go } from '../links.ts'
import { madeAt } from './cast.ts'
import { spokenBytes } from './size.ts'

type Kept = AnswerOf<'/v1/projects/{project}/oob/recordings', 'GET'>['recordings'][number]

const COLUMNS: readonly Column<Kept>[] = [
  {
    id: 'id',
    title: t.sessions.column.id,
    width: 'minmax(240px, 2fr)',
    narrow: 'title',
    cell: ({ id }) => <Go to={`/out-of-band/recordings/${id}`}>{id}</Go>,
  },
  {
    id: 'made',
    title: t.sessions.column.made,
    width: '130px',
    cell: ({ id }) => <LiveAge at={madeAt(id)} ago />,
  },
  {
    id: 'size',
    title: t.sessions.column.size,
    width: '110px',
    align: 'end',
    cell: ({ bytes }) => spokenBytes(bytes),
  },
]

export function RecordingList() {
  const project = useProject()
  const go = useGo()
  const query = useQuery({
    queryKey: ['oob-sessions', project, 'recordings'],
    queryFn: get('/v1/projects/{project}/oob/recordings', { path: { project } }),
  })
  // Ids rise with time.
  const rows = query.data?.recordings.toSorted((a, b) => (a.id < b.id ? 1 : -1))
  return (
    <div className="mu-fill">
      <DataTable<Kept>
        label={t.sessions.tabs.recordings}
        rows={useListRows(rows, query)}
        columns={COLUMNS}
        keyOf={({ id }) => id}
        nameOf={({ id }) => id}
        onOpen={({ id }) => go(`/out-of-band/recordings/${id}`)}
        empty={
          <EmptyState icon={Film} title={t.sessions.noRecordings}>
            {t.sessions.noRecordingsWhat}
          </EmptyState>
        }
      />
    </div>
  )
}
