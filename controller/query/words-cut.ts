// SPDX-License-Identifier: Apache-2.0
/** Cuts a search into its words: `site:berlin -lab "press 4" owner:"team a"`. Pure, and light enough for the browser. */

export type Word = {
  /** Where it begins and ends in the text, counted from 0. */
  readonly at: number
  readonly end: number
  /** As it was written. */
  readonly text: string
  /** It had a dash in front. */
  readonly excluded: boolean
  /** What stands before the colon; none for a bare word. */
  readonly key?: string
  readonly value: string
  /** The value stood in quotes, and is taken as it is. */
  readonly quoted: boolean
}

/** What cannot be read or answered, with its place. */
export class WordsProblem extends Error {
  override readonly name = 'WordsProblem'
  readonly word: Pick<Word, 'at' | 'text'>
  readonly expected: string

  constructor(word: Pick<Word, 'at' | 'text'>, expected: string) {
    super(`column ${word.at + 1}: ${word.text.slice(0, 60)}: expected ${expected}`)
    this.word = word
    this.expected = expected
  }
}

const SPACE = /\s/

/** A quote that is never closed is a letter like any other: people are seen while they type. */
export function cutWords(text: string): readonly Word[] {
  const words: Word[] = []
  let at = 0
  while (at < text.length) {
    if (SPACE.test(text[at] ?? '')) {
      at++
      continue
    }
    const word = wordAt(text, at)
    words.push(word)
    at = word.end
  }
  return words
}

function wordAt(text: string, at: number): Word {
  const excluded = text[at] === '-'
  const begin = excluded ? at + 1 : at
  const bare = quotedAt(text, begin)
  if (bare !== undefined) return wordOf(text, { at, end: bare.end, excluded, value: bare.value, quoted: true })
  const [, key] = /^([^\s:"]+):/.exec(text.slice(begin, begin + MAX_KEY)) ?? []
  const from = key === undefined ? begin : begin + key.length + 1
  const held = key === undefined ? undefined : quotedAt(text, from)
  if (held !== undefined)
    return { ...wordOf(text, { at, end: held.end, excluded, value: held.value, quoted: true }), ...keyed(key) }
  let end = from
  while (end < text.length && !SPACE.test(text[end] ?? '')) end++
  return { ...wordOf(text, { at, end, excluded, value: text.slice(from, end), quoted: false }), ...keyed(key) }
}

const MAX_KEY = 300

function keyed(key: string | undefined): { readonly key?: string } {
  return key === undefined ? {} : { key }
}

function wordOf(text: string, word: Omit<Word, 'text' | 'key'>): Word {
  return { ...word, text: text.slice(word.at, word.end) }
}

/** A quoted text that ends where a word may end; a backslash takes the next character as it is. */
function quotedAt(text: string, at: number): { readonly value: string; readonly end: number } | undefined {
  if (text[at] !== '"') return undefined
  let value = ''
  for (let next = at + 1; next < text.length; next++) {
    const char = text[next] ?? ''
    if (char === '"')
      return next + 1 === text.length || SPACE.test(text[next + 1] ?? '') ? { value, end: next + 1 } : undefined
    if (char === '\\' && next + 1 < text.length) value += text[++next] ?? ''
    else value += char
  }
  return undefined
}
