// SPDX-License-Identifier: Apache-2.0
/** Changes a search word by word: adds, replaces and removes; and what may stand at a place. Pure. */

import { spellWord } from '../../../../../query/words.ts'
import { cutWords, type Word } from '../../../../../query/words-cut.ts'
import { KEYS } from '../../../../../query/words-keys.ts'

/** The word a place in the text is in or at the end of; an empty one where none is. */
export function wordAt(text: string, caret: number): Word {
  const found = cutWords(text).find(({ at, end }) => at <= caret && caret <= end)
  return found ?? { at: caret, end: caret, text: '', excluded: false, value: '', quoted: false }
}

/** The text without what stands at a place. */
export function withoutWord(text: string, { at, end }: { readonly at: number; readonly end: number }): string {
  return `${text.slice(0, at).trimEnd()} ${text.slice(end).trimStart()}`.trim()
}

/** Whether the text has this word. */
export function hasWord(text: string, token: string): boolean {
  return cutWords(text).some(word => word.text === token)
}

/** Adds a word at the end, in place of others of its key; takes it away when it is there. */
export function toggleWord(text: string, token: string): string {
  const [wanted] = cutWords(token)
  const same = cutWords(text).find(word => word.text === token)
  if (same !== undefined) return withoutWord(text, same)
  const others = cutWords(text).filter(
    word => wanted?.key === undefined || word.key !== wanted.key || word.excluded !== wanted.excluded,
  )
  return [...others.map(word => word.text), token].join(' ')
}

/** `site:"hall 2"` for a value as it is; the plain values of known keys in the words people use for them. */
export function tokenOf(key: string, value: string, excluded = false): string {
  return spellWord({ key, value: spokenValue(key, value), excluded })
}

/** `failing` for `STATUS_INDICATION_ERROR`. */
export function spokenValue(key: string, value: string): string {
  const { values = {} } = KEYS[key] ?? {}
  return Object.entries(values).find(([, kept]) => kept === value)?.[0] ?? value
}

/** The member whose values a key is completed with. */
export function memberOf(key: string): string {
  return KEYS[key]?.members[0] ?? `metadata.${key}`
}

/** What can be said of a key: whether it has an order. */
export function operatorsOf(key: string): readonly ('is' | 'is not' | '<' | '<=' | '>' | '>=')[] {
  return KEYS[key]?.type === 'version' ? ['is', 'is not', '<', '<=', '>', '>='] : ['is', 'is not']
}

export function builtToken(key: string, operator: string, value: string): string {
  if (operator === 'is' || operator === 'is not') return tokenOf(key, value, operator === 'is not')
  return `${key}:${operator}${value}`
}
