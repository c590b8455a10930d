// SPDX-License-Identifier: Apache-2.0
/** Many writers at once: nothing is lost, nothing is made twice, and who comes too late is told so. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, startTestController, type TestController } from '../support/controller.ts'
import { type InProject, inProject } from '../support/inventory.ts'

const MANY = 50

let test: TestController
let project: InProject
beforeAll(async () => {
  test = await startTestController()
  project = await inProject(test, 'crowd')
})
afterAll(() => test.stop())

const times = <T>(count: number, act: (at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => act(at)))
const tally = (answers: readonly Answer[]): Record<number, number> => {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
const host = async (name: string, serialNumber: string): Promise<string> =>
  (await project.made('/compute/hosts/register', { name, serialNumber })).resourceId

describe('changes of one resource at once', () => {
  it('keep every member of a site that somebody changed', async () => {
    const region = await project.made('/regions', { name: 'all' })
    const { resourceId } = await project.made('/sites', { name: 'plant' })
    const bodies = [
      { name: 'works' },
      { siteLat: 7 },
      { siteLng: -7 },
      { regionId: region.resourceId },
      { metadata: [{ key: 'tier', value: 'gold' }] },
    ]

    const answers = await times(MANY, at => project.call('PATCH', `/sites/${resourceId}`, bodies[at % bodies.length]))

    expect(tally(answers)).toEqual({ 200: MANY })
    const { body } = await project.get(`/sites/${resourceId}`)
    expect(body).toMatchObject(Object.assign({}, ...bodies))
  })

  it('keep every member of a host that somebody changed, and one whole set of labels', async () => {
    const site = await project.made('/sites', { name: 'here' })
    const id = await host('crowded', 'CROWD001')
    const bodies = [{ name: 'moved' }, { note: 'kept' }, { siteId: site.resourceId }]
    const labels = (at: number) => ['a', 'b', 'c'].map(key => ({ key, value: `v${at}` }))

    const answers = await times(MANY, at =>
      project.call('PATCH', `/compute/hosts/${id}`, at % 2 === 0 ? bodies[(at / 2) % 3] : { metadata: labels(at) }),
    )

    expect(tally(answers)).toEqual({ 200: MANY })
    const { body } = await project.get(`/compute/hosts/${id}`)
    expect(body).toMatchObject(Object.assign({}, ...bodies))
    expect(new Set(body.metadata.map((each: { value: string }) => each.value)).size).toBe(1)
    const found = await project.get(`/compute/hosts?filter=${encodeURIComponent('has(metadata.a)')}`)
    expect(found.body.hosts.map((each: { resourceId: string }) => each.resourceId)).toEqual([id])
  })

  it('let one of many who read the same revision through, and tell the others', async () => {
    const { resourceId } = await project.made('/regions', { name: 'first' })
    const id = await host('tagged', 'CROWD002')
    for (const [path, body] of [
      [`/regions/${resourceId}`, (at: number) => ({ name: `r${at}` })],
      [`/compute/hosts/${id}`, (at: number) => ({ name: `h${at}` })],
    ] as const) {
      const etag = (await project.get(path)).headers.get('etag') ?? ''

      const answers = await times(20, at => project.call('PUT', path, body(at), { 'if-match': etag }))

      expect(tally(answers)).toEqual({ 200: 1, 412: 19 })
      const late = answers.find(({ status }) => status === 412)
      expect(late?.body).toMatchObject({ code: 'revision-mismatch' })
      const { headers, body: now } = await project.get(path)
      expect(now.name).toBe(body(answers.findIndex(({ status }) => status === 200)).name)
      expect(headers.get('etag')).not.toBe(etag)
      const again = await project.call('PUT', path, { name: 'last' }, { 'if-match': headers.get('etag') ?? '' })
      expect(again.status).toBe(200)
      expect(again.headers.get('etag')).not.toBe(headers.get('etag'))
      expect((await project.call('PATCH', path, { name: 'x' }, { 'if-match': etag })).status).toBe(412)
      expect((await project.call('DELETE', path, undefined, { 'if-match': etag })).status).toBe(412)
      expect((await project.call('DELETE', path, undefined, { 'if-match': '*' })).status).toBe(200)
    }
  })
})

describe('makers at once', () => {
  it('register one host for a serial number, in whatever case, and name it to the others', async () => {
    const answers = await times(MANY, at =>
      project.call('POST', '/compute/hosts/register', {
        name: `n${at}`,
        serialNumber: at % 2 === 0 ? 'ABCDEF9' : 'abcdef9',
      }),
    )

    expect(tally(answers)).toEqual({ 200: 1, 409: MANY - 1 })
    const winner = answers.find(({ status }) => status === 200)?.body
    for (const { status, body } of answers)
      if (status === 409) expect(body).toMatchObject({ code: 'host-exists', fields: { host: winner.resourceId } })
  })

  it('register one host for a UUID and a serial number that come apart', async () => {
    const uuid = '00000000-0000-4000-8000-00000000abcd'
    const keys = [{ uuid }, { serialNumber: 'APART001' }, { uuid: uuid.toUpperCase(), serialNumber: 'APART001' }]
    const answers = await times(MANY, at => project.call('POST', '/compute/hosts/register', keys[at % 3]))

    const made = answers.filter(({ status }) => status === 200)
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true)
    expect(new Set(made.flatMap(({ body }) => body.uuid ?? [])).size).toBe(made.filter(({ body }) => body.uuid).length)
    expect(made.filter(({ body }) => body.serialNumber !== undefined).length).toBeLessThanOrEqual(1)
  })

  it('make one of what has a unique name', async () => {
    const sha256 = 'e'.repeat(64)
    const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f crowd'
    for (const [path, body] of [
      ['/compute/os', { name: 'one', sha256, imageUrl: 'https://images/one' }],
      ['/localAccounts', { username: 'crowd', sshKey: key }],
      ['/customConfigs', { name: 'one', config: '#cloud-config\npackages: [jq]\n' }],
    ] as const) {
      const answers = await times(20, () => project.call('POST', path, body))
      expect([path, tally(answers)]).toEqual([path, { 200: 1, 409: 19 }])
    }
  })

  it('give one instance to a host', async () => {
    const hostID = await host('single', 'CROWD003')
    const answers = await times(20, () =>
      project.call('POST', '/compute/instances', { kind: 'INSTANCE_KIND_METAL', hostID }),
    )

    expect(tally(answers)).toEqual({ 200: 1, 409: 19 })
  })

  it('make one thing of a request that is sent again and again', async () => {
    for (const [path, body] of [
      ['/regions', { name: 'again' }],
      ['/compute/hosts/register', { name: 'again', serialNumber: 'AGAIN001' }],
      ['/compute/hosts', { name: 'again' }],
    ] as const) {
      const headers = { 'idempotency-key': `key of ${path}` }
      const answers = await times(20, () => project.call('POST', path, body, headers))

      expect(tally(answers)).toEqual({ 200: 20 })
      expect(new Set(answers.map(each => each.body.resourceId)).size).toBe(1)
      const other = await project.call('POST', path, { ...body, name: 'other' }, headers)
      expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-mismatch' } })
    }
  })
})

describe('a removal among changes', () => {
  it('happens once, and changes behind it find nothing', async () => {
    for (const [path, body] of [
      [`/regions/${(await project.made('/regions', { name: 'going' })).resourceId}`, { name: 'still' }],
      [`/compute/hosts/${await host('going', 'CROWD004')}`, { note: 'still' }],
      [`/providers/${(await project.made('/providers', PROVIDER)).resourceId}`, { config: 'x' }],
    ] as const) {
      const answers = await times(MANY, at =>
        at % 5 === 4 ? project.call('DELETE', path) : project.call('PATCH', path, body),
      )

      expect(
        answers.every(({ status }) => status === 200 || status === 404),
        JSON.stringify(tally(answers)),
      ).toBe(true)
      expect(answers.filter(({ status }, at) => at % 5 === 4 && status === 200)).toHaveLength(1)
      expect((await project.get(path)).status).toBe(404)
    }
  })

  it('never leaves behind what refers to nothing', async () => {
    const rounds = await times(10, async at => {
      const region = (await project.made('/regions', { name: `r${at}` })).resourceId
      const [gone, made] = await Promise.all([
        project.call('DELETE', `/regions/${region}`),
        project.call('POST', '/sites', { name: `s${at}`, regionId: region }),
      ])
      return { region, gone, made }
    })

    for (const { region, gone, made } of rounds) {
      expect([`${gone.status} ${made.status}`]).toEqual([expect.stringMatching(/^(200 40[049]|409 200)$/)])
      expect((await project.get(`/regions/${region}`)).status).toBe(gone.status === 200 ? 404 : 200)
    }
  })

  it('keeps two regions from becoming parents of one another', async () => {
    const [a, b] = [await project.made('/regions', { name: 'a' }), await project.made('/regions', { name: 'b' })]

    const answers = await Promise.all([
      project.call('PATCH', `/regions/${a.resourceId}`, { parentId: b.resourceId }),
      project.call('PATCH', `/regions/${b.resourceId}`, { parentId: a.resourceId }),
      project.call('PUT', `/regions/${a.resourceId}`, { name: 'a', parentId: a.resourceId }),
    ])

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const { status } of answers) expect(status).toBeLessThan(500)
  })
})

const PROVIDER = { name: 'crowd', providerKind: 'PROVIDER_KIND_BAREMETAL', apiEndpoint: 'https://none' }
