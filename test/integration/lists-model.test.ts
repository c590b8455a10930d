// SPDX-License-Identifier: Apache-2.0
/** Lists of hosts, instances, systems, sites and regions, filtered and ordered at random, against a plain model of them. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { type InProject, inProject } from '../support/inventory.ts'
import { type Asked, filters, type Item, labelShape, orders, type Shape, words } from '../support/list-model.ts'

let test: TestController
let project: InProject
const world = new Map<string, Item>()

const FOLDERS = {
  hosts: { path: '/compute/hosts', plural: 'hosts' },
  instances: { path: '/compute/instances', plural: 'instances' },
  systems: { path: '/compute/os', plural: 'OperatingSystemResources' },
  sites: { path: '/sites', plural: 'sites' },
  regions: { path: '/regions', plural: 'regions' },
} as const
type Folder = keyof typeof FOLDERS
const all: Record<Folder, Item[]> = { hosts: [], instances: [], systems: [], sites: [], regions: [] }

const NAMES = ['Press', 'press 2', 'PRESS_2', 'a.b', 'A/b', 'x', 'Zz', 'zz', 'p:q', 'north-1']
const NOTES = ['spare', 'Spare "2"', '(odd) <x>', 'a_b', 'AND', 'not OR', '*', '50']
const DESCRIPTIONS = ['100% new', '50% {x}', 'a_b', 'AB', '`tick`', 'a$b']
/** What to look for: parts of the above, and what a pattern or a quoted text could trip over. */
const WORDS = ['press', 'ESS', '2', '.', '/', '_', '%', '\\', "'", '"', '"2"', '*', ' ', 'zz', 'none', 'AND', '💥', 'é']
const LABELS = [
  { key: 'zone', value: 'a' },
  { key: 'zone', value: 'b-2' },
  { key: 'tier', value: '' },
  { key: 'x.y/tier', value: 'gold' },
]
const some = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 })

beforeAll(async () => {
  test = await startTestController()
  project = await inProject(test, 'model')
  const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number): T[] =>
    fc.sample(arbitrary, { numRuns: count, seed: 11 })
  const made: Record<Folder, string[]> = { hosts: [], instances: [], systems: [], sites: [], regions: [] }
  const labels = fc.uniqueArray(fc.constantFrom(...LABELS), { selector: each => each.key, maxLength: 3 })
  const add = async (folder: Folder, path: string, body: Record<string, unknown>) => {
    made[folder].push((await project.made(path, body)).resourceId)
  }
  const pick = (folder: Folder, number: number) => made[folder][number % (made[folder].length + 1)] ?? ''
  const place = fc.record({
    name: fc.constantFrom('', ...NAMES),
    metadata: labels,
    at: fc.nat(),
    siteLat: some([-1, 0, 7]),
  })
  for (const { name, metadata, at } of sample(place, 12))
    await add('regions', '/regions', { name, metadata, parentId: pick('regions', at % 3) })
  const provider = await project.made('/providers', {
    ...{ name: 'press', providerKind: 'PROVIDER_KIND_BAREMETAL', apiEndpoint: 'https://none' },
  })
  for (const { name, metadata, at, siteLat } of sample(place, 16)) {
    const provided = at % 3 === 0 ? { provider: { resourceId: provider.resourceId } } : {}
    await add('sites', '/sites', { name, metadata, siteLat, regionId: pick('regions', at), ...provided })
  }
  const system = fc.record({
    name: fc.constantFrom('', ...NAMES),
    description: some(DESCRIPTIONS),
    osType: some(OS_TYPES),
  })
  for (const [at, body] of sample(system, 24).entries())
    await add('systems', '/compute/os', { ...body, sha256: String(at).padStart(64, '0'), profileName: `profile-${at}` })
  const host = fc.record({
    name: fc.constantFrom(...NAMES),
    metadata: labels,
    at: fc.nat(),
    userLvmSize: some([0, 5, 70]),
  })
  for (const [index, { at, ...body }] of sample(host, 60).entries()) {
    const keys = index % 3 === 0 ? { uuid: uuidOf(index) } : { serialNumber: `Sn${10_000 + index}` }
    await add('hosts', '/compute/hosts/register', {
      ...body,
      ...keys,
      siteId: pick('sites', at),
      autoOnboard: at % 2 === 0,
    })
    const note = NOTES[at % (NOTES.length + 3)]
    if (note !== undefined) await project.call('PATCH', `/compute/hosts/${made.hosts.at(-1)}`, { note })
  }
  const instance = fc.record({ name: fc.constantFrom('', ...NAMES), at: fc.nat() })
  for (const [index, { name, at }] of sample(instance, 30).entries())
    await add('instances', '/compute/instances', {
      ...{ name, kind: 'INSTANCE_KIND_METAL', hostID: made.hosts[index * 2] },
      ...{ osID: pick('systems', at), securityFeature: 'SECURITY_FEATURE_NONE' },
    })
  for (const folder of Object.keys(FOLDERS) as Folder[]) {
    for (const id of made[folder]) {
      const { status, body } = await project.get(`${FOLDERS[folder].path}/${id}`)
      expect(status).toBe(200)
      world.set(id, body)
      all[folder].push(body)
    }
  }
})
afterAll(() => test.stop())

const OS_TYPES = ['OS_TYPE_MUTABLE', 'OS_TYPE_IMMUTABLE']
const uuidOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
const text = (...paths: string[]): Shape[] => paths.map(path => ({ path, type: 'text', values: WORDS }))
const references = (...paths: string[]): Shape[] => paths.map(path => ({ path, type: 'reference' }))

/** Known only once the rows are there. */
function shapesOf(folder: Folder): { shapes: Shape[]; more: Parameters<typeof filters>[2] } {
  const idOf = (each: Folder): string[] => [String(all[each][0]?.resourceId), String(all[each].at(-1)?.resourceId), '0']
  const times = all[folder].flatMap(({ timestamps }) => {
    const { createdAt } = timestamps as { createdAt: string }
    return [createdAt, createdAt.replace(/\.\d+Z$/, 'Z')]
  })
  const common: Shape[] = [
    { path: 'resourceId', type: 'id', values: idOf(folder) },
    { path: 'timestamps.createdAt', type: 'time', values: times.slice(0, 30) },
    ...text('name'),
  ]
  const regions = text('region.name', 'region.parentRegion.name')
  const placed = text('site.name', 'site.region.name', 'site.region.parentRegion.name')
  const byFolder: Record<Folder, { shapes: Shape[]; more: Parameters<typeof filters>[2] }> = {
    regions: {
      shapes: [...text('parentRegion.name', 'parentRegion.parentRegion.name'), ...references('parentRegion')],
      more: [words(['resourceId', 'name'], WORDS)],
    },
    sites: {
      shapes: [
        ...regions,
        ...references('region', 'region.parentRegion', 'provider'),
        ...text('provider.name'),
        { path: 'siteLat', type: 'integer', values: [-1, 0, 6, 7] },
        { path: 'region.resourceId', type: 'id', values: idOf('regions') },
      ],
      more: [words(['resourceId', 'name'], WORDS)],
    },
    systems: {
      shapes: [
        ...text('description', 'profileName'),
        { path: 'osType', type: 'enum', values: ['MUTABLE', ...OS_TYPES] },
      ],
      more: [words(['resourceId', 'name', 'profileName'], WORDS)],
    },
    instances: {
      shapes: [
        ...text('host.name', 'host.note', 'host.serialNumber', 'os.name', 'os.description'),
        ...placed.map(shape => ({ ...shape, path: `host.${shape.path}` })),
        ...references('host', 'os', 'host.site'),
        { path: 'host.siteId', type: 'id', values: idOf('sites') },
        { path: 'os.osType', type: 'enum', values: ['OS_TYPE_MUTABLE'] },
        { path: 'kind', type: 'enum', values: ['METAL'] },
      ],
      more: [words(['resourceId', 'name'], WORDS)],
    },
    hosts: {
      shapes: [
        ...text(
          'note',
          'serialNumber',
          'uuid',
          'hostStatus',
          'instance.name',
          'instance.os.name',
          'instance.os.description',
        ),
        ...placed,
        ...references('site', 'instance', 'instance.os', 'site.region', 'provider', 'site.provider'),
        ...text('provider.name'),
        { path: 'siteId', type: 'id', values: idOf('sites') },
        { path: 'instance.resourceId', type: 'id', values: idOf('instances') },
        { path: 'userLvmSize', type: 'integer', values: [-1, 0, 5, 70] },
        { path: 'simulated', type: 'boolean', values: ['true', 'false'] },
        { path: 'currentState', type: 'enum', values: ['REGISTERED', 'HOST_STATE_ONBOARDED'] },
        { path: 'desiredState', type: 'enum', values: ['registered', 'HOST_STATE_ONBOARDED'] },
        {
          path: 'metadata',
          type: 'labels',
          values: ['zone', 'GOLD', '/', '{"key":"zone","value":"a"}', '{"key":"tier"}'],
        },
      ],
      more: [
        words(['resourceId', 'name', 'serialNumber', 'uuid'], WORDS),
        labelShape('zone', ['a', 'b', 'b-2', 'A', '%']),
        labelShape('x.y/tier', ['gold', 'old']),
      ],
    },
  }
  const { shapes, more } = byFolder[folder]
  return { shapes: [...common, ...shapes], more }
}

const idsOf = (folder: Folder, body: any): string[] => body[FOLDERS[folder].plural].map((each: Item) => each.resourceId)

async function page(folder: Folder, query: Record<string, string>): Promise<any> {
  const { status, body, text } = await project.get(`${FOLDERS[folder].path}?${new URLSearchParams(query)}`)
  expect(status, `${JSON.stringify(query)} ${text.slice(0, 400)}`).toBe(200)
  return body
}

async function walked(folder: Folder, query: Record<string, string>): Promise<string[]> {
  const ids: string[] = []
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const body: any = await page(folder, { ...query, ...(cursor === '' ? {} : { cursor }) })
    ids.push(...idsOf(folder, body))
    cursor = body.nextCursor
    expect(body.hasNext).toBe(cursor !== undefined)
  }
  return ids
}

const RUNS = Number(process.env.LIST_MODEL_RUNS ?? 60)

describe.each(Object.keys(FOLDERS) as Folder[])('a list of %s', folder => {
  it('gives what the model gives, in its order, whole, by offset and by cursor', { timeout: 600_000 }, async () => {
    const { shapes, more } = shapesOf(folder)
    const asking = fc.record({
      filter: filters(shapes, world, more).filter(({ text }) => text.length <= 2_000),
      order: orders(shapes, world),
      pageSize: fc.integer({ min: 1, max: 70 }),
    })
    await fc.assert(
      fc.asyncProperty(asking, async ({ filter, order, pageSize }) => {
        const wanted = all[folder]
          .filter(filter.fits)
          .sort(order.compare)
          .map(each => String(each.resourceId))
        const query = { filter: filter.text, orderBy: order.text, pageSize: String(pageSize) }

        expect(await walked(folder, query), JSON.stringify(query)).toEqual(wanted)
        const offset = Math.floor(wanted.length / 2)
        const body = await page(folder, { ...query, offset: String(offset) })
        expect(idsOf(folder, body)).toEqual(wanted.slice(offset, offset + pageSize))
        expect(body).toMatchObject({ totalElements: wanted.length, hasNext: offset + pageSize < wanted.length })
      }),
      { numRuns: RUNS },
    )
  })
})

it('counts in the summary of hosts what the model counts', async () => {
  const { shapes, more } = shapesOf('hosts')
  await fc.assert(
    fc.asyncProperty(filters(shapes, world, more), async ({ text, fits }: Asked) => {
      const fitting = all.hosts.filter(fits)
      const { status, body } = await project.get(`/compute/hosts/summary?${new URLSearchParams({ filter: text })}`)
      if (text.length > 2_048) return
      expect(status).toBe(200)
      expect(body, text).toMatchObject({
        total: fitting.length,
        unallocated: fitting.filter(({ siteId }) => siteId === '').length,
      })
    }),
    { numRuns: RUNS },
  )
})

describe('pages by cursor', () => {
  it.each(['systems', 'hosts'] as const)('of %s show each that stays once, while others come and go', async folder => {
    const passing: string[] = []
    const arrive = async (at: number): Promise<string> => {
      const name = NAMES[at % NAMES.length]
      const made =
        folder === 'hosts'
          ? await project.made('/compute/hosts/register', { name, serialNumber: `PASS${10_000 + at}` })
          : await project.made('/compute/os', {
              name,
              profileName: `passing-${at}`,
              sha256: String(9_000 + at).padStart(64, '1'),
            })
      return made.resourceId
    }
    const { shapes } = shapesOf(folder)
    let count = 0
    await fc.assert(
      fc.asyncProperty(orders(shapes, world), fc.integer({ min: 2, max: 9 }), async (order, pageSize) => {
        const wanted = [...all[folder]].sort(order.compare).map(each => String(each.resourceId))
        const seen: string[] = []
        for (let cursor: string | undefined = ''; cursor !== undefined; ) {
          const asked: Record<string, string> = { orderBy: order.text, pageSize: String(pageSize) }
          const body: any = await page(folder, cursor === '' ? asked : { ...asked, cursor })
          seen.push(...idsOf(folder, body))
          cursor = body.nextCursor
          passing.push(await arrive(count++))
          const leaving = count % 2 === 0 ? passing.shift() : undefined
          if (leaving !== undefined)
            expect((await project.call('DELETE', `${FOLDERS[folder].path}/${leaving}`)).status).toBe(200)
        }

        expect(new Set(seen).size).toBe(seen.length)
        expect(seen.filter(id => world.has(id))).toEqual(wanted)
      }),
      { numRuns: 8 },
    )
    for (const id of passing) await project.call('DELETE', `${FOLDERS[folder].path}/${id}`)
  })
})
