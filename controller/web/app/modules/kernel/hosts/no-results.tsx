// SPDX-License-Identifier: Apache-2.0
/** Nothing to show: because nothing fits, and then which word left out most; or because there is nothing yet. */
import { Button, Group, Stack, Text } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { SearchX, Server } from 'lucide-react'
import { cutWords } from '../../../../../query/words-cut.ts'
import { Literal } from '../../../kit/literal.tsx'
import { EmptyState } from '../../../kit/states.tsx'
import { t } from '../../../words/hosts.ts'
import { AddHost } from './add-host.tsx'
import type { Question } from './question.ts'
import { filterOfSearch, readRows, readSearch } from './rows.ts'
import { withoutWord } from './tokens.ts'

export function NoHosts() {
  return (
    <EmptyState icon={Server} title={t.empty.title} action={<AddHost />}>
      {t.empty.what}
    </EmptyState>
  )
}

const MOST = 10

export function NoResults({ question }: { readonly question: Question }) {
  const { text, setText, asking } = question
  const words = cutWords(text).slice(0, MOST)
  const counts = useQueries({
    queries: words.map(word => {
      const filter = filterOfSearch(readSearch(withoutWord(text, word)))
      return {
        queryKey: ['hosts', asking.project, 'without', filter],
        queryFn: ({ signal }: { signal: AbortSignal }) =>
          readRows({ ...asking, filter, fields: 'name' }, { offset: 0, limit: 1, signal }),
      }
    }),
  })
  const found = words
    .map((word, at) => ({ word, total: counts[at]?.data?.total ?? 0 }))
    .filter(({ total }) => total > 0)
    .sort((one, other) => other.total - one.total)
  const isKnown = counts.every(({ isPending }) => !isPending)
  return (
    <EmptyState
      icon={SearchX}
      title={t.nothing.title}
      action={
        <Button variant="default" size="sm" onClick={() => setText('', { replace: false })}>
          {t.nothing.clear}
        </Button>
      }
    >
      {isKnown && found.length === 0 && t.nothing.noneAtAll}
      {found.length > 0 && (
        <Stack component="span" gap="xs" align="center">
          <span>{t.nothing.all}</span>
          {found.map(({ word, total }) => (
            <Group component="span" key={`${word.at} ${word.text}`} gap="xs" justify="center">
              <code>
                <Literal text={word.text} max={60} />
              </code>
              <Text component="span" size="sm" fw={600}>
                {t.nothing.without(total)}
              </Text>
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => setText(withoutWord(text, word), { replace: false })}
              >
                {t.nothing.remove(word.text)}
              </Button>
            </Group>
          ))}
        </Stack>
      )}
    </EmptyState>
  )
}
