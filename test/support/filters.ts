// SPDX-License-Identifier: Apache-2.0
/** Random filters, orders and rows over a small table of every type of member. */
import fc from 'fast-check'
import { sql } from 'kysely'
import type { Fields, Filter, SqlField } from '../../controller/query/query.ts'

export type Row = {
  id: string
  name: string | null
  note: string | null
  state: string | null
  size: number | null
  flag: number | null
  at: string | null
  place: string | null
}

const column = (name: keyof Row): SqlField['sql'] => {
  return () => sql.ref(`things.${name}`)
}

export const STATES = ['THING_STATE_UNSPECIFIED', 'THING_STATE_ON', 'THING_STATE_OFF'] as const

export const FIELDS: Fields<SqlField> = {
  resourceId: { type: 'id', always: true, searched: true, sql: column('id') },
  name: { type: 'text', searched: true, sql: column('name') },
  note: { type: 'text', sql: column('note') },
  state: { type: 'enum', values: STATES, sql: column('state') },
  size: { type: 'integer', sql: column('size') },
  flag: { type: 'boolean', sql: column('flag') },
  createdAt: { type: 'time', sql: column('at') },
  place: { type: 'reference', sql: column('place') },
  'place.resourceId': { type: 'id', sql: column('place') },
  tags: {
    type: 'text',
    sql: () => sql`null`,
    some: test => sql<boolean>`(things.id in (select thing from tags where ${test(sql`tags.tag`, sql`tags.tag`)}))`,
  },
  metadata: {
    type: 'labels',
    sql: () => sql`null`,
    some: test =>
      sql<boolean>`(things.id in (select thing from labels where ${test(sql`labels.value`, sql`labels.key`)}))`,
  },
}

export type Thing = Row & { tags: readonly string[]; labels: readonly { key: string; value: string }[] }

/** As the API would show it: what is absent is left out. */
export function resourceOf(thing: Thing): Readonly<Record<string, unknown>> {
  const { id, name, note, state, size, flag, at, place, tags, labels } = thing
  const members = { resourceId: id, name, note, state, size, tags, metadata: labels }
  return {
    ...Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null)),
    ...(flag === null ? {} : { flag: flag === 1 }),
    ...(at === null ? {} : { timestamps: { createdAt: at } }),
    ...(place === null ? {} : { place: { resourceId: place } }),
  }
}

const LETTERS = [...'aAbB%_\\ "\'éÉß🙂ﬀ.-:', '\u{ffff}']
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 4 }),
  fc.constantFrom('', 'ab', 'AB', 'a%b'),
)
const absent = <T>(given: fc.Arbitrary<T>) => fc.option(given, { nil: null, freq: 3 })
const moment = fc.constantFrom(
  ...['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.999Z', '2026-01-01T00:00:01.000Z', '2027-05-05T05:05:05.123Z'],
)
const KEYS = ['k', 'a.b/c', 'zone'] as const
const label = fc.record({ key: fc.constantFrom(...KEYS), value: fc.constantFrom('', 'v', 'ab', 'v%') })

export const things: fc.Arbitrary<readonly Thing[]> = fc
  .array(
    fc.record({
      name: absent(text),
      note: absent(text),
      state: absent(fc.constantFrom(...STATES)),
      size: absent(fc.integer({ min: -3, max: 3 })),
      flag: absent(fc.constantFrom(0, 1)),
      at: absent(moment),
      place: absent(fc.constantFrom('site-1', 'site-2')),
      tags: fc.array(text, { maxLength: 3 }),
      labels: fc.uniqueArray(label, { selector: each => each.key, maxLength: 3 }),
    }),
    { maxLength: 12 },
  )
  .map(rows => rows.map((row, index) => ({ ...row, id: `thing-${String(index).padStart(2, '0')}` })))

const EQUALS = ['=', '!=', ':'] as const
const ALL = [...EQUALS, '<', '<=', '>', '>='] as const
const LABEL_TEXTS = ['', 'v', 'ab', '{"key":"k","value":"v"}', '{"key":"zone"}', '[{"key":"k","value":"v"}]']

type Shape = {
  readonly field: string
  readonly operators: readonly (typeof ALL)[number][]
  readonly value: fc.Arbitrary<string>
}
const size = fc.integer({ min: -4, max: 4 }).map(String)
const time = fc.oneof(moment, fc.constantFrom('2026-01-01T00:00:00Z', '1767225600', '2026-01-01T01:00:01+01:00'))
const id = fc.constantFrom('thing-01', 'thing-05', 'ing', 'site-1')
const SHAPES: readonly Shape[] = [
  { field: 'resourceId', operators: ALL, value: id },
  { field: 'name', operators: ALL, value: text.filter(each => each !== '') },
  { field: 'name', operators: EQUALS, value: text },
  { field: 'note', operators: EQUALS, value: text },
  { field: 'state', operators: EQUALS, value: fc.constantFrom('THING_STATE_ON', 'off', 'On', '') },
  { field: 'size', operators: ALL, value: size },
  { field: 'size', operators: EQUALS, value: fc.constant('') },
  { field: 'flag', operators: EQUALS, value: fc.constantFrom('true', 'FALSE', '0', '') },
  { field: 'createdAt', operators: ALL, value: time },
  { field: 'place', operators: EQUALS, value: fc.constant('') },
  { field: 'place.resourceId', operators: ALL, value: id },
  { field: 'tags', operators: EQUALS, value: text },
  { field: 'metadata', operators: EQUALS, value: fc.constantFrom(...LABEL_TEXTS) },
  ...KEYS.flatMap((key): Shape[] => [
    { field: `metadata.${key}`, operators: EQUALS, value: fc.constantFrom('', 'v', 'V', 'ab', '%') },
    { field: `metadata.${key}`, operators: ALL, value: fc.constantFrom('v', 'ab') },
  ]),
]

const pathOf = (field: string): readonly string[] =>
  field.startsWith('metadata.') ? ['metadata', field.slice('metadata.'.length)] : field.split('.')

const compare: fc.Arbitrary<Filter> = fc.constantFrom(...SHAPES).chain(({ field, operators, value }) =>
  fc.record({
    kind: fc.constant('compare' as const),
    field: fc.constant(pathOf(field)),
    operator: fc.constantFrom(...operators),
    value: value.map(each => ({ text: each, quoted: true, at: 0 })),
    at: fc.constant(0),
  }),
)

const has: fc.Arbitrary<Filter> = fc
  .constantFrom(...new Set(SHAPES.map(({ field }) => field)))
  .map(field => ({ kind: 'has', field: pathOf(field), at: 0 }))

const present: fc.Arbitrary<Filter> = fc.constantFrom(...SHAPES).map(({ field }) => {
  const value = { text: '*', quoted: false, at: 0 }
  return { kind: 'compare', field: pathOf(field), operator: ':', value, at: 0 }
})

const word: fc.Arbitrary<Filter> = fc.oneof(
  text.map((each): Filter => ({ kind: 'text', value: { text: each, quoted: true, at: 0 }, at: 0 })),
  fc
    .constantFrom('ab', 'thing-1', 'é')
    .map((each): Filter => ({ kind: 'text', value: { text: each, quoted: false, at: 0 }, at: 0 })),
)

/** Every tree the parser can give, with all positions 0. */
export const filters: fc.Arbitrary<Filter> = fc.letrec<{ tree: Filter }>(tie => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    compare,
    has,
    present,
    word,
    tie('tree').map((part): Filter => ({ kind: 'not', part, at: 0 })),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('tree'), { minLength: 2, maxLength: 3 }))
      .map(([kind, parts]): Filter => ({ kind, parts, at: 0 })),
  ),
})).tree
