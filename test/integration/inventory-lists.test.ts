// SPDX-License-Identifier: Apache-2.0
/** Lists of regions and sites against a plain model in memory: the same resources, in the same order, page by page. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compare, matches } from '../../controller/query/evaluate.ts'
import { parseFilter } from '../../controller/query/filter.ts'
import { parseOrder } from '../../controller/query/order.ts'
import type { Fields } from '../../controller/query/query.ts'
import { startTestController, type TestController } from '../support/controller.ts'
import { type InProject, inProject } from '../support/inventory.ts'

const NAMES = ['', 'North', 'north 2', 'South', 'East/1', 'a.b', 'A_b', 'zz', 'Zz']
const region: Fields = {
  resourceId: { type: 'id' },
  name: { type: 'text', searched: true },
  createdAt: { type: 'time' },
}
const FIELDS: Fields = {
  ...region,
  siteLat: { type: 'integer' },
  siteLng: { type: 'integer' },
  region: { type: 'reference' },
  ...named('region', { ...region, parentRegion: { type: 'reference' } }),
  parentRegion: { type: 'reference' },
  ...named('parentRegion', region),
}

function named(prefix: string, fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, { searched: _, ...field }]) => [`${prefix}.${name}`, field]),
  )
}

/** What leads nowhere is shown as a region without an id. */
function withoutNothing(item: any): any {
  const members = Object.entries(item).filter(([, value]: [string, any]) => value?.resourceId !== '')
  const inner = (value: any) => (value?.resourceId === undefined ? value : withoutNothing(value))
  return Object.fromEntries(members.map(([name, value]) => [name, inner(value)]))
}

let test: TestController
let project: InProject
const all: Record<'regions' | 'sites', any[]> = { regions: [], sites: [] }

beforeAll(async () => {
  test = await startTestController()
  project = await inProject(test, 'lists')
  const data = fc.sample(
    fc.record({
      name: fc.constantFrom(...NAMES),
      parent: fc.nat(),
      siteLat: fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined }),
      siteLng: fc.option(fc.integer({ min: -1_800_000_000, max: 1_800_000_000 }), { nil: undefined }),
    }),
    { numRuns: 70, seed: 7 },
  )
  const roots: string[] = []
  for (const { name, parent } of data.slice(0, 25)) {
    const parentId = parent % 3 === 0 ? '' : (roots[parent % Math.max(1, roots.length)] ?? '')
    const made = await project.made('/regions', { name, parentId })
    if (parentId === '') roots.push(made.resourceId)
    all.regions.push(withoutNothing(made))
  }
  for (const { name, parent, siteLat, siteLng } of data.slice(25)) {
    const regionId = parent % 4 === 0 ? '' : all.regions[parent % all.regions.length].resourceId
    all.sites.push(withoutNothing(await project.made('/sites', { name, regionId, siteLat, siteLng })))
  }
})
afterAll(() => test.stop())

const word = fc.constantFrom('north', 'SOUTH', 'z', '/', '_', '%', 'a.b')
const text = (field: string) =>
  fc.oneof(
    fc.tuple(fc.constantFrom('=', '!=', '>', '<=', ':'), word).map(([by, value]) => `${field} ${by} "${value}"`),
    fc.constantFrom(`${field} = ""`, `${field} != ""`, `${field}:*`),
  )
const number = fc
  .tuple(fc.constantFrom('=', '!=', '<', '<=', '>', '>='), fc.integer({ min: -3, max: 3 }))
  .map(([operator, value]) => `siteLat ${operator} ${value}`)

function restriction(kind: 'regions' | 'sites'): fc.Arbitrary<string> {
  if (kind === 'regions') {
    return fc.oneof(text('name'), text('parentRegion.name'), fc.constant('has(parentRegion)'), fc.constant('north'))
  }
  const references = ['has(region)', 'has(region.parentRegion)', 'has(siteLat)'].map(each => fc.constant(each))
  return fc.oneof(text('name'), text('region.name'), number, ...references)
}

function filters(kind: 'regions' | 'sites'): fc.Arbitrary<string> {
  const { tree } = fc.letrec<{ tree: string }>(tie => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      restriction(kind),
      fc.tuple(tie('tree'), fc.constantFrom('AND', 'OR'), tie('tree')).map(([a, by, b]) => `(${a}) ${by} (${b})`),
      tie('tree').map(part => `NOT (${part})`),
    ),
  }))
  return fc.oneof(fc.constant(''), tree)
}

function orders(kind: 'regions' | 'sites'): fc.Arbitrary<string> {
  const members = kind === 'regions' ? ['name', 'parentRegion.name'] : ['name', 'siteLat', 'siteLng', 'region.name']
  const part = fc.tuple(fc.constantFrom('', ' asc', ' desc'))
  return fc
    .tuple(fc.shuffledSubarray(members), fc.array(part, { minLength: 4, maxLength: 4 }))
    .map(([names, ways]) => names.map((name, at) => `${name}${ways[at]}`).join(', '))
}

/** A member by its path; empty texts are absent. */
function valueAt(item: any, path: string): string | number | undefined {
  const value = path.split('.').reduce((each, name) => each?.[name], item)
  return value === '' ? undefined : value
}

/** Absent values come first, and last where the order descends; the id decides the rest, in the last direction. */
function modelled(kind: 'regions' | 'sites', { filter, orderBy }: { filter: string; orderBy: string }): string[] {
  const order = parseOrder(orderBy)
  const terms = [...order, { field: 'resourceId', descending: order.at(-1)?.descending ?? false }]
  const kept = all[kind].filter(item => matches(parseFilter(filter), item, FIELDS))
  kept.sort((one, other) => {
    for (const { field, descending } of terms) {
      const [a, b] = [valueAt(one, field), valueAt(other, field)]
      const first = a === b ? 0 : a === undefined ? -1 : b === undefined ? 1 : compare(a, b)
      if (first !== 0) return descending ? -first : first
    }
    return 0
  })
  return kept.map(each => each.resourceId)
}

async function walked(kind: 'regions' | 'sites', query: Record<string, string>): Promise<string[]> {
  const ids: string[] = []
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const more: string = new URLSearchParams({ ...query, ...(cursor === '' ? {} : { cursor }) }).toString()
    const { status, body, text } = await project.get(`/${kind}?${more}`)
    expect(status, `${more} ${text}`).toBe(200)
    ids.push(...body[kind].map((each: any) => each.resourceId))
    cursor = body.nextCursor
    expect(body.hasNext).toBe(cursor !== undefined)
  }
  return ids
}

describe.each(['regions', 'sites'] as const)('a list of %s', kind => {
  it('gives what the model gives, in its order, by cursor and by offset', async () => {
    const query = fc.record({ filter: filters(kind), orderBy: orders(kind), pageSize: fc.integer({ min: 1, max: 60 }) })
    await fc.assert(
      fc.asyncProperty(query, async ({ filter, orderBy, pageSize }) => {
        const wanted = modelled(kind, { filter, orderBy })
        const asked = { filter, orderBy, pageSize: String(pageSize) }

        expect(await walked(kind, asked)).toEqual(wanted)
        const offset = Math.floor(wanted.length / 2)
        const page = await project.get(`/${kind}?${new URLSearchParams({ ...asked, offset: String(offset) })}`)
        expect(page.body[kind].map((each: any) => each.resourceId)).toEqual(wanted.slice(offset, offset + pageSize))
        expect(page.body.totalElements).toBe(wanted.length)
      }),
      { numRuns: 60 },
    )
  })
})
