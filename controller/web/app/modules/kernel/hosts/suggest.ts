// SPDX-License-Identifier: Apache-2.0
/** What could stand at the cursor of a search: keys, then their real values with the number of hosts that have them. */
import { useDebouncedValue } from '@mantine/hooks'
import type { Word } from '../../../../../query/words-cut.ts'
import { KEYS } from '../../../../../query/words-keys.ts'
import type { Suggestion } from '../../../kit/token-search.tsx'
import { t } from '../../../words/hosts.ts'
import { filterOfSearch, readSearch } from './rows.ts'
import { memberOf, tokenOf, withoutWord, wordAt } from './tokens.ts'
import { type MemberValues, useValues } from './values.ts'

const MOST = 12
const PAUSE_MS = 120

/** Suggestions for the word at a place. */
export function useSuggestions(
  text: string,
  caret: number,
): { readonly word: Word; readonly suggestions: readonly Suggestion[] } {
  const word = wordAt(text, caret)
  const [asked] = useDebouncedValue(word.value, PAUSE_MS)
  const { key } = word
  const others = filterOfSearch(readSearch(withoutWord(text, word)))
  const found = useValues({
    members: [key === undefined ? 'metadata' : memberOf(key)],
    filter: others,
    // The values of these are words of ours, which the controller does not know.
    containing: key !== undefined && KEYS[key]?.values !== undefined ? '' : asked.replace(/^[<>]=?|\*$/g, ''),
    enabled: key !== 'online',
  })
  const values = found.data?.[0]
  return { word, suggestions: key === undefined ? keySuggestions(word, values) : valueSuggestions(word, key, values) }
}

/** Keys that begin like the word; those of labels with the number of hosts that have them. */
export function keySuggestions(word: Word, labels: MemberValues | undefined): readonly Suggestion[] {
  const begun = word.value.toLowerCase()
  if (word.quoted) return []
  const dash = word.excluded ? '-' : ''
  const own = [...Object.keys(KEYS), 'online'].map(key => ({
    text: `${dash}${key}:`,
    hint: (t.keys as Readonly<Record<string, string>>)[key] ?? '', // every key has its words
    goesOn: true,
  }))
  const those = (labels?.values ?? [])
    .filter(({ value }) => !Object.hasOwn(KEYS, value) && value !== 'online')
    .map(({ value, count }) => ({ text: `${dash}${value}:`, hint: t.keys.ofLabel, count, goesOn: true }))
  return [...own, ...those].filter(({ text }) => text.startsWith(`${dash}${begun}`)).slice(0, MOST)
}

export function valueSuggestions(word: Word, key: string, found: MemberValues | undefined): readonly Suggestion[] {
  const begun = word.value.toLowerCase()
  if (key === 'online')
    return ['true', 'false']
      .filter(value => value.startsWith(begun))
      .map(value => ({ text: tokenOf(key, value, word.excluded) }))
  const counts = new Map((found?.values ?? []).map(({ value, count }) => [tokenOf(key, value, word.excluded), count]))
  // All words there are, those that fit no host too: who looks for failures wants to read 0.
  for (const [spoken, kept] of Object.entries(KEYS[key]?.values ?? {})) {
    const token = tokenOf(key, kept, word.excluded)
    if (!counts.has(token) && token.endsWith(`:${spoken}`)) counts.set(token, 0)
  }
  return [...counts]
    .filter(([token]) => KEYS[key]?.values === undefined || token.includes(`:${begun}`))
    .slice(0, MOST)
    .map(([token, count]) => ({ text: token, count }))
}
