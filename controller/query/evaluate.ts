// SPDX-License-Identifier: Apache-2.0
/** Answers a filter for one resource in memory, with the meaning it has in the database. */
import { formatTime, parseTime } from '../../plugins/contract/index.ts'
import type { Field, Fields, FieldType, Filter } from './query.ts'
import { type Asked, askedBy, askedByHas, type Bound, fold, type Test } from './tests.ts'
import { versionNumber } from './version.ts'

/** A resource as the API shows it. */
export type Item = Readonly<Record<string, unknown>>

/** Whether a resource fits. Throws `filter-invalid` for what the members do not allow. */
export function matches(filter: Filter | undefined, item: Item, fields: Fields): boolean {
  if (filter === undefined) return true
  switch (filter.kind) {
    case 'and':
      return filter.parts.every(part => matches(part, item, fields))
    case 'or':
      return filter.parts.some(part => matches(part, item, fields))
    case 'not':
      return !matches(filter.part, item, fields)
    case 'compare':
      return answers(askedBy(filter, fields), item)
    case 'has':
      return answers(askedByHas(filter, fields), item)
    case 'text':
      return searched(item, fields, fold(filter.value.text))
  }
}

function searched(item: Item, fields: Fields, text: string): boolean {
  return Object.entries(fields).some(
    ([name, field]) => field.searched === true && valuesAt(item, name, field).some(each => contains(each, text)),
  )
}

function answers({ member, negated, tests }: Asked, item: Item): boolean {
  const root = member.key === undefined ? member.name : member.name.slice(0, member.name.indexOf('.'))
  const values = valuesAt(item, root, member.field)
  return tests.every(test => values.some(value => passes(value, test, member.field.type))) !== negated
}

/** All values of a member, those within lists too. */
function valuesAt(item: Item, name: string, { type }: Field): readonly unknown[] {
  let found: readonly unknown[] = []
  for (const path of pathsOf(name)) if (found.length === 0) found = reach([item], path)
  return type === 'boolean' || type === 'integer' ? found : found.filter(each => each !== '')
}

/** `createdAt` stands under `timestamps`, and `siteId` may be shown as the id of `site` only. */
function pathsOf(name: string): readonly (readonly string[])[] {
  const path = name.split('.')
  const reference = /^(.+)I[dD]$/.exec(path.at(-1) ?? '')?.[1]
  return [
    path,
    ['timestamps', name],
    ...(reference === undefined ? [] : [[...path.slice(0, -1), reference, 'resourceId']]),
  ]
}

function reach(from: readonly unknown[], path: readonly string[]): readonly unknown[] {
  let values = from.flat()
  for (const name of path)
    values = values.flatMap(each => (isItem(each) && Object.hasOwn(each, name) ? each[name] : []))
  return values.filter(each => each !== undefined && each !== null)
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function passes(value: unknown, test: Test, type: FieldType): boolean {
  switch (test.is) {
    case 'present':
      return value !== ''
    case 'contains':
      return type === 'labels' ? labelContains(value, test.text) : contains(value, test.text)
    case 'among':
      return test.values.includes(kept(value, type, false))
    case 'label':
      return isItem(value) && value.key === test.key && (test.value === undefined || value.value === test.value)
    case 'keyed':
      return isItem(value) && value.key === test.key && passes(value.value, test.test, 'id')
    default:
      return bounded(kept(value, type, true), test)
  }
}

function contains(value: unknown, text: string): boolean {
  return fold(String(value)).includes(text)
}

function labelContains(label: unknown, text: string): boolean {
  return isItem(label) && (contains(label.key, text) || contains(label.value, text))
}

/** The value as the database keeps it. */
function kept(value: unknown, type: FieldType, ordered: boolean): string | number {
  if (type === 'boolean') return value === true ? 1 : 0
  if (type === 'integer') return Number(value)
  if (type === 'time') return timeOf(value)
  if (type === 'version' && ordered) return versionNumber(String(value))
  return type === 'text' && ordered ? fold(String(value)) : String(value)
}

/** Status timestamps are unix seconds in the API. */
function timeOf(value: unknown): string {
  const at = typeof value === 'number' ? value * 1_000 : parseTime(String(value))
  return at === undefined ? '' : formatTime(at)
}

function bounded(value: string | number, { is, value: limit }: Extract<Test, { is: Bound }>): boolean {
  if (value === '') return false
  const order = compare(value, limit)
  if (is === 'below') return order < 0
  if (is === 'upTo') return order <= 0
  return is === 'above' ? order > 0 : order >= 0
}

/** Numbers by size, texts by code points: the order of UTF-8 bytes. */
export function compare(one: string | number, other: string | number): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other
  const [left, right] = [[...String(one)], [...String(other)]]
  for (const [index, letter] of left.entries()) {
    const against = right[index]
    if (against === undefined) return 1
    const difference = (letter.codePointAt(0) ?? 0) - (against.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
