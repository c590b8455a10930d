// SPDX-License-Identifier: Apache-2.0
/** The hosts that fit, counted by a member: each group is a filter. */
import { Text, UnstyledButton } from '@mantine/core'
import { Literal } from '../../../kit/literal.tsx'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { number } from '../../../words/catalogue.ts'
import { t } from '../../../words/hosts.ts'
import type { Question } from './question.ts'
import { hasWord, memberOf, tokenOf } from './tokens.ts'
import { useValues } from './values.ts'

const MOST = 60

/** The words of a key of the search; a label has those it was given. */
export function groupTitle(key: string): string {
  const known: Readonly<Record<string, string>> = {
    site: t.group.site,
    model: t.group.model,
    agent: t.group.agent,
    os: t.group.os,
  }
  return known[key] ?? key
}

export function GroupBar({ question: { asking, group, text, pick } }: { readonly question: Question }) {
  const { data, error, refetch } = useValues({
    members: [memberOf(group)],
    filter: asking.filter,
    limit: MOST,
    enabled: group !== '',
  })
  if (group === '') return null
  if (error !== null) return <ProblemCard problem={error} onRetry={() => void refetch()} compact />
  const found = data?.[0]
  return (
    <section className="mu-groups" aria-label={t.group.by(groupTitle(group))}>
      <Text size="xs" c="dimmed">
        {t.group.by(groupTitle(group))}
      </Text>
      {found?.values.map(({ value, count }) => {
        const token = tokenOf(group, value)
        return (
          <UnstyledButton
            key={value}
            className="mu-group"
            aria-pressed={hasWord(text, token)}
            onClick={() => pick(token)}
          >
            <Literal text={value} max={40} /> <strong>{number(count)}</strong>
          </UnstyledButton>
        )
      })}
      {found !== undefined && found.absent > 0 && (
        <UnstyledButton
          className="mu-group"
          aria-pressed={hasWord(text, `-${group}:*`)}
          onClick={() => pick(`-${group}:*`)}
        >
          <em>{t.group.absent}</em> <strong>{number(found.absent)}</strong>
        </UnstyledButton>
      )}
      {found?.more === true && (
        <Text size="xs" c="dimmed">
          {t.group.more}
        </Text>
      )}
    </section>
  )
}
