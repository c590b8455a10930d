// SPDX-License-Identifier: Apache-2.0
/** What is signed in as oneself, and ending it. */
import { Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ActButton } from '../../../acts/act-button.tsx'
import { type AnswerOf, get } from '../../../api/call.ts'
import { LiveAge } from '../../../kit/live-age.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { t } from '../../../words/me.ts'
import { endSessions } from './acts.ts'
import { agentName } from './browser-name.ts'
import { Section } from './section.tsx'
import './me.css'

type Session = AnswerOf<'/v1/access/sessions', 'GET'>['sessions'][number]

/** Sessions tell of nothing by events. */
const AGAIN_MS = 30_000

export function Sessions() {
  const query = useQuery({
    queryKey: ['sessions', 'own'],
    queryFn: get('/v1/access/sessions', { query: {} }),
    refetchInterval: AGAIN_MS,
  })
  const others = (query.data?.sessions ?? []).filter(({ current }) => !current)
  return (
    <Section
      title={t.sessions.title}
      about={t.sessions.about}
      actions={
        others.length > 0 && (
          <ActButton
            act={endSessions}
            input={{ ids: others.map(({ id }) => id) }}
            title={t.sessions.endOthers(others.length)}
            done={t.sessions.ended}
            refresh={['sessions']}
            button={{ size: 'xs' }}
          >
            <Text size="sm">{t.sessions.endOthersAbout}</Text>
          </ActButton>
        )
      }
    >
      <QueryView query={query}>
        {({ sessions }) => (
          <ul className="mu-own-list">
            {[...sessions]
              .sort((a, b) => Number(b.current) - Number(a.current) || Date.parse(b.usedAt) - Date.parse(a.usedAt))
              .map(session => (
                <Line key={session.id} session={session} />
              ))}
          </ul>
        )}
      </QueryView>
    </Section>
  )
}

function Line({ session }: { readonly session: Session }) {
  const { id, agent, method, address, createdAt, usedAt, current } = session
  const name = nameOf(agent)
  return (
    <li data-session={id}>
      <div className="mu-own-text">
        <Group gap="xs">
          <Text size="sm" fw={600} title={agent}>
            {name}
          </Text>
          {current && <Badge hue="ok">{t.sessions.this}</Badge>}
        </Group>
        <Text size="sm" c="dimmed">
          {t.sessions.method[method] ?? method}, {t.sessions.from(address)}
        </Text>
        <Text size="sm" c="dimmed">
          {t.sessions.began} <LiveAge at={createdAt} ago />, {t.sessions.used} <LiveAge at={usedAt} ago />
        </Text>
      </div>
      {!current && (
        <ActButton
          act={endSessions}
          input={{ ids: [id] }}
          title={t.sessions.endTitle}
          label={t.sessions.end}
          verb={t.sessions.end}
          done={t.sessions.ended}
          refresh={['sessions']}
          button={{ size: 'xs' }}
        >
          <Text size="sm">{t.sessions.endAbout(name)}</Text>
        </ActButton>
      )}
    </li>
  )
}

function nameOf(agent: string): string {
  const known = agentName(agent)
  if (known === undefined) return t.sessions.unknown
  return known.system === undefined ? known.browser : t.sessions.on(known.browser, known.system)
}
