// SPDX-License-Identifier: Apache-2.0
/** Filters and orders with their meaning said in plain words over resources as read, sharing nothing with what is tested. */
import fc, { type Arbitrary } from 'fast-check'

/** A resource as the API shows it. */
export type Item = Readonly<Record<string, unknown>>
/** Finds the whole of what a resource only mentions. */
export type World = ReadonlyMap<string, Item>

export type Asked = { readonly text: string; readonly fits: (item: Item) => boolean }
export type Ordered = { readonly text: string; readonly compare: (one: Item, other: Item) => number }

/** A member that may be asked for, and values worth asking it for. */
export type Shape = {
  readonly path: string
  readonly type: 'text' | 'id' | 'enum' | 'integer' | 'boolean' | 'time' | 'reference' | 'labels'
  readonly values?: readonly (string | number)[]
  readonly ordered?: false
}

/** All values at a path, through lists and through what is only mentioned. */
export function valuesAt(item: Item, path: string, world: World): readonly unknown[] {
  let values: readonly unknown[] = [item]
  for (const name of path.split('.')) {
    values = values.flatMap(each => {
      if (typeof each !== 'object' || each === null) return []
      const { resourceId } = each as Item
      const whole = (typeof resourceId === 'string' ? world.get(resourceId) : undefined) ?? (each as Item)
      const value = whole[name]
      return Array.isArray(value) ? value : value === undefined || value === null || value === '' ? [] : [value]
    })
  }
  // A reference that leads nowhere is shown with an empty id.
  return values.filter(each => typeof each !== 'object' || each === null || (each as Item).resourceId !== '')
}

const folded = (text: unknown): string => String(text).replace(/[A-Z]/g, letter => letter.toLowerCase())
const byBytes = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other))

function inOrder(sign: number, comparator: string): boolean {
  if (comparator === '<') return sign < 0
  if (comparator === '<=') return sign <= 0
  return comparator === '>' ? sign > 0 : sign >= 0
}

const quotes = fc.constantFrom('"', "'")
const written = (value: string, quote: string): string =>
  `${quote}${value.replace(/["'\\]/g, match => `\\${match}`)}${quote}`
/** `siteId` and `site_id` are the same member. */
const spelled = (path: string): Arbitrary<string> =>
  fc.constantFrom(path, path.startsWith('metadata.') ? path : path.replace(/[A-Z]/g, each => `_${each.toLowerCase()}`))

function leaf(shape: Shape, world: World): Arbitrary<Asked> {
  const { path, type, values = [] } = shape
  const found = (item: Item): readonly unknown[] => valuesAt(item, path, world)
  const has = (item: Item): boolean => found(item).length > 0
  const presence: Arbitrary<Asked> = fc.oneof(
    spelled(path).map(name => ({ text: `has(${name})`, fits: has })),
    spelled(path).map(name => ({ text: `${name}:*`, fits: has })),
    ...(type === 'boolean'
      ? []
      : [
          spelled(path).map(name => ({ text: `${name} = ""`, fits: (item: Item) => !has(item) })),
          spelled(path).map(name => ({ text: `${name} != ""`, fits: has })),
        ]),
  )
  if (type === 'reference' || values.length === 0) return presence
  const equal: readonly string[] = ['=', '!=', ':']
  const ordered: readonly string[] = ['<', '<=', '>', '>=']
  const comparators = type === 'enum' || type === 'boolean' || type === 'labels' ? equal : [...equal, ...ordered]
  const compared = fc
    .tuple(spelled(path), fc.constantFrom(...comparators), fc.constantFrom(...values), quotes, fc.constantFrom('', ' '))
    .map(([name, by, value, quote, space]): Asked => {
      const passes = (each: unknown): boolean => single(type, { each, by: by === '!=' ? '=' : by, value })
      const text = `${name}${space}${by}${space}${typeof value === 'number' ? value : written(value, quote)}`
      const any = (item: Item): boolean => found(item).some(passes)
      if (type === 'boolean') {
        const told = (item: Item): boolean => (found(item)[0] === true) === (value === 'true')
        return { text, fits: item => told(item) !== (by === '!=') }
      }
      return { text, fits: item => any(item) !== (by === '!=') }
    })
  return fc.oneof({ arbitrary: compared, weight: 4 }, { arbitrary: presence, weight: 1 })
}

type Single = { readonly each: unknown; readonly by: string; readonly value: string | number }

function single(type: Shape['type'], { each, by, value }: Single): boolean {
  const isEqual = by === '=' || by === ':'
  switch (type) {
    case 'text':
      return isEqual ? folded(each).includes(folded(value)) : inOrder(byBytes(folded(each), folded(value)), by)
    case 'id':
      if (by === '=') return each === value
      return by === ':' ? folded(each).includes(folded(value)) : inOrder(byBytes(String(each), String(value)), by)
    case 'enum':
      return each === value || String(each).endsWith(`_${String(value).toUpperCase()}`)
    case 'integer':
      return isEqual ? each === value : inOrder(Number(each) - Number(value), by)
    case 'time':
      return timely(Date.parse(String(each)), by, String(value))
    case 'labels': {
      const { key, value: of } = each as { key: string; value: string }
      if (!String(value).startsWith('{'))
        return folded(key).includes(folded(value)) || folded(of).includes(folded(value))
      const wanted = JSON.parse(String(value))
      return key === wanted.key && (wanted.value === undefined || of === wanted.value)
    }
    default:
      return false
  }
}

/** A time without a fraction stands for its whole second. */
function timely(at: number, by: string, text: string): boolean {
  const from = Date.parse(text)
  const until = from + (text.includes('.') ? 1 : 1_000)
  if (by === '<') return at < from
  if (by === '<=') return at < until
  if (by === '>') return at >= until
  return by === '>=' ? at >= from : at >= from && at < until
}

/** `metadata.zone`: the value of one label. */
export function labelShape(key: string, values: readonly string[]): (world: World) => Arbitrary<Asked> {
  return () =>
    fc.tuple(fc.constantFrom('=', '!=', ':'), fc.constantFrom(...values), quotes).map(([by, value, quote]): Asked => {
      const fits = (item: Item): boolean =>
        (item.metadata as { key: string; value: string }[]).some(
          each => each.key === key && (by === ':' ? folded(each.value).includes(folded(value)) : each.value === value),
        )
      return { text: `metadata.${key} ${by} ${written(value, quote)}`, fits: item => fits(item) !== (by === '!=') }
    })
}

/** A bare word, looked for in some members. */
export function words(paths: readonly string[], values: readonly string[]): (world: World) => Arbitrary<Asked> {
  return world =>
    fc.tuple(fc.constantFrom(...values), quotes).map(([value, quote]) => ({
      text: written(value, quote),
      fits: item => paths.some(path => valuesAt(item, path, world).some(each => folded(each).includes(folded(value)))),
    }))
}

/** Whole filters: leaves joined by AND, OR and NOT, with brackets and without. */
export function filters(
  shapes: readonly Shape[],
  world: World,
  more: readonly ((world: World) => Arbitrary<Asked>)[] = [],
): Arbitrary<Asked> {
  const one = fc.oneof(...shapes.map(shape => leaf(shape, world)), ...more.map(each => each(world)))
  const { tree } = fc.letrec<{ tree: Asked }>(tie => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      one,
      // OR binds tighter than AND, and side by side means AND.
      fc.tuple(one, one, one, fc.constantFrom(' AND ', ' and ', ' ')).map(([a, b, c, and]) => ({
        text: `${a.text}${and}${b.text} OR ${c.text}`,
        fits: (item: Item) => a.fits(item) && (b.fits(item) || c.fits(item)),
      })),
      fc.tuple(tie('tree'), fc.constantFrom('AND', 'OR'), tie('tree')).map(([a, by, b]) => ({
        text: `(${a.text}) ${by} (${b.text})`,
        fits: (item: Item) => (by === 'AND' ? a.fits(item) && b.fits(item) : a.fits(item) || b.fits(item)),
      })),
      fc
        .tuple(fc.constantFrom('NOT ', '-', 'not '), tie('tree'))
        .map(([not, a]) => ({ text: `${not}(${a.text})`, fits: (item: Item) => !a.fits(item) })),
    ),
  }))
  return fc.oneof(
    { arbitrary: fc.constant({ text: '', fits: () => true }), weight: 1 },
    { arbitrary: tree, weight: 12 },
  )
}

/** Orders by up to three members. What is absent comes first, and last where it descends; the id decides the rest. */
export function orders(shapes: readonly Shape[], world: World): Arbitrary<Ordered> {
  const able = shapes.filter(({ type, ordered }) => type !== 'labels' && type !== 'reference' && ordered !== false)
  return fc
    .tuple(
      fc.shuffledSubarray([...able], { maxLength: 3 }),
      fc.array(fc.constantFrom('', ' asc', ' desc', ' DESC'), { minLength: 3, maxLength: 3 }),
    )
    .map(([members, ways]): Ordered => {
      const terms = members.map(({ path }, at) => ({ path, down: /desc/i.test(ways[at] ?? '') }))
      const all = [...terms, { path: 'resourceId', down: terms.at(-1)?.down ?? false }]
      return {
        text: members.map(({ path }, at) => `${path}${ways[at]}`).join(','),
        compare: (one, other) => {
          for (const { path, down } of all) {
            const sign = ranked(valuesAt(one, path, world)[0], valuesAt(other, path, world)[0])
            if (sign !== 0) return down ? -sign : sign
          }
          return 0
        },
      }
    })
}

function ranked(one: unknown, other: unknown): number {
  if (one === undefined || other === undefined) return Number(one !== undefined) - Number(other !== undefined)
  if (typeof one === 'string' && typeof other === 'string') return byBytes(one, other)
  return Number(one) - Number(other)
}
