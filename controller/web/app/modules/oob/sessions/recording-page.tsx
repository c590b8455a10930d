// SPDX-License-Identifier: Apache-2.0
/** One recording: whether it is whole, what it is of, and what was said. */
import { Button, Group, Loader, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { lazy, Suspense, useMemo } from 'react'
import { useParams } from 'wouter'
import { get } from '../../../api/call.ts'
import { absolute } from '../../../kit/age.ts'
import { PageHead } from '../../../kit/page-head.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { Loading } from '../../../kit/states.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-care.ts'
import { Go, hostPath } from '../links.ts'
import { OobNav } from '../oob-nav.tsx'
import { useNames } from '../reads.ts'
import { save } from '../records/export-dialog.tsx'
import { brokenAt, clock, plainText, type Recording, readRecording } from './cast.ts'

const Player = lazy(() => import('./player.tsx'))
const MS = 1_000

export default function RecordingPage() {
  const { recording: id = '' } = useParams<{ recording: string }>()
  const project = useProject()
  const query = useQuery({
    queryKey: ['oob-recording', project, id],
    queryFn: get('/v1/projects/{project}/oob/recordings/{id}', { path: { project, id } }),
    // Every reading is written down; one is enough.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
  return (
    <QueryView query={query}>
      {text => <Opened id={id} text={typeof text === 'string' ? text : JSON.stringify(text)} />}
    </QueryView>
  )
}

function Opened({ id, text }: { readonly id: string; readonly text: string }) {
  const recording = useMemo(() => readOrNot(text), [text])
  const named = useNames()
  const device = recording?.about.device
  const { name, host } = named(device)
  return (
    <>
      <PageHead
        title={t.player.title(name === '' ? id : name)}
        about={t.player.noted}
        actions={
          <>
            <Go to="/out-of-band/sessions?tab=recordings">{t.player.back}</Go>
            <Button
              size="sm"
              variant="default"
              leftSection={<Download size={14} aria-hidden />}
              onClick={() => save(`${id}.ndjson`, text)}
            >
              {t.player.download}
            </Button>
            {recording?.cast !== undefined && (
              <Button
                size="sm"
                variant="default"
                onClick={() => save(`${id}.txt`, plainText(recording.cast?.said ?? []))}
              >
                {t.player.asText}
              </Button>
            )}
          </>
        }
      />
      <OobNav />
      {recording === undefined ? (
        <Text>{t.player.unreadable}</Text>
      ) : (
        <>
          <Group mb="sm" gap="lg">
            <Whole recording={recording} />
            {host !== undefined && <Go to={hostPath(host)}>{name}</Go>}
            <Facts recording={recording} />
          </Group>
          {recording.cast === undefined ? (
            <Text>{t.player.frames}</Text>
          ) : (
            <Suspense fallback={<Loading lines={10} />}>
              <Player cast={recording.cast} />
            </Suspense>
          )}
        </>
      )}
    </>
  )
}

function readOrNot(text: string): Recording | undefined {
  try {
    return readRecording(text)
  } catch {
    return undefined
  }
}

function Facts({ recording: { cast } }: { readonly recording: Recording }) {
  if (cast === undefined) return null
  const { cols, rows, began, said } = cast
  return (
    <Text size="sm" c="dimmed">
      {[
        began === 0 ? '' : absolute(began * MS),
        `${t.player.length} ${clock(said.at(-1)?.at ?? 0)}`,
        `${t.player.terminal} ${cols} × ${rows}`,
      ]
        .filter(Boolean)
        .join(' · ')}
    </Text>
  )
}

function Whole({ recording }: { readonly recording: Recording }) {
  const { id } = recording.about
  const query = useQuery({
    queryKey: ['oob-chain', id],
    queryFn: async () => ({ at: await brokenAt(recording) }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (query.data === undefined) return <Loader size="xs" aria-label={t.player.checking} />
  const { at } = query.data
  if (at === undefined) return <Badge hue="ok">{t.player.whole(recording.chunks.length)}</Badge>
  return <Badge hue="failing">{t.player.broken(at)}</Badge>
}
