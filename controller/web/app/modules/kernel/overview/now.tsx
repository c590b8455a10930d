// SPDX-License-Identifier: Apache-2.0
/** What is under way: commands that wait for their hosts or are with them. */
import { Anchor, Card, Text, Title } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { get } from '../../../api/call.ts'
import { useHostNames } from '../../../kit/host-names.ts'
import { LiveAge } from '../../../kit/live-age.tsx'
import { Loading } from '../../../kit/states.tsx'
import { Go, useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/overview.ts'

const STATES = ['sent', 'queued'] as const
const MOST = 6

export function Now() {
  const project = useProject()
  const results = useQueries({
    queries: STATES.map(state => ({
      queryKey: ['commands', project, state, MOST],
      queryFn: get('/v1/projects/{project}/commands', { path: { project }, query: { state, limit: MOST } }),
    })),
  })
  const commands = results.flatMap(({ data }) => data?.commands ?? []).slice(0, MOST)
  const names = useHostNames(commands.map(({ host }) => host))
  return (
    <Card withBorder component="section" aria-labelledby="now">
      <Title order={2} size="h5" id="now">
        {t.now}
      </Title>
      {results.some(({ isPending }) => isPending) && <Loading lines={2} />}
      {commands.length === 0 && !results.some(({ isPending }) => isPending) && (
        <Text c="dimmed" mt="xs">
          {t.quiet}
        </Text>
      )}
      <ul className="mu-list">
        {commands.map(({ id, section, name, host, state, createdAt }) => (
          <li key={id} className="mu-change">
            <LiveAge at={createdAt} />
            <span className="mu-change-text">
              <Anchor component={Go} to={`/hosts/${host}?tab=commands`}>
                {t.command(`${section}.${name}`, names.get(host) ?? host)}
              </Anchor>{' '}
              <Text span c="dimmed">
                {t.commandState[state === 'sent' ? 'sent' : 'queued']}
              </Text>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
