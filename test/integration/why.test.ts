// SPDX-License-Identifier: Apache-2.0
/** What keeps a host, in the same words in API and command line. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { createDesk, type Desk } from '../support/muster.ts'
import { enrollWire, messageId, openWire, type WireIdentity, type WireSession } from '../support/wire-host.ts'

let test: TestController
let desk: Desk
let press: WireIdentity
let session: WireSession

beforeAll(async () => {
  test = await startTestController({ config: { sections: ['printer'] } })
  desk = createDesk()
  press = await enrollWire(test, { hostname: 'press-04', serial: 'SN-4' })
  const login = await desk.muster(
    ['login', test.secureUrl, '--ca-fingerprint', `sha256:${test.controller.rootFingerprint}`, '--token', '-'],
    { input: test.token },
  )
  expect(login.code, login.err).toBe(0)
})
afterAll(async () => {
  await session?.end()
  await test.stop()
  desk.remove()
})

const path = (more = '') => `/v1/projects/default/compute/hosts/${press.host}${more}`
const why = async (query = '') => (await test.call('GET', path(`/why${query}`))).body
const codes = async (query = '') => (await why(query)).blockers.map((each: any) => each.code)

async function report(status: string, problem?: object, revision = 1): Promise<void> {
  await session.publish('reported/printer', {
    id: messageId(),
    revision,
    status,
    observed: { ink: 3 },
    ...(problem === undefined ? {} : { problem }),
    plugin: { name: 'printer', version: '1.0.0' },
    at: new Date().toISOString(),
  })
  await session.next('/receipt')
}

/** A later birth message, as after a change of facts; it gets no receipt. */
const announce = (at: Date) =>
  session.publish('presence', {
    state: 'online',
    bootId: 'boot-1',
    ticket: press.ticket,
    agent: '0.0.0-test',
    epoch: 0,
    holds: {},
    capabilities: [{ section: 'printer', plugin: 'printer', version: '1', supported: true }],
    denies: [],
    at: at.toISOString(),
  })

const problem = (code: string, detail: string, next = 'do something') => ({
  type: `/problems/${code}`,
  title: code,
  status: 409,
  code,
  detail,
  retry: 'never',
  next,
})

describe('a host that never came', () => {
  it('says so first', async () => {
    const told = await why()

    expect(told).toMatchObject({ settled: false, host: { resourceId: press.host, name: 'press-04' } })
    expect(told.blockers[0]).toMatchObject({ code: 'never-connected', next: expect.stringContaining('agent') })
  })
})

describe('a host that is there', () => {
  it('is kept by nothing when every section is settled', async () => {
    session = await openWire(test, press)
    await session.birth({ capabilities: [{ section: 'printer', plugin: 'printer', version: '1', supported: true }] })
    await test.until(press.host, host => host.presence.online)
    await report('settled', undefined, 0)

    expect(await why()).toMatchObject({ settled: true, blockers: [], sections: [{ section: 'printer' }] })
    const { out } = await desk.muster(['why', 'press-04'])
    expect(out).toMatch(/^nothing keeps press-04: every section is settled \(printer \d+s ago\)$/m)
  })

  it('waits for the answer to a new revision', async () => {
    await test.call('PUT', path('/sections/printer/desired'), { content: { ink: 9 } })

    const [first] = (await why()).blockers
    expect(first).toMatchObject({ code: 'revision-behind', evidence: { desired: 1, reported: 0 }, section: 'printer' })
  })

  it.each([
    ['held', 'held-window', 'window-closed'],
    ['held', 'held-busy', 'locked'],
    ['held', 'held-policy', 'local-policy'],
    ['held', 'approval-missing', 'approval-needed'],
    ['failed', 'bad-signature', 'signature-refused'],
    ['failed', 'diverging', 'diverging'],
    ['failed', 'out-of-paper', 'section-failed'],
    ['unavailable', 'plugin-crashed', 'plugin-unavailable'],
    ['unavailable', 'plugin-quarantined', 'plugin-quarantined'],
  ])('%s with %s is told as %s', async (status, code, expected) => {
    await report(status, problem(code, 'as it is', 'mend it so'))

    const [first] = (await why()).blockers
    expect(first).toMatchObject({
      code: expected,
      section: 'printer',
      next: 'mend it so',
      evidence: { problem: code },
      command: 'muster section get press-04 printer',
    })
    expect(first.title).toContain('as it is')
    expect(Date.now() - Date.parse(first.since)).toBeLessThan(10_000)
  })

  it('with a clock that is off says by how much', async () => {
    await announce(new Date(Date.now() - 3_600_000))

    const found = await until(
      async () => (await why()).blockers.find((each: any) => each.code === 'clock-off'),
      blocker => blocker !== undefined,
    )
    expect(found.title).toMatch(/^The clock of the host is (59m|60m|1h) behind$/)
    await announce(new Date())
    await until(codes, present => !present.includes('clock-off'))
  })

  it('tells of a section alone, and of what keeps the whole host', async () => {
    await report('failed', problem('out-of-paper', 'tray 2'))

    expect(await codes('?section=printer')).toContain('section-failed')
    expect(await codes('?section=power')).not.toContain('section-failed')
  })
})

describe('the past on the command line', () => {
  it('shows a host as it was, and what it was in turn', async () => {
    const then = await desk.muster(['host', 'get', 'press-04', '--as-of', '0s', '-o', 'json'])
    const early = await desk.muster(['host', 'get', 'press-04', '--as-of', '300d'])
    const history = await desk.muster(['host', 'history', 'press-04', '-o', 'json'])

    expect(then.json.item).toMatchObject({ name: 'press-04', asOf: expect.any(String) })
    expect(early.code).toBe(4)
    expect(early.err).toContain('not-known-then')
    expect(history.json.items[0].value.text).toBe('Running')
  })
})

describe('the order', () => {
  it('has what must be mended first at its head: offline before sections before commands', async () => {
    await session.end()
    await test.until(press.host, host => !host.presence.online)
    await test.call('POST', path('/commands'), { section: 'printer', name: 'print', input: {}, reason: 'test' })

    const told = await why()
    const found = told.blockers.map((each: any) => each.code)
    expect(found).toEqual(['offline', 'section-failed', 'commands-waiting'])
    const ranks = told.blockers.map((each: any) => each.rank)
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b))
    expect(told.blockers[0].evidence).toMatchObject({ reason: 'lost', lastSeen: expect.any(String) })
  })

  it('is the same on the command line, word for word', async () => {
    const { blockers } = await why()
    const { out } = await desk.muster(['why', 'press-04'])
    const { json } = await desk.muster(['why', 'press-04', '-o', 'json'])

    const titles = [...out.matchAll(/^\d+\. (.*) \[/gm)].map(match => match[1])
    expect(titles).toEqual(blockers.map((each: any) => each.title))
    expect(json.item.blockers).toEqual(blockers)
  })

  it('begins with the revocation of a host that was revoked', async () => {
    await test.call('PUT', path('/invalidate'), { note: 'stolen' })

    await until(codes, found => found[0] === 'revoked')
  })
})
