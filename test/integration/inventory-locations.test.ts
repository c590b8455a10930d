// SPDX-License-Identifier: Apache-2.0
/** Regions, sites and their tree through the API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { type InProject, inProject } from '../support/inventory.ts'

let test: TestController
let here: InProject
let there: InProject

beforeAll(async () => {
  test = await startTestController()
  here = await inProject(test, 'here')
  there = await inProject(test, 'there')
})
afterAll(() => test.stop())

const label = (key: string, value: string) => ({ key, value })

/** Regions one within the other, the outermost first. */
async function nested(depth: number, from = ''): Promise<string[]> {
  const ids: string[] = []
  for (let level = 0; level < depth; level++) {
    const region = await here.made('/regions', { name: `level ${level}`, parentId: ids.at(-1) ?? from })
    ids.push(region.resourceId)
  }
  return ids
}

describe('a region', () => {
  it('is made with 200, read back, replaced, changed and removed', async () => {
    const created = await here.made('/regions', { name: 'North', metadata: [label('tier', 'gold')] })
    const url = `/regions/${created.resourceId}`

    expect(created).toEqual({
      resourceId: expect.stringMatching(/^region-[0-9a-f]{8}$/),
      regionID: created.resourceId,
      parentId: '',
      // As EIM has it above a region that stands at the top.
      parentRegion: { resourceId: '', name: '' },
      totalSites: 0,
      name: 'North',
      metadata: [label('tier', 'gold')],
      inheritedMetadata: [],
      timestamps: { createdAt: expect.any(String), updatedAt: expect.any(String) },
    })
    expect((await here.get(url)).body).toEqual(created)
    expect((await here.call('PATCH', url, { name: 'Far North' })).body).toMatchObject({
      name: 'Far North',
      metadata: [label('tier', 'gold')],
    })
    const replaced = await here.call('PUT', url, { name: 'South' })
    expect(replaced.body).toMatchObject({ name: 'South', metadata: [] })
    expect(await here.call('DELETE', url)).toMatchObject({ status: 200, body: {} })
    expect((await here.get(url)).status).toBe(404)
  })

  it('takes back what was read, without complaint', async () => {
    const [, inner = ''] = await nested(2)
    const read = (await here.get(`/regions/${inner}`)).body

    const sent = await here.call('PUT', `/regions/${inner}`, read)

    expect(sent.status, sent.text).toBe(200)
    expect(sent.body).toEqual(read)
    expect(read.parentRegion).toMatchObject({ name: 'level 0' })
  })

  it.each([
    ['a name with a character EIM does not take', { name: 'a$b' }, '/body/name'],
    ['a name of 51 characters', { name: 'x'.repeat(51) }, '/body/name'],
    ['a member it does not know', { nome: 'x' }, '/body'],
    ['a number for a text', { name: 5 }, '/body/name'],
    ['a label in capitals', { metadata: [label('Tier', 'x')] }, '/body/metadata/0/key'],
    ['a value of 64 characters', { metadata: [label('tier', 'x'.repeat(64))] }, '/body/metadata/0/value'],
    ['a key of 64 characters', { metadata: [label('k'.repeat(64), 'x')] }, '/body/metadata/0/key'],
    ['a prefix of 254 characters', { metadata: [label(`${'p'.repeat(254)}/k`, 'x')] }, '/body/metadata/0/key'],
    ['a key without a name', { metadata: [label('intel.com/', 'x')] }, '/body/metadata/0/key'],
    ['one key twice', { metadata: [label('tier', 'a'), label('tier', 'b')] }, '/body/metadata/1/key'],
    ['101 labels', { metadata: Array.from({ length: 101 }, (_, at) => label(`k${at}`, 'x')) }, '/body/metadata'],
    ['a parent of another kind', { parentId: 'site-00000000' }, '/body/parentId'],
  ])('refuses %s, saying where', async (_, body, pointer) => {
    const { status, body: problem } = await here.call('POST', '/regions', body)

    expect(status).toBe(400)
    expect(problem.code).toBe('invalid')
    expect(problem.fields.findings[0].pointer).toBe(pointer)
  })

  it('takes a key with a prefix of 253 and a name of 63 characters', async () => {
    const key = `${'p'.repeat(252)}/${'k'.repeat(63)}`

    const region = await here.made('/regions', { metadata: [label(key, 'v'.repeat(63))] })

    expect(region.metadata).toEqual([label(key, 'v'.repeat(63))])
  })

  it('ignores what only the controller sets, whatever a body says of it', async () => {
    const readOnly = { resourceId: 5, regionID: [], timestamps: 'yesterday', totalSites: 'many', inheritedMetadata: {} }

    const region = await here.made('/regions', { name: 'Plain', ...readOnly })

    expect(region).toMatchObject({ name: 'Plain', inheritedMetadata: [], regionID: region.resourceId })
  })

  it('nests five levels deep and no further, whichever way it gets there', async () => {
    const five = await nested(5)
    const two = await nested(2)

    const sixth = await here.call('POST', '/regions', { parentId: five.at(-1) })
    const moved = await here.call('PATCH', `/regions/${two[0]}`, { parentId: five[3] })

    expect(sixth).toMatchObject({ status: 400, body: { code: 'region-too-deep' } })
    expect(sixth.body.detail).toContain('5 are allowed')
    expect(moved).toMatchObject({ status: 400, body: { code: 'region-too-deep' } })
    expect((await here.call('PATCH', `/regions/${two[0]}`, { parentId: five[2] })).status).toBe(200)
  })

  it('cannot stand within itself or below itself', async () => {
    const [outer, , inner] = await nested(3)

    for (const parentId of [outer, inner]) {
      const answer = await here.call('PATCH', `/regions/${outer}`, { parentId })
      expect(answer).toMatchObject({ status: 400, body: { code: 'region-cycle' } })
    }
  })

  it('comes to the top again when its parent is cleared by an empty text', async () => {
    const [, inner] = await nested(2)

    const answer = await here.call('PATCH', `/regions/${inner}`, { parentId: '' })

    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ parentId: '', parentRegion: { resourceId: '' } })
  })

  it('inherits labels from above, the nearest winning and its own hiding them', async () => {
    const top = await here.made('/regions', { metadata: [label('a', 'top'), label('b', 'top'), label('c', 'top')] })
    const middle = await here.made('/regions', { parentId: top.resourceId, metadata: [label('b', 'middle')] })
    const low = await here.made('/regions', { parentId: middle.resourceId, metadata: [label('c', 'low')] })
    const site = await here.made('/sites', { regionId: low.resourceId, metadata: [label('a', 'site')] })

    expect(low.inheritedMetadata).toEqual([label('b', 'middle'), label('a', 'top')])
    expect(site.inheritedMetadata).toEqual([label('c', 'low'), label('b', 'middle')])
  })

  it('counts the sites below it only when asked', async () => {
    const project = await inProject(test, 'counted')
    const outer = await project.made('/regions', { name: 'outer' })
    const inner = await project.made('/regions', { name: 'inner', parentId: outer.resourceId })
    for (const region of [outer, inner, inner]) await project.made('/sites', { regionId: region.resourceId })

    const asked = await project.get('/regions?showTotalSites=true&orderBy=name')
    const plain = await project.get('/regions')

    expect(asked.body.regions.map((each: any) => [each.name, each.totalSites])).toEqual([
      ['inner', 2],
      ['outer', 3],
    ])
    expect(plain.body.regions[0]).not.toHaveProperty('totalSites')
  })
})

describe('a site', () => {
  it('shows its region as a whole resource, whichever form the region was given in', async () => {
    const [region] = await nested(1)

    const byId = await here.made('/sites', {
      name: 'A',
      regionId: region,
      siteLat: 900_000_000,
      siteLng: -1_800_000_000,
    })
    const embedded = await here.made('/sites', { name: 'B', region: { resourceId: region, name: 'whatever' } })

    expect(byId).toMatchObject({ siteID: byId.resourceId, siteLat: 900_000_000, siteLng: -1_800_000_000 })
    expect(byId.regionId).toBe(byId.region.resourceId)
    for (const site of [byId, embedded]) expect(site.region).toMatchObject({ resourceId: region, name: 'level 0' })
  })

  it.each([
    [{ siteLat: 900_000_001 }, '/body/siteLat'],
    [{ siteLng: -1_800_000_001 }, '/body/siteLng'],
    [{ siteLat: 1.5 }, '/body/siteLat'],
    [{ regionId: 'nowhere' }, '/body/regionId'],
  ])('refuses %j', async (body, pointer) => {
    const answer = await here.call('POST', '/sites', body)

    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid' } })
    expect(answer.body.fields.findings[0].pointer).toBe(pointer)
  })

  it('may have the name of a site in another region', async () => {
    const [one, other] = [...(await nested(1)), ...(await nested(1))]

    await here.made('/sites', { name: 'Twin', regionId: one })

    await here.made('/sites', { name: 'Twin', regionId: other })
  })

  it('stands under its own region only', async () => {
    const [one, other] = [...(await nested(1)), ...(await nested(1))]
    const site = await here.made(`/regions/${one}/sites`, { name: 'Plant' })
    const elsewhere = `/regions/${other}/sites`

    expect(site.region.resourceId).toBe(one)
    expect((await here.get(`/regions/${one}/sites`)).body.sites).toHaveLength(1)
    expect((await here.get(elsewhere)).body).toMatchObject({ sites: [], totalElements: 0 })
    expect((await here.get(`/sites?regionId=${one}`)).body.totalElements).toBe(1)
    expect((await here.get(`/sites?regionId=${other}`)).body.totalElements).toBe(0)
    expect((await here.get('/regions/region-00000000/sites')).status).toBe(404)
    for (const [verb, body] of [['GET'], ['PUT', {}], ['PATCH', { name: 'x' }], ['DELETE']] as const) {
      expect((await here.call(verb, `${elsewhere}/${site.resourceId}`, body)).status, verb).toBe(404)
      expect((await here.call(verb, `/sites/${site.resourceId}?regionId=${other}`, body)).status, verb).toBe(404)
    }
    expect((await here.get(`/regions/${one}/sites/${site.resourceId}`)).body.name).toBe('Plant')
  })

  it('cannot be made under one region with another in its body', async () => {
    const [one, other] = [...(await nested(1)), ...(await nested(1))]

    const answer = await here.call('POST', `/regions/${one}/sites`, { regionId: other })

    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid' } })
  })

  it('stays in the region of the path when a PUT there does not name one, and moves when it does', async () => {
    const [one, other] = [...(await nested(1)), ...(await nested(1))]
    const { resourceId } = await here.made(`/regions/${one}/sites`, { name: 'Plant' })

    const kept = await here.call('PUT', `/regions/${one}/sites/${resourceId}`, { name: 'Plant 2' })
    const moved = await here.call('PUT', `/regions/${one}/sites/${resourceId}`, { regionId: other })

    expect(kept.body.region.resourceId).toBe(one)
    expect(moved.body.region.resourceId).toBe(other)
  })

  it('refers to a provider by the embedded form, which is all EIM has', async () => {
    const provider = await here.made('/providers', {
      name: 'for-sites',
      providerKind: 'PROVIDER_KIND_BAREMETAL',
      apiEndpoint: '',
    })
    const site = await here.made('/sites', { provider: { resourceId: provider.resourceId } })

    expect(site.provider).toMatchObject({ resourceId: provider.resourceId, name: 'for-sites' })
    const held = await here.call('DELETE', `/providers/${provider.resourceId}`)
    expect(held).toMatchObject({ status: 409, body: { code: 'in-use' } })
    expect(held.body.detail).toContain(`1 site: ${site.resourceId}`)
    await here.call('PATCH', `/sites/${site.resourceId}?fieldMask=provider`, {})
    expect((await here.call('DELETE', `/providers/${provider.resourceId}`)).status).toBe(200)
  })
})

describe('deleting', () => {
  it('is refused with the list of what stands there', async () => {
    const [region] = await nested(1)
    const site = await here.made('/sites', { regionId: region })
    const other = await here.made('/sites', { regionId: region })
    const below = await here.made('/regions', { parentId: region })

    const { status, body } = await here.call('DELETE', `/regions/${region}`)

    expect(status).toBe(409)
    expect(body.code).toBe('in-use')
    expect(body.detail).toContain('2 sites')
    expect(body.detail).toContain('1 region')
    for (const { resourceId } of [site, other, below]) expect(body.detail).toContain(resourceId)
  })

  it('is refused for a site while a host stands there, and no longer when it has gone', async () => {
    const site = await here.made('/sites', { name: 'Occupied' })
    const host = await here.made('/compute/hosts/register', { name: 'press-1', serialNumber: 'SN77001' })
    const placed = await here.call('PATCH', `/compute/hosts/${host.resourceId}`, { siteId: site.resourceId })
    expect(placed.status, placed.text).toBe(200)

    const held = await here.call('DELETE', `/sites/${site.resourceId}`)

    expect(held).toMatchObject({ status: 409, body: { code: 'in-use' } })
    expect(held.body.detail).toContain(host.resourceId)
    await here.call('PATCH', `/compute/hosts/${host.resourceId}`, { siteId: '' })
    expect((await here.call('DELETE', `/sites/${site.resourceId}`)).status).toBe(200)
  })
})

describe('changing', () => {
  it('keeps both of two changes to different members that are sent at once', async () => {
    const [region] = await nested(1)
    const site = await here.made('/sites', { name: 'Before', regionId: region })
    const url = `/sites/${site.resourceId}`

    const answers = await Promise.all([
      here.call('PATCH', `${url}?fieldMask=name`, { name: 'After', siteLat: 5 }),
      here.call('PATCH', `${url}?fieldMask=siteLat`, { name: 'Never', siteLat: 7 }),
      here.call('PATCH', `${url}?fieldMask=site_lng`, { siteLng: 9 }),
      here.call('PATCH', url, { metadata: [label('tier', 'x')] }),
    ])

    expect(answers.map(each => each.status)).toEqual([200, 200, 200, 200])
    expect((await here.get(url)).body).toMatchObject({
      name: 'After',
      siteLat: 7,
      siteLng: 9,
      metadata: [label('tier', 'x')],
      region: { resourceId: region },
    })
  })

  it('clears what a field mask names and the body leaves out', async () => {
    const [region] = await nested(1)
    const { resourceId } = await here.made('/sites', { name: 'Plant', regionId: region, metadata: [label('a', 'b')] })

    const { body } = await here.call('PATCH', `/sites/${resourceId}?fieldMask=region_id,metadata`, { name: 'ignored' })

    expect(body).toMatchObject({ name: 'Plant', metadata: [] })
    expect(body).toMatchObject({ regionId: '', region: { resourceId: '' } })
  })

  it('refuses a field mask that names what there is not', async () => {
    const { resourceId } = await here.made('/sites', {})

    const answer = await here.call('PATCH', `/sites/${resourceId}?fieldMask=name,colour`, { name: 'x' })

    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid' } })
    expect(answer.body.detail).toContain('colour')
  })

  it('reads a null as a member that is not there', async () => {
    const { resourceId } = await here.made('/sites', { name: 'Plant', siteLat: null })

    const { body } = await here.call('PATCH', `/sites/${resourceId}`, { name: null, siteLat: 3 })

    expect(body).toMatchObject({ name: 'Plant', siteLat: 3 })
  })

  it('answers an ETag and refuses a stale If-Match with 412', async () => {
    const { resourceId } = await here.made('/sites', { name: 'Plant' })
    const url = `/sites/${resourceId}`
    const etag = (await here.get(url)).headers.get('etag') ?? ''

    const first = await here.call('PATCH', url, { name: 'Plant 2' }, { 'if-match': etag })
    const second = await here.call('PATCH', url, { name: 'Plant 3' }, { 'if-match': etag })

    expect(etag).toBe('"1"')
    expect(first).toMatchObject({ status: 200 })
    expect(first.headers.get('etag')).toBe('"2"')
    expect(second).toMatchObject({ status: 412, body: { code: 'revision-mismatch' } })
    expect((await here.call('DELETE', url, undefined, { 'if-match': etag })).status).toBe(412)
  })

  it('leaves revision and time alone when nothing differs', async () => {
    const { resourceId, timestamps } = await here.made('/sites', { name: 'Plant' })

    const same = await here.call('PATCH', `/sites/${resourceId}`, { name: 'Plant' })

    expect(same.headers.get('etag')).toBe('"1"')
    expect(same.body.timestamps).toEqual(timestamps)
  })

  it('makes one resource of a request that is sent twice with one Idempotency-Key', async () => {
    const twice = [1, 2].map(() => here.call('POST', '/regions', { name: 'Once' }, { 'idempotency-key': 'k-1' }))
    const [one, other] = await Promise.all(twice)

    expect(one?.body.resourceId).toBe(other?.body.resourceId)
  })

  it('is told in the audit and as an event, in the same words', async () => {
    const { resourceId } = await here.made('/regions', { name: 'Told' })
    await here.call('PATCH', `/regions/${resourceId}`, { name: 'Told again' })
    await here.call('DELETE', `/regions/${resourceId}`)

    const audit = await test.call('GET', '/v1/audit?chain=project:here&limit=1000')

    const lines = audit.body.entries.filter((each: any) => each.target === resourceId)
    expect(lines.map((each: any) => each.action)).toEqual(['region.create', 'region.change', 'region.delete'])
    expect(lines[1].detail).toEqual({ name: 'Told again' })
    const { events } = (await here.get('/events?type=region')).body
    const told = events.filter((each: any) => each.subject === resourceId)
    expect(told.map((each: any) => each.type)).toEqual(['region.created', 'region.changed', 'region.deleted'])
    expect(told[1].data).toEqual({ by: 'tester', name: 'Told again', members: ['name'] })
  })
})

describe('two projects', () => {
  it('do not see each other, by any verb, and answer as for what never was', async () => {
    const region = await here.made('/regions', { name: 'Secret' })
    const site = await here.made('/sites', { name: 'Secret', regionId: region.resourceId })
    const missing = await there.get('/regions/region-00000000')

    for (const path of [`/regions/${region.resourceId}`, `/sites/${site.resourceId}`]) {
      for (const [verb, body] of [['GET'], ['PUT', {}], ['PATCH', { name: 'x' }], ['DELETE']] as const) {
        const answer = await there.call(verb, path, body)
        expect(answer, `${verb} ${path}`).toMatchObject({ status: 404, body: { code: 'not-found' } })
        expect(Object.keys(answer.body)).toEqual(Object.keys(missing.body))
      }
    }
    expect((await there.get(`/regions/${region.resourceId}/sites`)).status).toBe(404)
    expect((await there.call('POST', `/regions/${region.resourceId}/sites`, {})).status).toBe(404)
    const known = await there.call('POST', '/sites', { regionId: region.resourceId })
    const unknown = await there.call('POST', '/sites', { regionId: 'region-00000000' })
    expect([known.status, known.body.code]).toEqual([400, 'reference-unknown'])
    expect(unknown.body).toEqual({
      ...known.body,
      detail: known.body.detail.replace(region.resourceId, 'region-00000000'),
      message: known.body.message.replace(region.resourceId, 'region-00000000'),
    })
    for (const list of ['/regions', '/sites', '/locations']) {
      expect((await there.get(list)).text).not.toContain('Secret')
    }
  })
})

describe('the tree of locations', () => {
  const RESOURCE = { region: 'RESOURCE_KIND_REGION', site: 'RESOURCE_KIND_SITE' }
  let tree: InProject
  const ids: Record<string, string> = {}

  beforeAll(async () => {
    tree = await inProject(test, 'tree')
    const add = async (path: string, body: { name: string }) => {
      ids[body.name] = (await tree.made(path, body)).resourceId
    }
    await add('/regions', { name: 'Europe' })
    await add('/regions', { name: 'Asia' })
    await add('/regions', { name: 'Finland', parentId: ids.Europe } as never)
    await add('/sites', { name: 'Helsinki', regionId: ids.Finland } as never)
    await add('/sites', { name: 'Adrift' })
  })

  it('shows everything, parents before children', async () => {
    const { body } = await tree.get('/locations')

    expect(body.nodes.map((each: any) => each.name)).toEqual(['Asia', 'Europe', 'Finland', 'Adrift', 'Helsinki'])
    expect(body).toMatchObject({ totalElements: 5, outputElements: 5 })
    expect(body.nodes[4]).toEqual({
      resourceId: ids.Helsinki,
      parentId: ids.Finland,
      name: 'Helsinki',
      type: RESOURCE.site,
    })
    expect(body.nodes[0]).toMatchObject({ parentId: '', type: RESOURCE.region })
  })

  it.each([
    ['name=hels&showSites=true', ['Europe', 'Finland', 'Helsinki']],
    ['name=hels&showRegions=true', []],
    ['name=land&showRegions=true', ['Europe', 'Finland']],
    ['name=a&showSites=true', ['Adrift']],
    ['showRegions=true', ['Asia', 'Europe', 'Finland']],
    ['name=eur', ['Europe']],
    ['name=nothing', []],
  ])('%s gives what matches and what stands above it', async (query, names) => {
    const { body } = await tree.get(`/locations?${query}`)

    expect(body.nodes.map((each: any) => each.name)).toEqual(names)
    expect(body.totalElements).toBe(names.length)
  })

  it.each(['showSites=perhaps', `name=${'x'.repeat(51)}`, 'name=%24', 'colour=red'])('refuses ?%s', async query => {
    expect((await tree.get(`/locations?${query}`)).status).toBe(400)
  })
})

describe('lists', () => {
  it.each([
    ['filter=colour%3D1', 'filter-invalid', 'colour'],
    ['filter=name%3D', 'filter-invalid', 'column 6'],
    ['filter=name%3Da+AND', 'filter-invalid', 'column'],
    ['orderBy=colour', 'order-invalid', 'colour'],
    ['orderBy=name;drop+table', 'order-invalid', 'table'],
    ['cursor=nonsense', 'cursor-invalid', ''],
    ['pageSize=0', 'invalid', 'pageSize'],
    ['pageSize=501', 'invalid', 'pageSize'],
    ['pageSize=ten', 'invalid', 'pageSize'],
    ['offset=-1', 'invalid', 'offset'],
    ['colour=red', 'invalid', 'colour'],
  ])('refuse ?%s with %s', async (query, code, word) => {
    const { status, body } = await here.get(`/regions?${query}`)

    expect(status).toBe(400)
    expect(body.code).toBe(code)
    expect(JSON.stringify(body)).toContain(word)
  })

  it('follow references in filters, five deep', async () => {
    const project = await inProject(test, 'followed')
    const country = await project.made('/regions', { name: 'Country' })
    const town = await project.made('/regions', { name: 'Town', parentId: country.resourceId })
    const site = await project.made('/sites', { name: 'Plant', regionId: town.resourceId })
    await project.made('/sites', { name: 'Adrift' })

    for (const filter of [
      `region.resourceId="${town.resourceId}"`,
      'region.name = "tow"',
      `region.parentRegion.resourceId="${country.resourceId}"`,
      'region.parent_region.name = "COUNTRY" AND has(region)',
      'NOT name = adrift',
    ]) {
      const { body } = await project.get(`/sites?filter=${encodeURIComponent(filter)}`)
      expect(
        body.sites?.map((each: any) => each.resourceId),
        `${filter} ${JSON.stringify(body)}`,
      ).toEqual([site.resourceId])
    }
  })

  it('find regions by a label as EIM writes it', async () => {
    const project = await inProject(test, 'labelled')
    await project.made('/regions', { name: 'A', metadata: [label('tier', 'gold')] })
    await project.made('/regions', { name: 'B', metadata: [label('tier', 'golden')] })

    const filter = encodeURIComponent(`metadata='{"key":"tier","value":"gold"}'`)
    const { body } = await project.get(`/regions?filter=${filter}`)

    expect(body.regions.map((each: any) => each.name)).toEqual(['A'])
  })

  it('refuse a cursor under another question', async () => {
    const project = await inProject(test, 'paged')
    for (const name of ['a', 'b', 'c']) await project.made('/regions', { name })
    const { nextCursor } = (await project.get('/regions?pageSize=1&orderBy=name+desc')).body

    const next = await project.get(`/regions?pageSize=1&orderBy=name+desc&cursor=${nextCursor}`)
    const other = await project.get(`/regions?pageSize=1&orderBy=name&cursor=${nextCursor}`)

    expect(next.body.regions[0].name).toBe('b')
    expect(other).toMatchObject({ status: 400, body: { code: 'cursor-invalid' } })
  })
})
