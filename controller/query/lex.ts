// SPDX-License-Identifier: Apache-2.0
/** Cuts the text of a filter into tokens (AIP-160). */
import { refuse } from './problems.ts'
import type { Comparator } from './query.ts'

/** `at` and `end` are 0-based positions in the text. */
export type Token = { readonly at: number; readonly end: number; readonly text: string } & (
  | { readonly kind: 'word' | 'string' | 'open' | 'close' | 'minus' | 'end' }
  | { readonly kind: 'comparator'; readonly comparator: Comparator }
)

const SPACE = /[ \t\r\n]+/y
const COMPARATOR = /!=|<=|>=|[=<>:]/y
/** Names and bare words: everything but what has a meaning of its own. */
const WORD = /[^\s()'"=!<>:,;\p{Cc}]+/uy
/** Behind a comparator colons belong to the value, as in times and hardware addresses. */
const VALUE = /[^\s()'"=!<>,;\p{Cc}]+/uy

/**
 * Cuts a text into tokens, the last of which is `end`.
 * Throws `filter-invalid` for characters that begin nothing and for quotes that are not closed.
 */
export function lex(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const space = sticky(SPACE, text, at)
    if (space !== undefined) {
      at += space.length
      continue
    }
    const token = tokenAt(text, at, tokens.at(-1)?.kind === 'comparator')
    tokens.push(token)
    at = token.end
  }
  tokens.push({ kind: 'end', at: text.length, end: text.length, text: '' })
  return tokens
}

function tokenAt(text: string, at: number, afterComparator: boolean): Token {
  const first = text[at] ?? ''
  if (first === '(') return { kind: 'open', at, end: at + 1, text: first }
  if (first === ')') return { kind: 'close', at, end: at + 1, text: first }
  if (first === '"' || first === "'") return stringAt(text, at, first)
  if (first === '-' && !afterComparator) return { kind: 'minus', at, end: at + 1, text: first }
  const word = sticky(afterComparator ? VALUE : WORD, text, at)
  if (word !== undefined) return { kind: 'word', at, end: at + word.length, text: word }
  const comparator = sticky(COMPARATOR, text, at)
  if (comparator === undefined) throw refuse('filter-invalid', { at, token: first, expected: BEGINNINGS })
  // The pattern matches comparators only.
  return { kind: 'comparator', at, end: at + comparator.length, text: comparator, comparator: comparator as Comparator }
}

const BEGINNINGS = 'a member, a word, a quoted text, a comparator (= != < <= > >= :) or a bracket'

/** A quoted text; a backslash takes the next character as it is. */
function stringAt(text: string, at: number, quote: string): Token {
  let value = ''
  for (let next = at + 1; next < text.length; next++) {
    const char = text[next] ?? ''
    if (char === quote) return { kind: 'string', at, end: next + 1, text: value }
    if (char === '\\' && next + 1 < text.length) {
      next++
      value += text[next] ?? ''
      continue
    }
    value += char
  }
  throw refuse('filter-invalid', { at, token: text.slice(at), expected: `a closing ${quote}` })
}

function sticky(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}
