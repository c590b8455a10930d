// SPDX-License-Identifier: Apache-2.0
/** EIM's series on /metrics: for every host, for nobody's eyes but their own, one value at a time. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { enrollWire, openWire, type WireIdentity, type WireSession } from '../support/wire-host.ts'

let test: TestController
let press: WireIdentity
let saw: WireIdentity
let session: WireSession

beforeAll(async () => {
  test = await startTestController()
  press = await enrollWire(test, { hostname: 'press-04', serial: 'SN-4', uuid: '4c4c4544-0042-3510-8053-b8c04f563432' })
  saw = await enrollWire(test, { hostname: 'saw "1"\\', serial: 'SN-1' })
  await test.call('PUT', '/v1/projects/other', {})
  session = await openWire(test, press)
  await session.birth()
  await test.until(press.host, host => host.presence.online)
})
afterAll(async () => {
  await session.end()
  await test.stop()
})

const scrape = async (query = '', token = test.token) =>
  test.call('GET', `/metrics${query}`, undefined, { authorization: `Bearer ${token}` })
const linesOf = (text: string, family: string, host: string) =>
  text.split('\n').filter(line => line.startsWith(`${family}{hostID="${host}"`))
const tokenFor = async (more: object) =>
  (
    await test.call('POST', '/v1/access/tokens', {
      name: 'scraper',
      permissions: ['host.read'],
      expiresInMs: 3_600_000,
      ...more,
    })
  ).body.token as string

describe('the series of a host', () => {
  it('have 1 for the status that holds and 0 for the others', async () => {
    const { text } = await scrape()
    const lines = linesOf(text, 'edge_host_status', press.host)

    expect(lines.filter(line => line.endsWith(' 1'))).toHaveLength(1)
    expect(lines.find(line => line.endsWith(' 1'))).toContain('status="Running"')
    expect(lines.some(line => line.includes('status="No Connection"') && line.endsWith(' 0'))).toBe(true)
    for (const family of ['provisioning', 'onboarding', 'update'])
      expect(linesOf(text, `edge_host_${family}_status`, press.host).filter(line => line.endsWith(' 1'))).toHaveLength(
        1,
      )
  })

  it('carry the labels of EIM', async () => {
    const { uuid } = (await test.call('GET', '/v1/projects/default')).body
    const [line] = linesOf((await scrape()).text, 'edge_host_schedule', press.host)

    for (const label of ['name="press-04"', 'hostname="press-04"', 'serial="SN-4"', 'display_name="press-04"'])
      expect(line).toContain(label)
    expect(line).toContain('deviceGuid="4c4c4544-0042-3510-8053-b8c04f563432"')
    if (uuid !== undefined) expect(line).toContain(`projectId="${uuid}"`)
  })

  it('say when the host is in maintenance', async () => {
    const start = Math.floor(Date.now() / 1_000) + 1
    const made = await test.call('POST', '/v1/projects/default/schedules/single', {
      name: 'fan',
      scheduleStatus: 'SCHEDULE_STATUS_MAINTENANCE',
      startSeconds: start,
      targetHostId: press.host,
    })
    expect(made.status, made.text).toBe(200)
    await expect
      .poll(async () => linesOf((await scrape()).text, 'edge_host_schedule', press.host)[0], { timeout: 5_000 })
      .toMatch(/ 1$/)
    expect(linesOf((await scrape()).text, 'edge_host_schedule', saw.host)[0]).toMatch(/ 0$/)
  })

  it('stand in one group each, under one head', async () => {
    const families = (await scrape()).text
      .split('\n')
      .filter(line => line.startsWith('edge_') || line.startsWith('# TYPE edge_'))
      .map(line => line.replace('# TYPE ', '').split(/[{ ]/)[0])
    const heads = families.filter((family, at) => family !== families[at - 1])

    expect(heads).toEqual([...new Set(heads)])
    expect(heads).toHaveLength(6)
  })
})

describe('who sees what', () => {
  it('the installation has its own figures beside them', async () => {
    const { text } = await scrape()

    expect(text).toContain('muster_hosts_online 1')
    expect(text).toContain(press.host)
  })

  it('a project alone is asked for by name', async () => {
    expect((await scrape('?project=default')).text).toContain(press.host)
    expect((await scrape('?project=other')).text).not.toContain(press.host)
    expect((await scrape('?project=default')).text).not.toContain('muster_hosts_online')
    expect((await scrape('?project=nowhere')).status).toBe(404)
  })

  it('a token of a project sees the hosts of that project only', async () => {
    const token = await tokenFor({ project: 'other' })

    const { status, text } = await scrape('', token)
    expect(status).toBe(200)
    expect(text).not.toContain(press.host)
    expect(text).not.toContain('muster_')
    expect((await scrape('?project=default', token)).status).toBe(404)
  })

  it('a token of some hosts sees those', async () => {
    await test.call('PATCH', `/v1/projects/default/compute/hosts/${saw.host}`, {
      metadata: [{ key: 'line', value: '4' }],
    })
    const token = await tokenFor({ project: 'default', hosts: { labels: [{ key: 'line', value: '4' }] } })

    const { text } = await scrape('', token)
    expect(text).toContain(saw.host)
    expect(text).not.toContain(press.host)
  })

  it('who may see neither is refused', async () => {
    expect((await scrape('', await tokenFor({ permissions: ['event.read'] }))).status).toBe(403)
  })
})
