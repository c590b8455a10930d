// SPDX-License-Identifier: Apache-2.0
/** Reads an order (AIP-132): members separated by commas, each with `asc` or `desc`. */
import { memberName } from './filter.ts'
import { refuse } from './problems.ts'
import type { OrderBy } from './query.ts'

const MAX_LENGTH = 1_000
const MAX_MEMBERS = 8
const PART = /^(\s*)(\S+)(?:\s+(\S+))?\s*$/

/**
 * Reads an order; an empty text is none. Names in snake_case are turned into camelCase.
 * Throws `order-invalid` with the token, its column and what was expected.
 */
export function parseOrder(text: string): OrderBy {
  if (text.length > MAX_LENGTH)
    throw refuse('order-invalid', {
      at: MAX_LENGTH,
      token: text.slice(MAX_LENGTH),
      expected: `at most ${MAX_LENGTH} characters`,
    })
  if (text.trim() === '') return []
  let at = 0
  const order = text.split(',').map(part => {
    const read = partAt(part, at)
    at += part.length + 1
    return read
  })
  const extra = order[MAX_MEMBERS]
  if (extra !== undefined)
    throw refuse('order-invalid', { at: extra.at, token: extra.field, expected: `at most ${MAX_MEMBERS} members` })
  const twin = order.find(({ field }, index) => order.findIndex(other => other.field === field) !== index)
  if (twin !== undefined)
    throw refuse('order-invalid', { at: twin.at, token: twin.field, expected: 'each member only once' })
  return order
}

function partAt(part: string, at: number): OrderBy[number] {
  const match = PART.exec(part)
  const [, space = '', name = '', direction = 'asc'] = match ?? []
  if (match === null) throw refuse('order-invalid', { at, token: part.trim(), expected: 'a member, and asc or desc' })
  const word = direction.toLowerCase()
  if (word !== 'asc' && word !== 'desc') {
    const from = at + part.indexOf(direction, space.length + name.length)
    throw refuse('order-invalid', { at: from, token: direction, expected: 'asc or desc' })
  }
  return { field: name.split('.').map(memberName).join('.'), descending: word === 'desc', at: at + space.length }
}
