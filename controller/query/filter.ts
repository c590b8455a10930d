// SPDX-License-Identifier: Apache-2.0
/** Reads the filter language: AIP-160's grammar as clients of EIM write it. */
import { lex, type Token } from './lex.ts'
import { refuse } from './problems.ts'
import type { Filter, Literal } from './query.ts'

export const MAX_FILTER_LENGTH = 2_048
export const MAX_FILTER_DEPTH = 32
export const MAX_RESTRICTIONS = 200
const MAX_LEVELS = 5

/**
 * Reads a filter; an empty text is none. Restrictions side by side are joined by AND, and OR binds tighter than AND
 * (AIP-160). Names in snake_case are turned into camelCase; under `metadata` everything is the key of a label.
 * Takes time in proportion to the text. Throws `filter-invalid` with the token, its column and what was expected.
 */
export function parseFilter(text: string): Filter | undefined {
  if (text.length > MAX_FILTER_LENGTH) {
    const at = MAX_FILTER_LENGTH
    throw refuse('filter-invalid', { at, token: text.slice(at), expected: `at most ${at} characters` })
  }
  const flaw = text.isWellFormed() ? text.indexOf('\0') : 0
  if (flaw >= 0) throw refuse('filter-invalid', { at: flaw, token: '\\0', expected: 'readable text' })
  const parser = new Parser(lex(text))
  return parser.read()
}

const BEGINNING = 'a member, a word, NOT, - or ('
const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'not'])

/** Recursive descent over tokens, one at a time, never going back. */
class Parser {
  readonly #tokens: readonly Token[]
  #next = 0
  #restrictions = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  read(): Filter | undefined {
    if (this.#peek().kind === 'end') return undefined
    const filter = this.#expression(0)
    const rest = this.#peek()
    if (rest.kind !== 'end') throw this.#unexpected(rest, 'AND, OR, another restriction or the end')
    return filter
  }

  /** `factor {[AND] factor}` */
  #expression(depth: number): Filter {
    const { at } = this.#peek()
    const parts = [this.#factor(depth)]
    for (;;) {
      if (this.#takeKeyword('and')) parts.push(this.#factor(depth))
      else if (this.#startsTerm()) parts.push(this.#factor(depth))
      else return joined('and', parts, at)
    }
  }

  /** `term {OR term}` */
  #factor(depth: number): Filter {
    const { at } = this.#peek()
    const parts = [this.#term(depth)]
    while (this.#takeKeyword('or')) parts.push(this.#term(depth))
    return joined('or', parts, at)
  }

  /** `[NOT | -] (bracketed | restriction)` */
  #term(depth: number): Filter {
    const token = this.#peek()
    if (depth > MAX_FILTER_DEPTH)
      throw this.#unexpected(token, `at most ${MAX_FILTER_DEPTH} levels of brackets and NOT`)
    if (token.kind === 'minus' || isKeyword(token, 'not')) {
      this.#next++
      return { kind: 'not', part: this.#term(depth + 1), at: token.at }
    }
    if (token.kind !== 'open') return this.#restriction()
    this.#next++
    const inner = this.#expression(depth + 1)
    const close = this.#take()
    if (close.kind !== 'close') throw this.#unexpected(close, 'AND, OR, another restriction or )')
    return inner
  }

  #restriction(): Filter {
    const token = this.#take()
    const { at } = token
    if (token.kind !== 'word' && token.kind !== 'string') throw this.#unexpected(token, BEGINNING)
    if (isAnyKeyword(token) || isOnlySigns(token))
      throw this.#unexpected(token, `${BEGINNING}; quote the word to look for it`)
    if (++this.#restrictions > MAX_RESTRICTIONS)
      throw this.#unexpected(token, `at most ${MAX_RESTRICTIONS} restrictions`)
    const next = this.#peek()
    if (token.kind === 'string') return { kind: 'text', value: literalOf(token), at }
    if (next.kind === 'comparator') {
      this.#next++
      return { kind: 'compare', field: pathOf(token), operator: next.comparator, value: this.#value(), at }
    }
    if (next.kind !== 'open' || next.at !== token.end) return { kind: 'text', value: literalOf(token), at }
    return this.#call(token)
  }

  /** `has(member)` */
  #call(name: Token): Filter {
    if (name.text.toLowerCase() !== 'has') throw this.#unexpected(name, 'the only function there is: has(member)')
    this.#next++
    const member = this.#take()
    if (member.kind !== 'word') throw this.#unexpected(member, 'a member')
    const close = this.#take()
    if (close.kind !== 'close') throw this.#unexpected(close, ')')
    return { kind: 'has', field: pathOf(member), at: name.at }
  }

  #value(): Literal {
    const token = this.#take()
    if ((token.kind !== 'word' && token.kind !== 'string') || isAnyKeyword(token))
      throw this.#unexpected(token, 'a value; quote it if it holds spaces or words such as AND')
    return literalOf(token)
  }

  #startsTerm(): boolean {
    const token = this.#peek()
    if (token.kind === 'word') return !isKeyword(token, 'or')
    return token.kind === 'string' || token.kind === 'open' || token.kind === 'minus'
  }

  #takeKeyword(word: string): boolean {
    if (!isKeyword(this.#peek(), word)) return false
    this.#next++
    return true
  }

  /** The last token is `end`, and it is never passed. */
  #peek(): Token {
    return this.#tokens[this.#next] ?? END
  }

  #take(): Token {
    const token = this.#peek()
    this.#next++
    return token
  }

  #unexpected(token: Token, expected: string): Error {
    return refuse('filter-invalid', { at: token.at, token: token.text, expected })
  }
}

const END: Token = { kind: 'end', at: 0, end: 0, text: '' }

function joined(kind: 'and' | 'or', parts: readonly Filter[], at: number): Filter {
  const [only] = parts
  return only !== undefined && parts.length === 1 ? only : { kind, parts, at }
}

function isKeyword(token: Token, word: string): boolean {
  return token.kind === 'word' && token.text.toLowerCase() === word
}

/** Such as `~` or `&&`: operators of other languages, which would be looked for as words and find nothing. */
function isOnlySigns({ kind, text }: Token): boolean {
  return kind === 'word' && !/[\p{L}\p{N}\p{M}*_]/u.test(text)
}

function isAnyKeyword(token: Token): boolean {
  return token.kind === 'word' && KEYWORDS.has(token.text.toLowerCase())
}

function literalOf({ text, at, kind }: Token): Literal {
  return { text, quoted: kind === 'string', at }
}

function pathOf({ text, at }: Token): readonly string[] {
  const path = text.split('.')
  if (path.includes('')) throw refuse('filter-invalid', { at, token: text, expected: 'names between the dots' })
  // The keys of labels hold dots themselves.
  if (path[0] === 'metadata') return path.length === 1 ? path : ['metadata', path.slice(1).join('.')]
  if (path.length > MAX_LEVELS)
    throw refuse('filter-invalid', { at, token: text, expected: `at most ${MAX_LEVELS} levels of members` })
  return path.map(memberName)
}

/** A member's name as the API writes it: `host_status` is `hostStatus`. */
export function memberName(name: string): string {
  return name.replace(/_+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
