// SPDX-License-Identifier: Apache-2.0
/** Tunnels that come and go by the hundred are written and looked at together, and only orders are woken. */
import { afterEach, expect, it } from 'vitest'
import { createEvents } from '../../controller/kernel/events.ts'
import type { Kernel } from '../../controller/kernel/kernel.ts'
import { createArrivals } from '../../controller/modules/oob/converge/arrivals.ts'
import type { ConvergeTables } from '../../controller/modules/oob/converge/tables.ts'
import { createDevicePresence } from '../../controller/modules/oob/devices/presence.ts'
import { createDevices } from '../../controller/modules/oob/devices/store.ts'
import type { DeviceTables } from '../../controller/modules/oob/devices/tables.ts'
import type { OobParts, Tunnel } from '../../controller/modules/oob/ports.ts'
import { migrations } from '../../controller/modules/oob/tables.ts'
import type { Secrets } from '../../controller/secrets/secrets.ts'
import type { Store } from '../../controller/store/store.ts'
import { kernelStore, silent, surroundings } from '../support/kernel.ts'

const opened: Store[] = []
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
})

const guidOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

async function setup(count: number) {
  const store = await kernelStore()
  opened.push(store)
  await store.migrate('oob', migrations)
  const around = surroundings()
  const devices = createDevices({ secrets: {} as Secrets, now: () => around.clock.now() })
  await store.change(async tx => {
    for (let n = 0; n < count; n++) await devices.put(tx, n % 2 === 0 ? 'even' : 'odd', guidOf(n), {})
  })
  const kernel = { ...around, store, events: createEvents(store, around) } as unknown as Kernel
  const parts: OobParts = { kernel, secrets: {} as Secrets, log: silent }
  const rows = () => store.installation<DeviceTables>().selectFrom('oob_devices').selectAll().orderBy('guid').execute()
  return { store, clock: around.clock, kernel, parts, rows }
}

const tunnel = (n: number, lastSeen = 0): Tunnel =>
  ({ guid: guidOf(n), project: n % 2 === 0 ? 'even' : 'odd', address: '10.0.0.1', lastSeen }) as unknown as Tunnel

it('writes each device of a storm with its own times, and tells of each once', async () => {
  const { clock, parts, kernel, rows } = await setup(450)
  const presence = createDevicePresence(parts)
  const began = clock.now()
  for (let n = 0; n < 450; n++) {
    if (n === 449) await clock.advance(7)
    presence.connected(tunnel(n))
  }
  await presence.flushed()

  const after = await rows()
  expect(after.every(row => row.connected === 1)).toBe(true)
  expect([after[0], after[449]].map(row => Date.parse(row?.last_connected ?? '') - began)).toEqual([0, 7])
  const events = await kernel.events.since(0, 1_000)
  expect(new Set(events.map(({ subject }) => subject)).size).toBe(450)
  expect(events.every(({ type }) => type === 'oob.connected')).toBe(true)
})

it('writes why a device went and when it was last heard of, in its own project only', async () => {
  const { clock, parts, rows } = await setup(4)
  const presence = createDevicePresence(parts)
  for (let n = 0; n < 4; n++) presence.connected(tunnel(n))
  await presence.flushed()
  presence.disconnected(tunnel(1, clock.now() - 5_000), { reason: 'lost', detail: 'ECONNRESET' })
  presence.disconnected({ ...tunnel(2), project: 'odd' }, { reason: 'lost', detail: '' })
  await presence.flushed()

  const after = await rows()
  expect(after.map(row => row.connected)).toEqual([1, 0, 1, 1])
  expect(after[1]).toMatchObject({ disconnect_reason: 'lost' })
  expect(clock.now() - Date.parse(after[1]?.last_seen ?? '')).toBe(5_000)
})

it('keeps the last word of a device that came and went within a burst', async () => {
  const { parts, rows } = await setup(1)
  const presence = createDevicePresence(parts)
  presence.connected(tunnel(0))
  presence.disconnected(tunnel(0), { reason: 'closed-by-device', detail: '' })
  await presence.stop()

  expect((await rows())[0]).toMatchObject({ connected: 0, disconnect_reason: 'closed-by-device' })
})

it('wakes devices with an open order and hosts whose firmware was ordered something, and nobody else', async () => {
  const { store, clock, kernel } = await setup(4)
  await store.change(async tx => {
    const orders = tx.of<ConvergeTables>('even')
    const row = {
      action: 'on',
      policy: 'immediate',
      created_at: '',
      expires_at: '',
      tries: 0,
      by: '',
      says: '',
    } as const
    const rest = { sent_code: null, sent_at: null, reason: null, finished_at: null }
    await orders.insert('oob_power_orders', { id: '1', guid: guidOf(0), state: 'open', ...row, ...rest }).execute()
    await orders.insert('oob_power_orders', { id: '2', guid: guidOf(2), state: 'done', ...row, ...rest }).execute()
    await tx.of<DeviceTables>('odd').update('oob_devices', { host: 'host-1' }).where('guid', '=', guidOf(1)).execute()
    await tx.of<DeviceTables>('odd').update('oob_devices', { host: 'host-3' }).where('guid', '=', guidOf(3)).execute()
    const words = { mode: null, dns_suffix: null, attempt: 1, ordered_by: '', ordered_at: '', status: '' }
    const intent = { ...words, indicator: '', status_at: '', power_policy: 'immediate' } as const
    await tx
      .of<ConvergeTables>('odd')
      .insert('oob_intents', { host: 'host-1', amt: 'provisioned', ...intent })
      .execute()
    await tx
      .of<ConvergeTables>('odd')
      .insert('oob_intents', { host: 'host-3', amt: null, ...intent })
      .execute()
  })
  const woken: string[] = []
  const arrivals = createArrivals({
    kernel,
    log: silent,
    power: guid => woken.push(guid),
    amt: (project, host) => woken.push(`${project}/${host}`),
  })
  for (let n = 0; n < 4; n++) arrivals.changed(guidOf(n))
  await clock.advance(50)
  await arrivals.stop()
  arrivals.changed(guidOf(0))
  await clock.advance(50)

  expect(woken).toEqual([guidOf(0), 'odd/host-1'])
})
