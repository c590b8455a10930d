// SPDX-License-Identifier: Apache-2.0
/** Values that a JSON schema allows, for properties over everything an API describes. */
import fc, { type Arbitrary } from 'fast-check'

export type JsonSchema = {
  readonly type?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
}

/** `known` gives values for members by name, such as ids of things that are really there. */
export function valid(
  schema: JsonSchema,
  known: Readonly<Record<string, readonly unknown[]>> = {},
): Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(each => valid(each, known)))
  if (schema.type === 'object' || schema.properties !== undefined) return object(schema, known)
  if (schema.type === 'array')
    return fc.array(valid(schema.items ?? {}, known), {
      minLength: schema.minItems ?? 0,
      maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? 3, 3)),
    })
  if (schema.type === 'string') return text(schema)
  if (schema.type === 'integer')
    return fc.integer({
      min: Math.max(schema.minimum ?? -1_000, -(2 ** 31)),
      max: Math.min(schema.maximum ?? 100_000, 2 ** 31 - 1),
    })
  if (schema.type === 'number')
    return fc.double({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true })
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type === 'null') return fc.constant(null)
  return fc.jsonValue({ maxDepth: 2 })
}

function object({ properties = {}, required = [] }: JsonSchema, known: Readonly<Record<string, readonly unknown[]>>) {
  const members = Object.entries(properties).map(([name, schema]) => {
    const values = known[name]
    return [name, values === undefined ? valid(schema, known) : fc.constantFrom(...values)] as const
  })
  return fc.record(Object.fromEntries(members), { requiredKeys: [...required].filter(name => name in properties) })
}

function text({ pattern, minLength = 0, maxLength = 40 }: JsonSchema): Arbitrary<string> {
  const plain = fc.string({
    minLength,
    maxLength: Math.max(minLength, Math.min(maxLength, 40)),
    unit: 'grapheme-ascii',
  })
  if (pattern === undefined) return plain
  try {
    return fc.stringMatching(new RegExp(pattern, 'u'), { size: 'small' })
  } catch {
    return plain
  }
}

const LABELS = Array.from({ length: 101 }, (_, at) => ({ key: `k${at}`, value: 'v' }))

/** What trips over types, over the limits of numbers, and over text that is not what it seems. */
const STRANGE: readonly unknown[] = [
  ...[null, 0, -1, 1.5, 2 ** 31, 2 ** 32, 2 ** 53, 1e21, 1e308, true, false, [], {}, [[[]]], [null], [{}], ['\0']],
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    'a\udfff',
    '💥',
    '💥'.repeat(300),
    '\u202e',
    '../..',
    '%',
    "';--",
    '__proto__',
    '-0',
  ],
  ...['x'.repeat(5_000), 'é'.repeat(16_385), '2026-02-29T00:00:00Z', 'Europe/Nowhere', '0 0 31 4 *'],
  ...[LABELS, LABELS.slice(0, 100), [LABELS[0], LABELS[0]], { resourceId: '' }, { resourceId: 5 }, { resourceId: 'x' }],
]

/** The value with one place of it replaced by something else. */
export function mutated(value: unknown): Arbitrary<unknown> {
  const places = placesOf(value)
  const strange = fc.oneof(fc.constantFrom(...STRANGE), fc.jsonValue({ maxDepth: 1 }))
  return fc.tuple(fc.constantFrom(...places), strange).map(([place, odd]) => replaced(value, place, odd))
}

type Place = readonly (string | number)[]

function placesOf(value: unknown, at: Place = []): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [at]
  const inner = Object.entries(value).flatMap(([name, each]) =>
    placesOf(each, [...at, Array.isArray(value) ? Number(name) : name]),
  )
  return [at, ...inner]
}

function replaced(value: unknown, [first, ...rest]: Place, odd: unknown): unknown {
  if (first === undefined) return odd
  if (Array.isArray(value)) return value.map((each, at) => (at === first ? replaced(each, rest, odd) : each))
  const members = value as Readonly<Record<string, unknown>>
  return { ...members, [first]: replaced(members[first], rest, odd) }
}
