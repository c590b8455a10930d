// SPDX-License-Identifier: Apache-2.0
/** The last things that happened, each with its cause. */
import { Anchor, Card, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { get, send } from '../../../api/call.ts'
import { sayEvent } from '../../../kit/event-words.ts'
import { useHostNames } from '../../../kit/host-names.ts'
import { LiveAge } from '../../../kit/live-age.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import type { ServerEvent } from '../../../live/state.ts'
import { Go, useProject } from '../../../shell/go.tsx'
import { t as words } from '../../../words/events.ts'
import { t } from '../../../words/overview.ts'

/** What comes by the minute is left out of the few lines there are. */
const READ = 120
const SHOWN = 12

export function Changes() {
  const project = useProject()
  const types = useQuery({
    queryKey: ['event-types'],
    queryFn: get('/v1/events/types'),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const titles = new Map((types.data?.types ?? []).map(({ type, title }) => [type, title]))
  const query = useQuery({
    queryKey: ['events', project, 'latest'],
    queryFn: ({ signal }) =>
      send<{ readonly events: readonly ServerEvent[] }>(
        { method: 'GET', path: `/v1/projects/${encodeURIComponent(project)}/events?newest=true&limit=${READ}` },
        signal,
      ),
  })
  const said = (query.data?.events ?? []).map(event => ({ event, said: sayEvent(event, titles) }))
  const shown = said.filter(({ said: { weight } }) => weight !== 'noise').slice(0, SHOWN)
  const names = useHostNames(shown.flatMap(({ said: { host } }) => host ?? []))
  return (
    <Card withBorder component="section" aria-labelledby="changes">
      <Title order={2} size="h5" id="changes">
        {t.changes}
      </Title>
      <QueryView query={query}>
        {() =>
          shown.length === 0 ? (
            <Text c="dimmed" mt="xs">
              {t.noChanges}
            </Text>
          ) : (
            <ol className="mu-list">
              {shown.map(({ event, said: { host, what, by, reason, weight } }) => (
                <li key={event.id} className="mu-change">
                  <LiveAge at={event.at} />
                  <span className="mu-change-text">
                    {host !== undefined && (
                      <>
                        <Anchor component={Go} to={`/hosts/${host}`}>
                          {names.get(host) ?? host}
                        </Anchor>{' '}
                      </>
                    )}
                    <span className={weight === 'trouble' ? 'mu-failing' : undefined}>{what}</span>
                    {by !== undefined && (
                      <Text span c="dimmed">
                        {' '}
                        {words.by(by)}
                      </Text>
                    )}
                    {reason !== undefined && (
                      <Text span c="dimmed">
                        {' '}
                        {words.because(reason)}
                      </Text>
                    )}
                  </span>
                </li>
              ))}
            </ol>
          )
        }
      </QueryView>
    </Card>
  )
}
