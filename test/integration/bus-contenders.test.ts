// SPDX-License-Identifier: Apache-2.0
/** Several connections that want to be the same host at one moment: one stays, the others are told to go. */
import type { MqttClient } from 'mqtt'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type Credentials,
  connectHost,
  createPki,
  dialing,
  openBus,
  type Pki,
  PROJECT,
  subscribeAll,
  type TestBus,
} from '../unit/controller/bus/fixtures/bus.ts'

const HOST = 'host-0000000a'

let pki: Pki
let credentials: Credentials
let test: TestBus
/** It has subscribed, so the broker takes a moment to let go of it. */
let first: MqttClient
const clients: MqttClient[] = []
const left: MqttClient[] = []

const join = async (): Promise<MqttClient> => {
  const client = await connectHost(dialing(pki, test, credentials), HOST)
  clients.push(client)
  client.once('close', () => left.push(client))
  return client
}

/** Lets so many connections be admitted in the very same moment, oldest or newest first. */
async function meet(count: number, order: 'oldest' | 'newest'): Promise<void> {
  const admissions: { readonly connection: number; readonly open: () => void }[] = []
  test.verdict = peer =>
    new Promise(resolve =>
      admissions.push({
        connection: peer.connection,
        open: () => resolve({ allow: true, standing: 'active' }),
      }),
    )
  const joining = Array.from({ length: count }, () => join())
  await expect.poll(() => admissions.length).toBe(count)
  const sign = order === 'oldest' ? 1 : -1
  for (const { open } of admissions.toSorted((a, b) => sign * (a.connection - b.connection))) open()
  await Promise.allSettled(joining)
}

beforeAll(async () => {
  pki = await createPki()
  credentials = await pki.host(HOST)
})
beforeEach(async () => {
  test = await openBus(pki)
  first = await join()
  await subscribeAll(first, HOST)
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.end(true)
  left.length = 0
  await test.bus.close()
})

describe('connections of one host that meet', () => {
  it.each(['oldest', 'newest'] as const)('leave the newest of them, admitted %s first', async order => {
    await meet(3, order)

    await expect.poll(() => test.bus.counts().connections).toBe(1)
    const staying = () => clients.filter(client => client.connected)
    await expect.poll(() => staying().length).toBe(1)
    const newest = Math.max(...test.admitted.map(({ connection }) => connection))
    expect(test.opened.at(-1)?.connection).toBe(newest)
    await expect.poll(() => test.opened.length - test.closed.length).toBe(1)
    expect(test.closed.every(([, reason]) => reason === 'taken-over')).toBe(true)
    expect(test.takenOver.length).toBeGreaterThanOrEqual(2)

    await subscribeAll(staying()[0]!, HOST)
    const receipt = { kind: 'receipt', project: PROJECT, host: HOST } as const
    expect(await test.bus.publish(receipt, Buffer.from('{}'), { awaitAck: true })).toBe(true)
  })

  it('do not outlive the next one, nor the bus', async () => {
    await meet(2, 'newest')
    test.verdict = () => ({ allow: true, standing: 'active' })

    await join()

    await expect.poll(() => clients.filter(client => client.connected).length).toBe(1)
    await test.bus.close()
    await expect.poll(() => left.length).toBe(clients.length)
  })
})
