// SPDX-License-Identifier: Apache-2.0
/** One's own API tokens. */
import { Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ActButton } from '../../../acts/act-button.tsx'
import { get } from '../../../api/call.ts'
import { absolute, spoken } from '../../../kit/age.ts'
import { LiveAge } from '../../../kit/live-age.tsx'
import { useNow } from '../../../kit/now.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { useMe } from '../../../shell/session.tsx'
import { t } from '../../../words/me.ts'
import { revokeTokens } from '../access/acts.ts'
import { NewTokenButton } from '../access/token-form.tsx'
import { isExpired, type Token } from '../access/tokens.ts'
import { Section } from './section.tsx'
import './me.css'

export function OwnTokens() {
  const me = useMe()
  const query = useQuery({ queryKey: ['tokens'], queryFn: get('/v1/access/tokens') })
  return (
    <Section title={t.tokens.title} about={t.tokens.about} actions={<NewTokenButton />}>
      <QueryView query={query}>
        {({ tokens }) => <List tokens={tokens.filter(({ principal }) => principal === me.id)} />}
      </QueryView>
    </Section>
  )
}

function List({ tokens }: { readonly tokens: readonly Token[] }) {
  if (tokens.length === 0) return <Text size="sm">{t.tokens.none}</Text>
  return (
    <ul className="mu-own-list">
      {tokens.map(token => (
        <Line key={token.id} token={token} />
      ))}
    </ul>
  )
}

function Line({ token }: { readonly token: Token }) {
  const { id, name, role, project, expiresAt, lastUsedAt } = token
  const now = useNow()
  const expired = isExpired(token, now)
  const may = role === 'custom' ? t.tokens.own : t.tokens.may(role)
  return (
    <li data-token={id}>
      <div className="mu-own-text">
        <Text size="sm" fw={600}>
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          {project === undefined ? may : `${may} ${t.tokens.in(project)}`}
        </Text>
        <Text size="sm" c="dimmed">
          <time dateTime={expiresAt} title={absolute(expiresAt)}>
            {expired ? t.tokens.ended : `${t.tokens.ends} ${t.tokens.inTime(spoken(Date.parse(expiresAt) - now))}`}
          </time>
          ,{' '}
          {lastUsedAt === undefined ? (
            t.tokens.never
          ) : (
            <>
              {t.tokens.used} <LiveAge at={lastUsedAt} ago />
            </>
          )}
        </Text>
      </div>
      <Group gap="xs">
        <ActButton
          act={revokeTokens}
          input={{ ids: [id] }}
          title={t.tokens.revokeTitle(name)}
          label={t.tokens.revoke}
          verb={t.tokens.revoke}
          done={t.tokens.revoked}
          refresh={['tokens']}
          button={{ size: 'xs' }}
        >
          <Text size="sm">{t.tokens.revokeAbout}</Text>
        </ActButton>
      </Group>
    </li>
  )
}
