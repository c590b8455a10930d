// SPDX-License-Identifier: Apache-2.0
/** The catalogue of events, what is read of them page by page, and who sees which. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findings } from '../../plugins/contract/index.ts'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { enrollWire, openWire, type WireIdentity, type WireSession } from '../support/wire-host.ts'

let test: TestController
let press: WireIdentity
let saw: WireIdentity
let session: WireSession

beforeAll(async () => {
  test = await startTestController()
  press = await enrollWire(test, { hostname: 'press-04', serial: 'SN-4' })
  saw = await enrollWire(test, { hostname: 'saw-01', serial: 'SN-1' })
  const label = { metadata: [{ key: 'line', value: '4' }] }
  await test.call('PATCH', `/v1/projects/default/compute/hosts/${press.host}`, label)
  await test.call('PUT', '/v1/projects/other', {})
  await test.call('POST', '/v1/projects/other/enrollment/tokens', { uses: 1 })
  await test.call('POST', '/v1/projects/default/regions', { name: 'berlin' })
  session = await openWire(test, press)
  await session.birth()
  await test.until(press.host, host => host.presence.online)
})
afterAll(async () => {
  await session.end()
  await test.stop()
})

const events = async (query = '', project = 'default', token = test.token) =>
  test.call('GET', `/v1/projects/${project}/events?${query}`, undefined, { authorization: `Bearer ${token}` })
const tokenFor = async (more: object) =>
  (
    await test.call('POST', '/v1/access/tokens', {
      name: 'watcher',
      permissions: ['host.read', 'event.read'],
      expiresInMs: 3_600_000,
      ...more,
    })
  ).body.token as string

describe('the catalogue', () => {
  it('names every type that happened, with data of its schema', async () => {
    const { types } = (await test.call('GET', '/v1/events/types')).body
    const known = new Map<string, any>(types.map((each: any) => [each.type, each]))
    const happened = [...(await events('limit=500')).body.events, ...(await events('limit=500', 'other')).body.events]

    expect(new Set(happened.map(each => each.type)).size).toBeGreaterThan(5)
    for (const { type, data } of happened) {
      expect(known.has(type), type).toBe(true)
      expect(findings(known.get(type).data, data), type).toEqual([])
    }
  })

  it('says of each what it means', async () => {
    const { types } = (await test.call('GET', '/v1/events/types')).body

    for (const kind of types) {
      expect(kind.title).toMatch(/^[A-Z]/)
      expect(kind.type).toMatch(/^[a-z][A-Za-z]*(\.[a-z-]+)+$/)
    }
    expect(types.map((each: any) => each.type)).toEqual(
      expect.arrayContaining(['host.online', 'region.created', 'webhook.disabled', 'oob.power', 'token.used']),
    )
  })
})

describe('reading page by page', () => {
  it('gives everything once, in order', async () => {
    const all = (await events('limit=500')).body.events
    const seen: number[] = []
    for (let after = 0, more = true; more; ) {
      const { body } = await events(`after=${after}&limit=3`)
      seen.push(...body.events.map((each: any) => each.id))
      after = body.next
      more = body.hasMore
    }

    expect(seen).toEqual(all.map((each: any) => each.id))
  })

  it.each([
    ['type=host.online', (each: any) => each.type === 'host.online'],
    ['type=host', (each: any) => each.type.startsWith('host.')],
    ['type=token,region', (each: any) => /^(token|region)\./.test(each.type)],
  ])('narrows by %s', async (query, fits) => {
    const found = (await events(query)).body.events

    expect(found.length).toBeGreaterThan(0)
    expect(found.every(fits)).toBe(true)
  })

  it('narrows by the host, whether it is subject or mentioned', async () => {
    const found = (await events(`host=${press.host}`)).body.events

    expect(new Set(found.map((each: any) => each.type))).toEqual(
      new Set(['host.enrolled', 'token.used', 'host.changed', 'host.online']),
    )
  })

  it('refuses a type that does not exist', async () => {
    expect((await events('type=hosts')).body.code).toBe('invalid')
  })

  it('says so when the cursor is of another time', async () => {
    const { status, body } = await events('after=999999')

    expect(status).toBe(410)
    expect(body).toMatchObject({ code: 'events-gone', fields: { oldest: 0 } })
  })
})

describe('who sees what', () => {
  it('other projects are not there', async () => {
    const token = await tokenFor({ project: 'other' })

    expect((await events('', 'default', token)).status).toBe(404)
    const seen = (await events('', 'other', token)).body.events
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.every((each: any) => each.project === 'other')).toBe(true)
  })

  it('who has some hosts sees theirs and nothing of the project as a whole', async () => {
    const token = await tokenFor({ project: 'default', hosts: { labels: [{ key: 'line', value: '4' }] } })
    const { body } = await events('limit=500', 'default', token)

    expect(body.events.length).toBeGreaterThan(0)
    for (const each of body.events) expect([each.subject, each.data.host]).toContain(press.host)
    expect(JSON.stringify(body)).not.toContain(saw.host)
  })

  it('the stream keeps to the same', async () => {
    const token = await tokenFor({ project: 'other' })
    const stop = new AbortController()
    const response = await fetch(`${test.url}/v1/events?after=0`, {
      headers: { authorization: `Bearer ${token}` },
      signal: stop.signal,
    })
    let text = ''
    const reading = (async () => {
      for await (const part of response.body!) text += new TextDecoder().decode(part)
    })().catch(() => undefined)
    await until(
      async () => text,
      read => read.includes('caught up'),
    )
    await test.joinToken()
    await test.call('POST', '/v1/projects/other/enrollment/tokens', { uses: 7 })
    await until(
      async () => text,
      read => read.includes('"uses":7'),
    )
    stop.abort()
    await reading

    const seen = [...text.matchAll(/^data: (.*)$/gm)].map(match => JSON.parse(match[1]!))
    expect(seen.map(each => each.project)).toEqual(seen.map(() => 'other'))
  })

  it('who may see nothing is refused', async () => {
    const token = await tokenFor({ permissions: ['system.read'] })
    const headers = { authorization: `Bearer ${token}` }

    expect((await test.call('GET', '/v1/events', undefined, headers)).status).toBe(403)
  })
})
