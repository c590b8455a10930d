// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { afterEach, expect, it } from 'vitest'
import { createClock } from '../../agent/system/clock.ts'
import { createOnDieAuthority } from '../../simulator/amt/on-die.ts'
import { createSwarm, swarmAccount } from '../../simulator/amt/swarm.ts'

let stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.reverse()) await stop()
  stops = []
})

function string(text: string): Buffer {
  return Buffer.from([0, 0, 0, text.length, ...Buffer.from(text)])
}

/** Accepts whoever comes; the logins it saw. */
async function server(): Promise<{ port: number; ca: string; logins: string[] }> {
  const authority = createOnDieAuthority({ random: count => randomBytes(count), at: Date.now() })
  const { chain, key } = authority.issue()
  const logins: string[] = []
  const sockets: TLSSocket[] = []
  const listening = createServer({ cert: chain, key }, socket => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    let greeted = 0
    socket.on('data', bytes => {
      const type = bytes[0] === 192 ? 5 : bytes[0]
      if (type === 5) {
        const service = greeted++ === 0 ? 'auth@amt.intel.com' : 'pfwd@amt.intel.com'
        socket.write(Buffer.concat([Buffer.of(6), string(service)]))
      } else if (type === 50) {
        logins.push(bytes.toString('latin1', 5, 5 + bytes.readUInt32BE(1)))
        socket.write(Buffer.of(52))
      } else if (type === 80) socket.write(Buffer.concat([Buffer.of(81), bytes.subarray(bytes.length - 4)]))
    })
  })
  listening.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  stops.push(() => {
    for (const socket of sockets) socket.destroy()
    listening.close()
  })
  return { port: (listening.address() as AddressInfo).port, ca: authority.root, logins }
}

it('connects a crowd and comes back after a cut', async () => {
  const { port, ca, logins } = await server()
  const swarm = createSwarm({
    count: 12,
    seed: 'crowd',
    clock: createClock(),
    server: { host: '127.0.0.1', port, ca, commonName: 'AMT RCFG' },
    reconnect: { tries: 3, waitMs: 20, backoffMs: 100 },
  })
  stops.push(() => swarm.stop())

  const report = await swarm.connect({ concurrency: 4, patienceMs: 10_000 })
  swarm.cut()
  const after = swarm.connected()
  await expect.poll(() => swarm.connected(), { timeout: 10_000 }).toBe(12)

  expect(report).toMatchObject({ connected: 12, failed: 0 })
  expect(after).toBe(0)
  expect(new Set(logins)).toEqual(new Set(Array.from({ length: 12 }, (_none, index) => `swarm${index}`)))
  expect(swarmAccount('crowd', 3)).toEqual(swarmAccount('crowd', 3))
})
