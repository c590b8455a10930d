// SPDX-License-Identifier: Apache-2.0
/** What a host was: its status in turn, the host as of a time, and the bounds of what is kept. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_MODULES } from '../../controller/config.ts'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { enrollWire, messageId, openWire, type WireIdentity, type WireSession } from '../support/wire-host.ts'

const VALUES = 4
let test: TestController
let press: WireIdentity
let session: WireSession

beforeAll(async () => {
  test = await startTestController({
    config: { modules: { ...DEFAULT_MODULES, inventory: { history: { values: VALUES, documents: 3 } } } },
  })
  press = await enrollWire(test, { hostname: 'press-04', serial: 'SN-4' })
  session = await openWire(test, press)
  await session.birth()
})
afterAll(async () => {
  await session.end()
  await test.stop()
})

const path = (more = '') => `/v1/projects/default/compute/hosts/${press.host}${more}`
const history = async (part: string, more = '') =>
  (await test.call('GET', path(`/history?part=${part}&limit=500${more}`))).body
const now = () => new Date().toISOString()
/** Two changes within one millisecond could not be told apart by a time. */
const later = () =>
  until(
    async () => now(),
    moment => moment > seen,
    1_000,
  ).then(moment => (seen = moment))
let seen = now()

async function report(section: string, observed: unknown): Promise<void> {
  await session.publish(`reported/${section}`, {
    id: messageId(),
    revision: 0,
    status: 'settled',
    observed,
    plugin: { name: section, version: '1.0.0' },
    at: now(),
  })
  await session.next('/receipt')
}

describe('a host as of a time', () => {
  it('has the name, labels and reports of then', async () => {
    await report('os', {
      release: { name: 'Debian', version: '13' },
      kernel: { release: '6.12.1' },
      packages: { count: 400 },
      hostname: 'press-04',
      bootedAt: '2026-11-21T04:00:00.000Z',
    })
    seen = now()
    const before = await later()
    await later()
    await test.call('PATCH', path(), { name: 'press-05', metadata: [{ key: 'line', value: '4' }] })
    await report('os', {
      release: { name: 'Debian', version: '14' },
      kernel: { release: '7.0.1' },
      packages: { count: 410 },
      hostname: 'press-04',
      bootedAt: '2026-11-21T05:00:00.000Z',
    })

    const { body: then } = await test.call('GET', path(`?asOf=${before}`))
    const { body: present } = await test.call('GET', path('?asOf=0s'))
    expect(then).toMatchObject({ name: 'press-04', metadata: [], asOf: before, hostStatus: 'Running' })
    expect(then.operatingSystem).toMatchObject({ version: '13', kernel: '6.12.1' })
    expect(present).toMatchObject({ name: 'press-05', metadata: [{ key: 'line', value: '4' }] })
    expect(present.operatingSystem).toMatchObject({ version: '14' })
  })

  it('is known from the moment it was made, with the labels and the site it was made with', async () => {
    const project = '/v1/projects/default'
    const site = (await test.call('POST', `${project}/sites`, { name: 'hall 4' })).body.resourceId
    const wish = { siteId: site, metadata: [{ key: 'line', value: '7' }] }
    for (const made of [
      await test.call('POST', `${project}/compute/hosts`, { name: 'labeled', ...wish }),
      await test.call('POST', `${project}/compute/hosts/register`, { serialNumber: 'MADE0001', ...wish }),
    ]) {
      const { resourceId, timestamps } = made.body
      const asOf = (moment: string) => test.call('GET', `${project}/compute/hosts/${resourceId}?asOf=${moment}`)
      const justBefore = new Date(Date.parse(timestamps.createdAt) - 1).toISOString()
      expect((await asOf(timestamps.createdAt)).body).toMatchObject({ ...wish, asOf: timestamps.createdAt })
      expect((await asOf(justBefore)).status).toBe(404)
    }
  })

  it('is not known before the first that is kept, and says since when', async () => {
    const { status, body } = await test.call('GET', path('?asOf=365d'))

    expect(status).toBe(404)
    expect(body.code).toBe('not-known-then')
    expect(Date.parse(body.fields.knownSince)).toBeLessThanOrEqual(Date.now())
  })

  it.each(['yesterday', '2026-02-31T00:00:00Z', '2999-01-01T00:00:00Z', ''])('refuses %j', async asOf => {
    const { status, body } = await test.call('GET', path(`?asOf=${encodeURIComponent(asOf)}`))

    expect(status).toBe(400)
    expect(body.code).toBe('invalid')
  })
})

describe('the history', () => {
  it('keeps what differs only', async () => {
    const { values: before } = await history('record')
    await test.call('PATCH', path(), { name: 'press-05' })
    await test.call('PATCH', path(), { note: 'by the door' })

    const { values } = await history('record')
    expect(values).toHaveLength(before.length + 1)
    expect(values[0].value.note).toBe('by the door')
  })

  it('tells when the host was there, without gaps, with durations', async () => {
    await session.end()
    await test.until(press.host, host => !host.presence.online)
    session = await openWire(test, press)
    await session.birth()

    const { values } = await history('status')
    expect(values.slice(0, 2).map((each: any) => each.value.text)).toEqual(['Running', 'No Connection'])
    for (const [at, each] of values.slice(1).entries()) {
      expect(each.until).toBe(values[at].at)
      expect(each.durationMs).toBe(Date.parse(each.until) - Date.parse(each.at))
    }
  })

  it('stays within its bounds however often a host comes and goes', async () => {
    for (let round = 0; round < VALUES; round++) {
      await session.end()
      await test.until(press.host, host => !host.presence.online)
      session = await openWire(test, press)
      await session.birth()
    }
    for (let round = 0; round < 6; round++) await report('power', { bootId: `boot-${round}`, canReboot: true })

    const { parts, values } = await history('status')
    expect(values).toHaveLength(VALUES)
    expect(values[0].value.text).toBe('Running')
    expect(parts.find((each: any) => each.part === 'section:power').values).toBe(3)
    expect((await history('section:power')).values[0].value.observed.bootId).toBe('boot-5')
  })

  it('goes on page by page', async () => {
    const first = (await test.call('GET', path('/history?limit=3'))).body
    const second = (await test.call('GET', path(`/history?limit=500&after=${first.next}`))).body

    expect(first.hasMore).toBe(true)
    expect([...first.values, ...second.values].map((each: any) => each.n)).toEqual(
      (await history('status')).values.map((each: any) => each.n),
    )
  })

  it('notices after a restart that nobody is there', async () => {
    await test.restart()

    const { values } = await until(
      () => history('status'),
      found => found.values[0].value.text !== 'Running',
    )
    expect(values[0].value.text).toBe('No Connection')
    session = await openWire(test, press)
    await session.birth()
  })

  it('is forgotten with the host', async () => {
    const gone = await enrollWire(test, { hostname: 'gone', serial: 'SN-9' })
    const of = `/v1/projects/default/compute/hosts/${gone.host}`
    expect((await test.call('GET', `${of}/history`)).body.values.length).toBeGreaterThan(0)
    await test.call('DELETE', of)

    expect((await test.call('GET', `${of}/history`)).status).toBe(404)
    expect((await test.call('GET', `${of}?asOf=0s`)).status).toBe(404)
  })
})
