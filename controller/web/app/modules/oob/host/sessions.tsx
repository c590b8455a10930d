// SPDX-License-Identifier: Apache-2.0
/** Who is connected to the machine, what was recorded of it, and the doors to its console and its screen. */
import { Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Monitor, SquareTerminal } from 'lucide-react'
import { ActButton } from '../../../acts/act-button.tsx'
import { type AnswerOf, get } from '../../../api/call.ts'
import { LiveAge } from '../../../kit/live-age.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { Go } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/oob-host.ts'
import { endSession } from '../acts-care.ts'
import type { Machine } from '../acts-host.ts'
import { plainText, type StatusLine, spokenBytes } from './firmware.ts'
import { Part } from './part.tsx'
import { word } from './state-line.tsx'

type Session = AnswerOf<'/v1/projects/{project}/oob/redirections', 'GET'>['redirections'][number]

export function SessionsPart({ machine, line }: { readonly machine: Machine; readonly line: StatusLine }) {
  const { project, guid } = machine
  const may = useMay()
  const query = useQuery({
    queryKey: ['oob-sessions', project],
    queryFn: get('/v1/projects/{project}/oob/redirections', { path: { project } }),
  })
  return (
    <Part title={t.sessions.title}>
      <Stack gap="sm">
        {line.connected && may('host.access') && <Doors machine={machine} />}
        <QueryView query={query}>
          {({ redirections }) => (
            <Living machine={machine} sessions={redirections.filter(({ device }) => device === guid)} />
          )}
        </QueryView>
        {may('audit.read') && <Recordings machine={machine} />}
      </Stack>
    </Part>
  )
}

function Doors({ machine: { host } }: { readonly machine: Machine }) {
  return (
    <Group gap="xs">
      <Button
        component={Go}
        to={`/out-of-band/hosts/${host}/console`}
        variant="default"
        size="sm"
        leftSection={<SquareTerminal size={16} />}
      >
        {t.sessions.openConsole}
      </Button>
      <Button
        component={Go}
        to={`/out-of-band/hosts/${host}/screen`}
        variant="default"
        size="sm"
        leftSection={<Monitor size={16} />}
      >
        {t.sessions.openScreen}
      </Button>
    </Group>
  )
}

function Living({ machine, sessions }: { readonly machine: Machine; readonly sessions: readonly Session[] }) {
  if (sessions.length === 0) return <Text c="dimmed">{t.sessions.none}</Text>
  return (
    <ul className="mu-lines" data-sessions={sessions.length}>
      {sessions.map(({ id, mode, by, since, recorded }) => (
        <li key={id}>
          <strong>{word(t.sessions.mode, mode)}</strong>
          <span>{t.sessions.by(plainText(by))}</span>
          <LiveAge at={since} ago />
          {recorded && <span>{t.sessions.recorded}</span>}
          <span className="mu-grow">
            <ActButton
              act={endSession}
              input={{ project: machine.project, id }}
              title={t.sessions.endTitle(word(t.sessions.mode, mode), plainText(by))}
              label={t.sessions.end}
              refresh={['oob-sessions']}
              button={{ size: 'xs' }}
            >
              <Text size="sm">{t.sessions.endWhat}</Text>
            </ActButton>
          </span>
        </li>
      ))}
    </ul>
  )
}

const FEW = 5

/** What was recorded is told by the audit: the list of recordings does not say of which machine they are. */
function Recordings({ machine: { project, guid } }: { readonly machine: Machine }) {
  const query = useQuery({
    queryKey: ['oob-sessions', project, 'recordings', guid],
    queryFn: get('/v1/projects/{project}/oob/recordings', { path: { project }, query: { device: guid } }),
  })
  return (
    <QueryView query={query}>
      {({ recordings }) => (
        <div>
          <Text size="xs" c="dimmed">
            {recordings.length === 0 ? t.sessions.noRecordings : t.sessions.recordings}
          </Text>
          <ul className="mu-lines">
            {recordings
              .toSorted((a, b) => (a.id < b.id ? 1 : -1))
              .slice(0, FEW)
              .map(({ id, bytes }) => (
                <li key={id}>
                  <Anchor component={Go} to={`/out-of-band/recordings/${id}`} size="sm">
                    {t.sessions.recording(id, spokenBytes(bytes))}
                  </Anchor>
                </li>
              ))}
          </ul>
        </div>
      )}
    </QueryView>
  )
}
