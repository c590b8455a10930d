// SPDX-License-Identifier: Apache-2.0
/** A device without a tunnel is reached at its address, in configured networks only, and with TLS by its certificate. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClock } from '../../agent/system/clock.ts'
import { DEFAULT_MODULES } from '../../controller/config.ts'
import { lanNetworks } from '../../controller/modules/oob/devices/lan-networks.ts'
import { lanWay } from '../../controller/modules/oob/devices/lan-way.ts'
import type { AmtMachine } from '../../simulator/amt/machine.ts'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { activeMachine, PASSWORD } from '../support/mps.ts'

/** AMT has fixed ports, so each machine has an address of its own; the network is listed, loopback though it is. */
const [PLAIN, SECURE, OUTSIDE] = ['127.0.77.1', '127.0.77.2', '127.0.78.1']
const NETWORK = '127.0.77.0/24'
const PORTS = [16_992, 16_993, 16_994, 16_995]

type Placed = { readonly guid: string; readonly machine: AmtMachine; readonly taken: number[]; close(): void }

let test: TestController
const placed: Placed[] = []

async function place(address: string, { tls = false } = {}): Promise<Placed> {
  const guid = randomUUID()
  const machine = activeMachine(guid)
  machine.state.features.listener = true
  if (tls) machine.state.tls.settings[0] = { ...machine.state.tls.settings[0], enabled: true, acceptNonSecure: false }
  const taken: number[] = []
  const servers: Server[] = []
  for (const port of PORTS) {
    const server = createServer(socket => {
      taken.push(port)
      const far = machine.lan(port)
      far.on('error', () => socket.destroy())
      socket.on('error', () => far.destroy())
      socket.on('close', () => far.destroy())
      socket.pipe(far).pipe(socket)
    })
    server.listen(port, address)
    await once(server, 'listening')
    expect((server.address() as AddressInfo).port).toBe(port)
    servers.push(server)
  }
  const here = { guid, machine, taken, close: () => servers.forEach(server => void server.close()) }
  placed.push(here)
  return here
}

beforeAll(async () => {
  test = await startTestController({
    config: { modules: { ...DEFAULT_MODULES, oob: { lan: { networks: [NETWORK] } } } },
  })
})

afterAll(async () => {
  await test.stop()
  for (const each of placed) each.close()
})

const register = (guid: string, more: object) =>
  test.call('POST', '/api/v1/devices', { guid, hostname: 'edge', password: PASSWORD, ...more })
const change = (guid: string, more: object) => test.call('PATCH', '/api/v1/devices', { guid, ...more })
const powerOf = (guid: string) => test.call('GET', `/api/v1/amt/power/state/${guid}`)
const certificate = (method: string, guid: string, body?: object) =>
  test.call(method, `/v1/projects/default/oob/devices/${guid}/certificate`, body)

describe('a device at a plain address', () => {
  let device: Placed
  beforeAll(async () => {
    device = await place(PLAIN)
  })

  it('answers as if it had dialled in', async () => {
    const made = await register(device.guid, { address: PLAIN })

    expect(made.body).toMatchObject({
      address: `${PLAIN}:16992`,
      useTLS: false,
      allowSelfSigned: false,
      certHash: null,
    })
    expect(await powerOf(device.guid)).toMatchObject({ status: 200, body: { powerstate: 2 } })
    const done = await test.call('POST', `/api/v1/amt/power/action/${device.guid}`, { action: 10 })
    expect(done.body.Body.ReturnValue).toBe(0)
    expect(new Set(device.taken)).toEqual(new Set([16_992]))
  })

  it('is away when its address is taken from it', async () => {
    const without = await change(device.guid, { address: '' })

    expect(without.body).not.toHaveProperty('address')
    expect((await powerOf(device.guid)).status).toBe(404)
  })

  it('fails as a device that refuses when nobody listens at its address', async () => {
    await change(device.guid, { address: '127.0.77.99' })

    expect((await powerOf(device.guid)).status).toBe(500)
    await change(device.guid, { address: PLAIN })
    expect((await powerOf(device.guid)).status).toBe(200)
  })
})

describe('an address', () => {
  it.each([OUTSIDE, '127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost'])(
    'outside the configured networks is not dialled: %s',
    async address => {
      const device = await (address === OUTSIDE ? place(OUTSIDE) : undefined)
      const guid = device?.guid ?? randomUUID()
      expect((await register(guid, { address })).status).toBe(201)

      expect((await powerOf(guid)).status).toBe(404)
      expect(device?.taken ?? []).toEqual([])
    },
  )

  it.each(['10.0.0.1:22', 'http://10.0.0.1', '10.0.0.1:16992/x', 'a b', 'user@host', '-x'])(
    'that is none is refused: %s',
    async address => {
      const refused = await register(randomUUID(), { address })

      expect(refused.status).toBe(400)
      expect(refused.body.errors[0]).toMatchObject({ path: 'address', value: address })
    },
  )
})

describe('a device at an address with TLS', () => {
  let device: Placed
  beforeAll(async () => {
    device = await place(SECURE, { tls: true })
    await register(device.guid, { address: SECURE, useTLS: true })
  })

  it('is not believed before its certificate is known', async () => {
    const refused = await powerOf(device.guid)

    expect(refused).toMatchObject({ status: 500, body: { code: 'amt-untrusted' } })
    expect(new Set(device.taken)).toEqual(new Set([16_993]))
  })

  it('shows its certificate, which can be pinned', async () => {
    const { status, body } = await certificate('GET', device.guid)
    expect(status).toBe(200)
    expect(body).toMatchObject({ guid: device.guid, pinned: false, commonName: expect.any(String) })

    const colons = body.sha256Fingerprint.toUpperCase().replace(/..(?=.)/g, '$&:')
    expect((await certificate('PUT', device.guid, { sha256Fingerprint: colons })).status).toBe(200)

    expect((await certificate('GET', device.guid)).body.pinned).toBe(true)
    expect(await powerOf(device.guid)).toMatchObject({ status: 200, body: { powerstate: 2 } })
  })

  it('is refused when it shows another one than is pinned', async () => {
    await certificate('PUT', device.guid, { sha256Fingerprint: '0'.repeat(64) })

    expect((await powerOf(device.guid)).body.code).toBe('amt-untrusted')
  })

  it('is refused again when the pin is forgotten', async () => {
    expect((await certificate('DELETE', device.guid)).status).toBe(204)

    expect((await powerOf(device.guid)).body.code).toBe('amt-untrusted')
  })

  it('has the certificate pinned that it shows first, when that is allowed', async () => {
    const { sha256Fingerprint } = (await certificate('GET', device.guid)).body
    await change(device.guid, { allowSelfSigned: true })

    expect((await powerOf(device.guid)).status).toBe(200)
    const row = await until(
      async () => (await test.call('GET', `/api/v1/devices/${device.guid}`)).body,
      ({ certHash }) => certHash !== null,
    )
    expect(row.certHash).toBe(sha256Fingerprint)
    const { body } = await test.call('GET', '/v1/audit?limit=500')
    const pins = body.entries.filter(
      (each: any) => each.action === 'oob.certificate.pinned' && each.target === device.guid,
    )
    expect(pins.at(-1).detail).toMatchObject({ sha256: sha256Fingerprint, why: 'the first one it showed' })
  })

  it('is reached over TLS for redirection too', async () => {
    const row = {
      project: 'default',
      guid: device.guid,
      address: `tls://${SECURE}:16993`,
      certHash: (await certificate('GET', device.guid)).body.sha256Fingerprint,
      allowSelfSigned: false,
    }
    const way = lanWay({
      kernel: { clock: createClock() },
      allows: lanNetworks([NETWORK]),
      ownRoot: async () => Promise.reject(new Error('none')),
    } as unknown as Parameters<typeof lanWay>[0])
    const open = await way.open(row as Parameters<typeof way.open>[0])
    const stream = await open!.dial(16_994, new AbortController().signal)

    stream.write(Buffer.from([0x10, 0, 0, 0, 0x53, 0x4f, 0x4c, 0x20]))
    const [reply] = (await once(stream, 'data')) as [Buffer]
    stream.destroy()

    expect([...reply.subarray(0, 2)]).toEqual([0x11, 0])
    expect(device.taken.at(-1)).toBe(16_995)
  })
})
