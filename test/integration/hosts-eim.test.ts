// SPDX-License-Identifier: Apache-2.0
/** The host resource as EIM's clients write it: create, replace, patch, move, invalidate, and delete in two phases. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { askIn, enrollWire, openWire } from '../support/wire-host.ts'

let test: TestController
beforeAll(async () => {
  test = await startTestController({
    config: { modules: { onboarding: { failuresPerMinute: 1_000 }, inventory: {}, oob: {} } },
  })
})
afterAll(() => test.stop())

const project = '/v1/projects/default'
const hosts = `${project}/compute/hosts`
const made = async (path: string, body: object): Promise<any> => {
  const answer = await test.call('POST', `${project}${path}`, body)
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}
const read = async (host: string) => (await test.call('GET', `${hosts}/${host}`)).body
const labels = (...pairs: string[]) => pairs.map(pair => ({ key: pair.split('=')[0]!, value: pair.split('=')[1]! }))

describe('writing a host', () => {
  it('creates one by name, with its site, labels and UUID, ignoring what is read-only', async () => {
    const site = await made('/sites', { name: 'north' })
    const host = await made('/compute/hosts', {
      name: 'made',
      uuid: 'B0000000-0000-4000-8000-000000000001',
      siteId: site.resourceId,
      metadata: labels('line=4'),
      hostStatus: 'whatever',
      cpuCores: 12,
      instance: { resourceId: 'inst-00000000' },
    })
    expect(host).toMatchObject({
      name: 'made',
      uuid: 'b0000000-0000-4000-8000-000000000001',
      site: { resourceId: site.resourceId, name: 'north' },
      metadata: labels('line=4'),
      desiredState: 'HOST_STATE_ONBOARDED',
      currentState: 'HOST_STATE_REGISTERED',
    })
    expect(host.instance).toBeUndefined()
    expect((await test.call('POST', hosts, { metadata: [] })).status).toBe(400)
    expect((await test.call('POST', hosts, { name: 'x', site: { resourceId: 'site-00000000' } })).status).toBe(400)
    expect((await test.call('POST', hosts, { name: 'x', color: 'red' })).status).toBe(400)
  })

  it('takes a whole host back as it was read, and resets by PUT what is left out', async () => {
    const site = await made('/sites', { name: 'back' })
    const identity = await enrollWire(test, { serial: 'WHOLE001', uuid: 'b0000000-0000-4000-8000-000000000002' })
    const session = await openWire(test, identity)
    await session.birth()
    await test.call('PATCH', `${hosts}/${identity.host}`, {
      siteId: site.resourceId,
      metadata: labels('a=1'),
      name: 'n',
    })
    await test.until(identity.host, host => host.presence?.online)
    const whole = await read(identity.host)
    const same = await test.call('PUT', `${hosts}/${identity.host}`, whole)
    expect(same.status, same.text).toBe(200)
    expect(same.body).toMatchObject({ name: 'n', metadata: labels('a=1'), site: { resourceId: site.resourceId } })
    const bare = await test.call('PUT', `${hosts}/${identity.host}`, { name: 'bare' })
    expect(bare.body).toMatchObject({ name: 'bare', metadata: [], serialNumber: 'WHOLE001' })
    expect(bare.body.site).toBeUndefined()
    expect((await test.call('PUT', `${hosts}/${identity.host}`, { metadata: [] })).status).toBe(400)
    const other = await test.call('PUT', `${hosts}/${identity.host}`, {
      name: 'x',
      uuid: 'b0000000-0000-4000-8000-00000000ffff',
    })
    expect(other).toMatchObject({ status: 400, body: { code: 'invalid' } })
    await session.end()
  })

  it('changes only what a mask names, in either spelling, and clears what it names and the body lacks', async () => {
    const site = await made('/sites', { name: 'mask' })
    const host = await made('/compute/hosts', { name: 'masked', siteId: site.resourceId, metadata: labels('a=1') })
    const path = `${hosts}/${host.resourceId}`
    const named = await test.call('PATCH', `${path}?fieldMask=name`, { name: 'new', metadata: labels('b=2') })
    expect(named.body).toMatchObject({ name: 'new', metadata: labels('a=1') })
    const cleared = await test.call('PATCH', `${path}?fieldMask=site_id,metadata,hostStatus`, {})
    expect(cleared.body).toMatchObject({ name: 'new', metadata: [] })
    expect(cleared.body.site).toBeUndefined()
    const wrong = await test.call('PATCH', `${path}?fieldMask=name,color`, { name: 'x' })
    expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid' } })
    expect(wrong.body.message).toContain('color')
  })

  it('keeps both of two changes of different members that come at once', async () => {
    const { resourceId } = await made('/compute/hosts', { name: 'both' })
    const path = `${hosts}/${resourceId}`
    await Promise.all([
      test.call('PATCH', path, { name: 'left' }),
      test.call('PATCH', path, { metadata: labels('right=1') }),
    ])
    expect(await read(resourceId)).toMatchObject({ name: 'left', metadata: labels('right=1') })
  })

  it('holds labels to their limits', async () => {
    const { resourceId } = await made('/compute/hosts', { name: 'labels' })
    const put = async (metadata: object[]) => (await test.call('PATCH', `${hosts}/${resourceId}`, { metadata })).status
    const many = (count: number) => Array.from({ length: count }, (_, at) => ({ key: `k${at}`, value: 'v' }))
    expect(await put(many(100))).toBe(200)
    expect(await put([{ key: `${'p'.repeat(252)}/${'n'.repeat(63)}`, value: 'v'.repeat(63) }])).toBe(200)
    for (const bad of [
      many(101),
      [{ key: 'n'.repeat(64), value: 'v' }],
      [{ key: `${'p'.repeat(254)}/n`, value: 'v' }],
      [{ key: 'k', value: 'v'.repeat(64) }],
      [{ key: 'Upper', value: 'v' }],
      [{ key: 'k', value: 'with space' }],
      labels('a=1', 'a=2'),
      [{ key: 'k' }],
    ])
      expect(await put(bad), JSON.stringify(bad).slice(0, 80)).toBe(400)
  })

  it('shows what a host takes over from its site and regions, the nearest first, and where each label comes from', async () => {
    const outer = await made('/regions', { name: 'outer', metadata: labels('tier=outer', 'country=de', 'net=o') })
    const inner = await made('/regions', { name: 'inner', parentId: outer.resourceId, metadata: labels('tier=inner') })
    const site = await made('/sites', { name: 's', regionId: inner.resourceId, metadata: labels('net=s', 'line=s') })
    const host = await made('/compute/hosts', { name: 'h', siteId: site.resourceId, metadata: labels('line=h') })
    const pairs = (list: any[]) => Object.fromEntries(list.map(({ key, value }) => [key, value]))
    expect(pairs(host.inheritedMetadata)).toEqual({ net: 's', tier: 'inner', country: 'de' })
    expect(host.metadataSources).toEqual(
      expect.arrayContaining([
        { key: 'line', value: 'h', source: host.resourceId },
        { key: 'net', value: 's', source: site.resourceId },
        { key: 'tier', value: 'inner', source: inner.resourceId },
        { key: 'country', value: 'de', source: outer.resourceId },
      ]),
    )
    expect(host.site.region).toMatchObject({
      resourceId: inner.resourceId,
      parentRegion: { resourceId: outer.resourceId },
    })
  })

  it('finds hosts by their site, its region, and whether they have an instance', async () => {
    const region = await made('/regions', { name: 'found region' })
    const site = await made('/sites', { name: 'found site', regionId: region.resourceId })
    const [one, two] = [
      await made('/compute/hosts', { name: 'found-1', siteId: site.resourceId }),
      await made('/compute/hosts', { name: 'found-2', siteId: site.resourceId }),
    ]
    await heldBy(two.resourceId)
    const found = async (filter: string) => {
      const answer = await test.call('GET', `${hosts}?orderBy=name&filter=${encodeURIComponent(filter)}`)
      expect(answer.status, answer.text).toBe(200)
      return answer.body.hosts.map((host: any) => host.name)
    }
    expect(await found(`site.resourceId="${site.resourceId}"`)).toEqual([one.name, two.name])
    expect(await found('site.region.name = "found region" AND NOT has(instance)')).toEqual(['found-1'])
    expect(await found('name = "found" AND has(instance)')).toEqual(['found-2'])
  })

  it('orders activation at registration, and refuses to change the control mode once that is ordered, by PUT too', async () => {
    const host = (await test.call('POST', `${hosts}/register`, { serialNumber: 'VPRO0001', enableVpro: true })).body
    expect(host).toMatchObject({ desiredAmtState: 'AMT_STATE_PROVISIONED', desiredPowerState: 'POWER_STATE_ON' })
    const path = `${hosts}/${host.resourceId}`
    // Sent back whole, its orders are no new ones; by itself the same order is.
    expect((await test.call('PUT', path, await read(host.resourceId))).status).toBe(200)
    expect((await test.call('PATCH', path, await read(host.resourceId))).status).toBe(200)
    const power = await test.call('PATCH', path, { desiredPowerState: 'POWER_STATE_ON' })
    expect(power).toMatchObject({ status: 409, body: { code: 'amt-not-provisioned' } })
    const set = await test.call('PATCH', path, {
      desiredAmtState: 'AMT_STATE_PROVISIONED',
      amtControlMode: 'AMT_CONTROL_MODE_CCM',
    })
    expect(set.status, set.text).toBe(200)
    const put = await test.call('PUT', path, { name: host.name, amtControlMode: 'AMT_CONTROL_MODE_ACM' })
    expect(put).toMatchObject({ status: 409, body: { code: 'control-mode-fixed' } })
    expect((await test.call('PATCH', path, { desiredPowerState: 'NONSENSE' })).status).toBe(400)
    const off = await test.call('PATCH', `${path}/register`, { enableVpro: false })
    expect(off.body).toMatchObject({ desiredAmtState: 'AMT_STATE_UNPROVISIONED' })
  })
})

describe('invalidating a host', () => {
  it('takes the note in the query or the body or not at all, and cuts the host off', async () => {
    for (const [query, body] of [
      ['?note=stolen', undefined],
      ['', { note: 'stolen' }],
      ['', undefined],
    ] as const) {
      const identity = await enrollWire(test)
      const answer = await test.call('PUT', `${hosts}/${identity.host}/invalidate${query}`, body)
      expect(answer).toMatchObject({ status: 200, body: {} })
      const host = await read(identity.host)
      expect(host).toMatchObject({
        desiredState: 'HOST_STATE_UNTRUSTED',
        currentState: 'HOST_STATE_UNTRUSTED',
        hostStatus: 'Invalidated',
        onboardingStatus: 'Invalidated',
      })
      expect(host.note).toBe(query === '' && body === undefined ? undefined : 'stolen')
      await expect(openWire(test, identity)).rejects.toThrow()
    }
  })
})

describe('deleting a host', () => {
  it('answers {} and forgets it, and its serial number is free again', async () => {
    const identity = await enrollWire(test, { serial: 'AGAIN001' })
    const gone = await test.call('DELETE', `${hosts}/${identity.host}`)
    expect(gone).toMatchObject({ status: 200, body: {} })
    expect((await test.call('GET', `${hosts}/${identity.host}`)).status).toBe(404)
    expect((await test.call('DELETE', `${hosts}/${identity.host}`)).status).toBe(404)
    const again = await test.call('POST', `${hosts}/register`, { serialNumber: 'AGAIN001', autoOnboard: true })
    expect(again.status).toBe(200)
    const came = await askIn(test, await test.joinToken(), { serial: 'AGAIN001' })
    expect(came.body.host).toBe(again.body.resourceId)
  })

  it('waits for its instance, cut off at once, and goes when the instance has', async () => {
    const identity = await enrollWire(test, { serial: 'HELD0001' })
    const instance = await heldBy(identity.host)
    const path = `${hosts}/${identity.host}`
    expect(await test.call('DELETE', path, { note: 'scrapped' })).toMatchObject({ status: 200, body: {} })
    expect(await read(identity.host)).toMatchObject({
      desiredState: 'HOST_STATE_DELETED',
      currentState: 'HOST_STATE_UNTRUSTED',
      hostStatus: `Deleting: waiting on ${instance} deletion`,
      hostStatusIndicator: 'STATUS_INDICATION_IN_PROGRESS',
      note: 'scrapped',
      instance: { resourceId: instance },
    })
    await expect(openWire(test, identity)).rejects.toThrow()
    const twin = await test.call('POST', `${hosts}/register`, { serialNumber: 'HELD0001' })
    expect(twin).toMatchObject({ status: 409, body: { fields: { host: identity.host } } })
    const back = await askIn(test, await test.joinToken(1, { serial: 'HELD0001' }), { serial: 'HELD0001' })
    expect(back).toMatchObject({ status: 202 })
    expect(back.body.why).toContain('is being deleted')
    expect((await test.call('PATCH', `${path}/onboard`)).body.code).toBe('host-deleting')
    const removed = await test.call('DELETE', `${project}/compute/instances/${instance}`)
    expect(removed.status, removed.text).toBe(200)
    await until(
      async () => (await test.call('GET', path)).status,
      status => status === 404,
    )
    expect((await test.call('POST', `${hosts}/register`, { serialNumber: 'HELD0001' })).status).toBe(200)
  })

  it('does not wait when it is forced', async () => {
    const identity = await enrollWire(test, { serial: 'FORCED01' })
    const instance = await heldBy(identity.host)
    await test.call('DELETE', `${hosts}/${identity.host}`)
    expect((await test.call('DELETE', `${hosts}/${identity.host}?force=true`)).status).toBe(200)
    expect((await test.call('GET', `${hosts}/${identity.host}`)).status).toBe(404)
    expect((await test.call('GET', `${project}/compute/instances/${instance}`)).status).toBe(404)
  })
})

let systems = 0
async function heldBy(host: string): Promise<string> {
  systems++
  const os = await made('/compute/os', {
    name: `os ${systems}`,
    sha256: String(systems).repeat(64),
    imageUrl: `https://images.example/${systems}`,
    profileName: `p${systems}`,
    osType: 'OS_TYPE_MUTABLE',
    osProvider: 'OS_PROVIDER_KIND_INFRA',
    architecture: 'x86_64',
    securityFeature: 'SECURITY_FEATURE_NONE',
  })
  const instance = await made('/compute/instances', {
    name: 'one',
    kind: 'INSTANCE_KIND_METAL',
    hostID: host,
    osID: os.resourceId,
    securityFeature: 'SECURITY_FEATURE_NONE',
  })
  return instance.resourceId
}
