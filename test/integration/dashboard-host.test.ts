// SPDX-License-Identifier: Apache-2.0
/** What the page of a host reads beside what was there: kinds of sections, events newest first, revisions, a certificate. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { createDesk, type Desk } from '../support/muster.ts'
import { enrollWire, openWire, type WireIdentity } from '../support/wire-host.ts'

let test: TestController
let desk: Desk
let press: WireIdentity
beforeAll(async () => {
  test = await startTestController()
  desk = createDesk()
  press = await enrollWire(test, { hostname: 'press-04', serial: 'SNPRESS4' })
  const login = await desk.muster(
    ['login', test.secureUrl, '--ca-fingerprint', `sha256:${test.controller.rootFingerprint}`, '--token', '-'],
    { input: test.token },
  )
  expect(login.code, login.err).toBe(0)
})
afterAll(async () => {
  await test.stop()
  desk.remove()
})

const path = (more = '') => `/v1/projects/default/compute/hosts/${press.host}${more}`
const get = async (url: string) => (await test.call('GET', url)).body
const want = (content: unknown, revision?: number) =>
  test.call(
    'PUT',
    path('/sections/maintenance/desired'),
    { content },
    revision === undefined ? {} : { 'if-match': `"${revision}"` },
  )

describe('the kinds of sections', () => {
  it('tell what can be desired of each, who writes it, and what it can do', async () => {
    const { sections } = await get('/v1/sections')
    const of = (name: string) => sections.find(({ section }: any) => section === name)

    expect(of('maintenance')).toMatchObject({ title: 'When the host may be disturbed', commands: [] })
    expect(of('maintenance').owner).toBeUndefined()
    expect(Object.keys(of('maintenance').desired.properties)).toEqual(['timeZone', 'windows'])
    expect(of('power').commands).toContainEqual(
      expect.objectContaining({ name: 'reboot', class: 1, ttlMs: 120_000, impact: 'reboot' }),
    )
    expect(of('amt').owner).toBe('oob')
  })

  it('leave out commands that only parts of the controller give', async () => {
    const { sections } = await get('/v1/sections')
    const names = sections.flatMap(({ section, commands }: any) =>
      commands.map(({ name }: any) => `${section}/${name}`),
    )

    for (const name of names) {
      const [section, command] = name.split('/')
      const answer = await test.call('POST', path('/commands'), { section, name: command, reason: 'a test' })
      expect(answer.body.detail ?? '', name).not.toContain('only parts of the controller')
    }
  })
})

describe('events, newest first', () => {
  it('go back page by page to the oldest, each once', async () => {
    const forward = (await get(`/v1/projects/default/events?host=${press.host}&limit=500`)).events
    const backward: any[] = []
    for (let before = ''; ; ) {
      const page = await get(`/v1/projects/default/events?host=${press.host}&newest=true&limit=2${before}`)
      backward.push(...page.events)
      if (!page.hasMore) break
      before = `&before=${page.next}`
    }

    expect(forward.length).toBeGreaterThan(1)
    expect(backward.map(({ id }) => id)).toEqual(forward.map(({ id }: any) => id).reverse())
  })

  it('take no cursor of the other direction', async () => {
    const answer = await test.call('GET', '/v1/projects/default/events?newest=true&after=1')

    expect(answer.status).toBe(400)
    expect(answer.body.code).toBe('invalid')
  })
})

describe('the revisions of a section', () => {
  it('are kept with their content, that nobody manages it any more too', async () => {
    await want({ timeZone: 'UTC', windows: [] })
    await want({ timeZone: 'Europe/Berlin', windows: [] }, 1)
    await test.call('DELETE', path('/sections/maintenance/desired'))

    const { values } = await get(path('/history?part=desired:maintenance'))
    expect(values.map(({ value }: any) => [value.revision, value.content])).toEqual([
      [3, null],
      [2, { timeZone: 'Europe/Berlin', windows: [] }],
      [1, { timeZone: 'UTC', windows: [] }],
    ])
    const { code, out } = await desk.muster(['host', 'history', 'press-04', '--part', 'desired:maintenance'])
    expect(code).toBe(0)
    expect(out).toContain('Europe/Berlin')
  })

  it('are not written over under an old revision, and a first one is refused where there is one', async () => {
    const { revision } = await get(path('/sections/maintenance/desired'))

    expect((await want({ timeZone: 'UTC', windows: [] }, revision - 1)).status).toBe(412)
    expect((await want({ timeZone: 'UTC', windows: [] }, 0)).status).toBe(412)
    expect((await want({ timeZone: 'UTC', windows: [] }, revision)).status).toBe(200)
  })

  it('are written down anew after a start, where they were not kept yet', async () => {
    await test.restart()

    const { values } = await get(path('/history?part=desired:maintenance'))
    const revisions = values.map(({ value }: any) => value.revision)
    expect(new Set(revisions).size).toBe(revisions.length)
  })
})

describe('one host', () => {
  it('tells until when its certificate is good', async () => {
    const { certificate } = await get(path())

    expect(Date.parse(certificate.expiresAt)).toBeGreaterThan(Date.now())
    expect(['pending', 'active']).toContain(certificate.state)
  })

  it('may be sent back as it was read', async () => {
    const read = await get(path())

    expect((await test.call('PUT', path(), read)).status).toBe(200)
  })
})

describe('the command line', () => {
  it('writes and removes a note', async () => {
    expect((await desk.muster(['host', 'note', 'press-04', 'fan is loud'])).code).toBe(0)
    expect((await get(path())).note).toBe('fan is loud')

    expect((await desk.muster(['host', 'note', 'press-04', ''])).code).toBe(0)
    expect((await get(path())).note).toBeUndefined()
  })

  it('releases a quarantined host, and only with a reason', async () => {
    const copied = await enrollWire(test, { hostname: 'copied-01', serial: 'SNCOPIED1' })
    const copy = { ...copied }
    for (let round = 0; round < 2; round++) {
      const open = await openWire(test, copied)
      await open.birth()
      await open.end()
    }
    const stolen = await openWire(test, copy)
    await stolen.birth({ bootId: 'elsewhere' })
    await test.until(copied.host, each => each.presence.standing === 'quarantined')

    expect((await desk.muster(['host', 'release', 'copied-01'])).code).toBe(2)
    expect((await desk.muster(['host', 'release', 'copied-01', '--reason', 'the clone is off'])).code).toBe(0)
    expect((await get(path().replace(press.host, copied.host))).presence.standing).toBe('active')
    await stolen.end()
  })

  it('retires with a reason that the audit keeps', async () => {
    const scrap = await enrollWire(test, { hostname: 'scrap-01', serial: 'SNSCRAP1' })

    expect((await desk.muster(['host', 'delete', 'scrap-01', '--reason', 'scrapped', '-y'])).code).toBe(0)
    const { entries } = await get('/v1/audit?project=default')
    const entry = entries.find((each: any) => each.target === scrap.host && each.action.includes('delete'))
    expect(entry?.reason).toBe('scrapped')
  })
})
