// SPDX-License-Identifier: Apache-2.0
/** Sessions, reports and commands over a real broker, store and API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { enrollWire, messageId, openWire } from '../support/wire-host.ts'

let test: TestController
beforeAll(async () => {
  test = await startTestController()
})
afterAll(() => test.stop())

const hosts = '/v1/projects/default/compute/hosts'
const now = () => new Date().toISOString()

describe('a host', () => {
  it('is online after its birth message and offline within a moment of losing its socket', async () => {
    const identity = await enrollWire(test, { hostname: 'press-04', serial: 'SN-1' })
    const session = await openWire(test, identity)
    await session.birth()

    const online = await test.until(identity.host, host => host.presence.online)
    expect(online).toMatchObject({
      name: 'press-04',
      serialNumber: 'SN-1',
      hostStatus: 'Running',
      hostStatusIndicator: 'STATUS_INDICATION_IDLE',
    })

    session.client.stream.destroy()
    const offline = await test.until(identity.host, host => !host.presence.online)
    expect(offline).toMatchObject({ hostStatus: 'No Connection', hostStatusIndicator: 'STATUS_INDICATION_ERROR' })
  })

  it('gets a receipt that names its report, and the report shows', async () => {
    const identity = await enrollWire(test)
    const session = await openWire(test, identity)
    await session.birth()
    const id = messageId()
    await session.publish('reported/power', {
      id,
      revision: 0,
      status: 'settled',
      observed: { bootId: 'b', canReboot: true },
      plugin: { name: 'power', version: '1.0.0' },
      at: now(),
    })

    expect((await session.next('/receipt')).ids).toEqual([id])
    const shown = await test.call('GET', `${hosts}/${identity.host}/sections/power/reported`)
    expect(shown.body).toMatchObject({ status: 'settled', observed: { canReboot: true } })
    await session.end()
  })

  it('is quarantined when it presents an old ticket, and the copy learns nothing more', async () => {
    const identity = await enrollWire(test)
    const copy = { ...identity }
    for (let session = 0; session < 2; session++) {
      const open = await openWire(test, identity)
      await open.birth()
      await open.end()
    }
    const stolen = await openWire(test, copy)
    await stolen.birth({ bootId: 'elsewhere' })

    const host = await test.until(identity.host, each => each.presence.standing === 'quarantined')
    expect(host.hostStatus).toContain('copy of this identity')
    await stolen.end()
  })

  it('survives losing one receipt without being taken for a copy', async () => {
    const identity = await enrollWire(test)
    const first = await openWire(test, identity)
    await first.birth()
    const kept = identity.ticket
    await first.end()
    const second = await openWire(test, identity)
    await second.birth()
    identity.ticket = kept // the power went before the new ticket was written
    await second.end()
    const third = await openWire(test, identity)
    await third.birth()

    const host = await test.until(identity.host, each => each.presence.online)
    expect(host.presence.standing).toBe('active')
    await third.end()
  })

  it('is disconnected within two seconds of being revoked, and stays out', async () => {
    const identity = await enrollWire(test)
    const session = await openWire(test, identity)
    await session.birth()
    const before = performance.now()
    const answer = await test.call('PUT', `${hosts}/${identity.host}/invalidate`, { note: 'stolen' })
    expect(answer.status).toBe(200)
    await session.closed

    expect(performance.now() - before).toBeLessThan(2_000)
    await expect(openWire(test, identity)).rejects.toThrow()
  })
})

describe('a command', () => {
  const reboot = { section: 'power', name: 'reboot', reason: 'test' }

  it('waits for an offline host, reaches it once, and has one outcome', async () => {
    const identity = await enrollWire(test)
    const sent = await test.call('POST', `${hosts}/${identity.host}/commands`, { ...reboot, expiresInMs: 60_000 })
    expect(sent).toMatchObject({ status: 202, body: { state: 'queued' } })
    const session = await openWire(test, identity)
    await session.birth()
    const message = await session.next('/command/power')
    expect(message.head).toMatchObject({ id: sent.body.id, host: identity.host, name: 'reboot', project: 'default' })

    const result = { id: messageId(), command: sent.body.id, status: 'succeeded', output: { bootId: 'b2' }, at: now() }
    await session.publish('result', result)
    await session.publish('result', { ...result, id: messageId(), status: 'failed' })
    const done = await until(
      async () => (await test.call('GET', `/v1/projects/default/commands/${sent.body.id}`)).body,
      each => each.state !== 'sent',
    )
    expect(done).toMatchObject({ state: 'succeeded', output: { bootId: 'b2' } })
    await session.end()
  })

  it('is sent again to a host that came back without having answered', async () => {
    const identity = await enrollWire(test)
    const first = await openWire(test, identity)
    await first.birth()
    const { body } = await test.call('POST', `${hosts}/${identity.host}/commands`, reboot)
    await first.next('/command/power')
    await first.end()
    const second = await openWire(test, identity)
    await second.birth()

    expect((await second.next('/command/power')).head.id).toBe(body.id)
    await second.end()
  })

  it('can be cancelled until it is sent, and not after', async () => {
    const identity = await enrollWire(test)
    const waiting = await test.call('POST', `${hosts}/${identity.host}/commands`, reboot)
    expect((await test.call('POST', `/v1/projects/default/commands/${waiting.body.id}/cancel`)).body.state).toBe(
      'cancelled',
    )
    const session = await openWire(test, identity)
    await session.birth()
    const sent = await test.call('POST', `${hosts}/${identity.host}/commands`, reboot)
    expect((await session.next('/command/power')).head.id).toBe(sent.body.id)

    const refused = await test.call('POST', `/v1/projects/default/commands/${sent.body.id}/cancel`)
    expect(refused).toMatchObject({ status: 409, body: { code: 'command-delivered' } })
    await session.end()
  })

  it('expires at its deadline when its host never came', async () => {
    const identity = await enrollWire(test)
    const { body } = await test.call('POST', `${hosts}/${identity.host}/commands`, { ...reboot, expiresInMs: 1_000 })
    const ended = await until(
      async () => (await test.call('GET', `/v1/projects/default/commands/${body.id}?waitMs=3000`)).body,
      each => each.state !== 'queued',
    )

    expect(ended).toMatchObject({ state: 'expired', problem: { code: 'expired-waiting' } })
  })

  it('is made once for one idempotency key', async () => {
    const identity = await enrollWire(test)
    const key = { 'idempotency-key': 'k-1' }
    const first = await test.call('POST', `${hosts}/${identity.host}/commands`, reboot, key)
    const again = await test.call('POST', `${hosts}/${identity.host}/commands`, reboot, key)
    const other = await test.call('POST', `${hosts}/${identity.host}/commands`, { ...reboot, reason: 'else' }, key)

    expect(again.body.id).toBe(first.body.id)
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-mismatch' } })
  })
})

describe('a desired document', () => {
  it('reaches a host that is there, and one that comes later holding an older revision', async () => {
    const identity = await enrollWire(test)
    const session = await openWire(test, identity)
    await session.birth()
    const path = `${hosts}/${identity.host}/sections/os/desired`
    expect((await test.call('PUT', path, { content: { hostname: 'edge-1' } })).body.revision).toBe(1)
    expect((await session.next('/desired/os')).head).toMatchObject({ revision: 1, section: 'os' })
    await session.end()
    await test.call('PUT', path, { content: { hostname: 'edge-2' } }, { 'if-match': '"1"' })
    const later = await openWire(test, identity)
    await later.birth({ epoch: 1, holds: { os: 1 } })

    expect((await later.next('/desired/os')).content).toEqual({ hostname: 'edge-2' })
    await later.end()
    const current = await openWire(test, identity)
    await current.birth({ epoch: 1, holds: { os: 2 } })
    await expect(current.next('/desired/os', 300)).rejects.toThrow()
    await current.end()
  })

  it('is refused when it does not fit, when somebody was faster, and when a module owns the section', async () => {
    const identity = await enrollWire(test)
    const path = `${hosts}/${identity.host}/sections`
    expect(await test.call('PUT', `${path}/os/desired`, { content: { hostname: '-x' } })).toMatchObject({
      status: 400,
      body: { code: 'invalid' },
    })
    await test.call('PUT', `${path}/os/desired`, { content: { hostname: 'a' } })
    expect(
      await test.call('PUT', `${path}/os/desired`, { content: { hostname: 'b' } }, { 'if-match': '"7"' }),
    ).toMatchObject({ status: 412, body: { code: 'revision-mismatch' } })
    expect(await test.call('PUT', `${path}/amt/desired`, { content: {} })).toMatchObject({
      status: 409,
      body: { code: 'section-not-writable' },
    })
    expect(await test.call('PUT', `${path}/nothing/desired`, { content: {} })).toMatchObject({
      status: 404,
      body: { code: 'section-not-served' },
    })
  })
})
