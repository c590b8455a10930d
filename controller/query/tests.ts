// SPDX-License-Identifier: Apache-2.0
/** What a restriction asks of a member, in the few words that memory and SQL both speak. */
import { formatTime, parseTime } from '../../plugins/contract/index.ts'
import { type Member, memberOf } from './members.ts'
import { refuse } from './problems.ts'
import type { Comparator, Field, Fields, Filter, Literal } from './query.ts'
import { versionSpan } from './version.ts'

/** Asked of each value of the member; one that passes is enough. Absent members have no value. */
export type Test =
  | { readonly is: 'present' }
  /** Folded. */
  | { readonly is: 'contains'; readonly text: string }
  | { readonly is: 'among'; readonly values: readonly (string | number)[] }
  | { readonly is: Bound; readonly value: string | number }
  /** Of labels: with this key; and with this value, unless any will do. */
  | { readonly is: 'label'; readonly key: string; readonly value?: string }
  /** Of labels: with this key, and a value that passes. */
  | { readonly is: 'keyed'; readonly key: string; readonly test: Test }

export type Bound = 'below' | 'upTo' | 'above' | 'from'

/** A restriction, read; `negated` turns the answer round, so that absent members pass `!=`. */
export type Asked<F extends Field = Field> = {
  readonly member: Member<F>
  readonly negated: boolean
  /** All must pass, each by any value. */
  readonly tests: readonly Test[]
}

type Compare = Extract<Filter, { kind: 'compare' }>

const PRESENT: Test = { is: 'present' }

/** Reads a comparison against what is known of its member. Throws `filter-invalid`. */
export function askedBy<F extends Field>(compare: Compare, fields: Fields<F>): Asked<F> {
  const member = memberOf(fields, compare.field, compare)
  const { operator, value } = compare
  if (operator === ':' && value.text === '*' && !value.quoted)
    return { member, negated: false, tests: [presence(member)] }
  if (value.text === '') {
    if (operator !== '=' && operator !== '!=' && operator !== ':')
      throw refuse('filter-invalid', { at: value.at, token: '""', expected: `a value to compare with ${operator}` })
    return { member, negated: operator !== '!=', tests: [presence(member)] }
  }
  const { negated = false, tests } = READERS[member.field.type]({ member, operator, value })
  return { member, negated: negated !== (operator === '!='), tests }
}

/** Reads `has(member)`. Throws `filter-invalid`. */
export function askedByHas<F extends Field>(has: Extract<Filter, { kind: 'has' }>, fields: Fields<F>): Asked<F> {
  const member = memberOf(fields, has.field, has)
  return { member, negated: false, tests: [presence(member)] }
}

function presence({ key }: Member): Test {
  return key === undefined ? PRESENT : { is: 'keyed', key, test: PRESENT }
}

type Reading = { readonly member: Member; readonly operator: Comparator; readonly value: Literal }
type Read = { readonly negated?: boolean; readonly tests: readonly Test[] }

const READERS: Readonly<Record<Field['type'], (reading: Reading) => Read>> = {
  id: ({ operator, value }) => {
    if (operator === ':') return contains(value)
    return { tests: [equalOr(operator, value.text)] }
  },
  text: ({ operator, value }) => {
    if (isEqual(operator)) return contains(value)
    return { tests: [equalOr(operator, fold(value.text))] }
  },
  enum: reading => ({ tests: [{ is: 'among', values: [enumValue(reading)] }] }),
  integer: reading => ({ tests: [equalOr(reading.operator, integer(reading))] }),
  // An absent flag is false, as in the messages EIM's clients were made from.
  boolean: reading => ({ negated: !flag(reading), tests: [{ is: 'among', values: [1] }] }),
  time: reading => ({ tests: between(reading.operator, time(reading)) }),
  version: ({ operator, value }) => {
    const span = versionSpan(value.text)
    if (span !== undefined) return { tests: between(operator, span) }
    if (!isEqual(operator)) throw wrong(value, 'a version such as 2.3 or 2.3.1')
    return { tests: [{ is: 'among', values: [value.text] }] }
  },
  reference: ({ member, value }) => {
    throw wrong(value, `"", *, or a member of it such as ${member.name}.resourceId`)
  },
  labels: readLabels,
}

/** `=`, `:` and, turned round by the caller, `!=`. */
function isEqual(operator: Comparator): boolean {
  return operator === '=' || operator === '!=' || operator === ':'
}

const BOUNDS: Readonly<Partial<Record<Comparator, Bound>>> = { '<': 'below', '<=': 'upTo', '>': 'above', '>=': 'from' }

function equalOr(operator: Comparator, value: string | number): Test {
  const bound = BOUNDS[operator]
  return bound === undefined ? { is: 'among', values: [value] } : { is: bound, value }
}

function contains({ text }: Literal): Read {
  return { tests: [{ is: 'contains', text: fold(text) }] }
}

/** ASCII letters in lower case; other letters keep theirs, as databases without language tables do it. */
export function fold(text: string): string {
  return text.replace(/[A-Z]+/g, letters => letters.toLowerCase())
}

function enumValue({ member, operator, value }: Reading): string {
  const { values = [] } = member.field
  if (!isEqual(operator)) throw wrong(value, `= or != before it, as ${member.name} has no order`)
  const prefix = commonPrefix(values)
  const wanted = value.text.toUpperCase().replace(/[ -]/g, '_')
  const found = values.find(each => each.toUpperCase() === wanted || each.slice(prefix).toUpperCase() === wanted)
  if (found === undefined) throw wrong(value, `one of ${values.map(each => each.slice(prefix)).join(', ')}`)
  return found
}

/** Up to and with the last underscore that all values share. */
function commonPrefix(values: readonly string[]): number {
  const [first = ''] = values
  let length = values.length < 2 ? 0 : first.length
  while (length > 0 && !values.every(each => each.startsWith(first.slice(0, length)))) length--
  return first.lastIndexOf('_', length - 1) + 1
}

function integer({ value }: Reading): number {
  const number = /^-?\d{1,16}$/.test(value.text) ? Number(value.text) : Number.NaN
  if (!Number.isSafeInteger(number)) throw wrong(value, 'a whole number')
  return number
}

function flag({ operator, value }: Reading): boolean {
  if (!isEqual(operator)) throw wrong(value, '= or != before it')
  const word = value.text.toLowerCase()
  if (word === 'true' || word === '1') return true
  if (word === 'false' || word === '0') return false
  throw wrong(value, 'true or false')
}

type Span = { readonly from: string | number; readonly until: string | number }
const LAST_SECOND = 253_402_300_798

/** A second, when it is given as one; else the millisecond. */
function time({ value }: Reading): Span {
  const { text } = value
  const seconds = /^\d{1,12}$/.test(text) ? Number(text) : undefined
  const start = seconds === undefined ? parseTime(text) : seconds * 1_000
  if (start === undefined || start < 0 || start > LAST_SECOND * 1_000)
    throw wrong(value, 'a time such as 2026-01-31T08:00:00Z, or seconds since 1970')
  return { from: formatTime(start), until: formatTime(start + (text.includes('.') ? 1 : 1_000)) }
}

function between(operator: Comparator, { from, until }: Span): readonly Test[] {
  if (operator === '<') return [{ is: 'below', value: from }]
  if (operator === '<=') return [{ is: 'below', value: until }]
  if (operator === '>') return [{ is: 'from', value: until }]
  if (operator === '>=') return [{ is: 'from', value: from }]
  return [
    { is: 'from', value: from },
    { is: 'below', value: until },
  ]
}

function readLabels({ member, operator, value }: Reading): Read {
  const { key } = member
  if (key !== undefined) {
    const test: Test = operator === ':' ? { is: 'contains', text: fold(value.text) } : equalOr(operator, value.text)
    return { tests: [{ is: 'keyed', key, test }] }
  }
  if (!isEqual(operator)) throw wrong(value, '= or != before it')
  if (!/^\s*[[{]/.test(value.text)) return contains(value)
  const labels = labelsIn(value.text)
  if (labels === undefined) throw wrong(value, 'a label such as {"key":"building","value":"b2"}')
  return { tests: labels }
}

function labelsIn(text: string): readonly Test[] | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return undefined
  }
  const items: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed]
  const labels = items.map(labelIn).filter(each => each !== undefined)
  return labels.length === items.length && labels.length > 0 ? labels : undefined
}

function labelIn(item: unknown): Test | undefined {
  if (typeof item !== 'object' || item === null || !('key' in item) || typeof item.key !== 'string') return undefined
  if (!('value' in item)) return { is: 'label', key: item.key }
  return typeof item.value === 'string' ? { is: 'label', key: item.key, value: item.value } : undefined
}

function wrong({ at, text }: Literal, expected: string): Error {
  return refuse('filter-invalid', { at, token: text, expected })
}
