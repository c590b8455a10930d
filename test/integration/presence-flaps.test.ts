// SPDX-License-Identifier: Apache-2.0
/** Links that break for a moment: what watchers are told of them, and what not. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { enrollWire, openWire, type WireIdentity, type WireSession } from '../support/wire-host.ts'

let test: TestController
beforeAll(async () => {
  test = await startTestController()
})
afterAll(() => test.stop())

type Told = { readonly type: string; readonly data: { readonly reason?: string; readonly bootId?: string } }

async function told({ host }: WireIdentity): Promise<readonly Told[]> {
  const type = 'host.online,host.offline'
  return (await test.call('GET', `/v1/projects/default/events?subject=${host}&type=${type}`)).body.events
}

async function arrive(): Promise<{ readonly identity: WireIdentity; readonly session: WireSession }> {
  const identity = await enrollWire(test)
  const session = await openWire(test, identity)
  await session.birth()
  return { identity, session }
}

async function cut({ client, closed }: WireSession): Promise<void> {
  client.stream.destroy()
  await closed
}

const presenceOf = async ({ host }: WireIdentity) =>
  (await test.call('GET', `/v1/projects/default/compute/hosts/${host}`)).body.presence

it('says nothing of a link that breaks and is there again, and delivers over the new one at once', async () => {
  const { identity, session: first } = await arrive()
  let session = first
  const { since } = await presenceOf(identity)

  for (let breaks = 0; breaks < 4; breaks++) {
    await cut(session)
    session = await openWire(test, identity)
    await session.birth()
  }

  expect(await presenceOf(identity)).toMatchObject({ online: true, since })
  expect((await told(identity)).map(({ type }) => type)).toEqual(['host.online'])
  const reboot = { section: 'power', name: 'reboot', reason: 'test' }
  await test.call('POST', `/v1/projects/default/compute/hosts/${identity.host}/commands`, reboot)
  expect((await session.next('/command/power')).head).toMatchObject({ host: identity.host, name: 'reboot' })
  await session.end()
})

it('says so when it stays away', async () => {
  const { identity, session } = await arrive()

  await cut(session)
  expect(await presenceOf(identity)).toMatchObject({ online: true })

  const { presence } = await test.until(identity.host, host => host.presence.online === false)
  expect(presence).toMatchObject({ online: false, reason: 'lost' })
  expect((await told(identity)).map(({ type, data }) => [type, data.reason])).toEqual([
    ['host.online', undefined],
    ['host.offline', 'lost'],
  ])
})

it('says so when another boot comes back, however soon', async () => {
  const { identity, session } = await arrive()

  await cut(session)
  const again = await openWire(test, identity)
  await again.birth({ bootId: 'boot-2' })

  const boots = (await told(identity)).flatMap(({ data }) => data.bootId ?? [])
  expect(new Set(boots)).toEqual(new Set(['boot-1', 'boot-2']))
  expect((await presenceOf(identity)).bootId).toBe('boot-2')
  await again.end()
})

it('says at once that a host has taken leave', async () => {
  const { identity, session } = await arrive()

  await session.publish('presence', { state: 'offline', bootId: 'boot-1', reason: 'stopped' })

  expect(await presenceOf(identity)).toMatchObject({ online: false, reason: 'stopped' })
  await session.end()
})
