// SPDX-License-Identifier: Apache-2.0
/** Sessions of one person, and ending them. */
import { Stack, Text } from '@mantine/core'
import { ActButton } from '../../acts/act-button.tsx'
import { LiveAge } from '../../kit/live-age.tsx'
import { t as words } from '../../words/access.ts'
import { endSessions } from './acts.ts'
import type { Session } from './queries.ts'

const t = words.sessions

export function SessionLines({ sessions }: { readonly sessions: readonly Session[] }) {
  return (
    <Stack gap={4}>
      {sessions.map(({ id, address, agent, usedAt }) => (
        <Text key={id} size="sm" className="mu-wrap">
          {address} · {browserOf(agent)} · {t.column.used} <LiveAge at={usedAt} ago />
        </Text>
      ))}
    </Stack>
  )
}

type EndProps = { readonly sessions: readonly Session[]; readonly onDone?: () => void }

export function EndSessions({ sessions, onDone }: EndProps) {
  return (
    <ActButton
      act={endSessions}
      input={{ ids: sessions.map(({ id }) => id) }}
      title={t.endTitle(sessions.length)}
      label={t.end(sessions.length)}
      verb={t.end(sessions.length)}
      done={t.ended(sessions.length)}
      refresh={['sessions']}
      button={{ size: 'xs' }}
      {...(onDone === undefined ? {} : { onDone })}
    >
      <Text>{t.endWhat}</Text>
    </ActButton>
  )
}

/** What a browser says of itself, without its ancestry. */
export function browserOf(agent: string): string {
  const known = /(Edg|Firefox|Chrome|Safari|muster|curl)\/([\d.]+)/.exec(agent.replace(/HeadlessChrome/, 'Chrome'))
  if (known === null) return agent.slice(0, 60)
  const system = /\((?:X11; )?([^;)]+)/.exec(agent)?.[1]
  const name = known[1] === 'Edg' ? 'Edge' : known[1]
  return `${name} ${known[2]?.split('.')[0]}${system === undefined ? '' : `, ${system}`}`
}
