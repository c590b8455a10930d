// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeClock, type FakeClock } from '../../simulator/clock.ts'
import { createSimulatedHost, type SimulatedHost, type SimulatedHostOptions } from '../../simulator/host.ts'

const never = new AbortController().signal

let server: Server
let target: { host: string; port: number }
let accepted: Socket[]
let clock: FakeClock
const hosts: SimulatedHost[] = []

function newHost(options: Partial<SimulatedHostOptions> = {}): SimulatedHost {
  const host = createSimulatedHost({ seed: 'network', index: 1, clock, ...options })
  hosts.push(host)
  return host
}

/** Connects, and waits until the server has the other end. */
async function joined(host: SimulatedHost): Promise<{ readonly near: Duplex; readonly far: Socket }> {
  const arrival: Promise<[Socket]> = once(server, 'connection') as Promise<[Socket]>
  const near = await host.system.network.connect(target, never)
  near.on('error', () => undefined)
  const [far] = await arrival
  return { near, far }
}

function collect(stream: Duplex): { readonly text: () => string } {
  const chunks: Buffer[] = []
  stream.on('data', chunk => chunks.push(chunk))
  return { text: () => Buffer.concat(chunks).toString() }
}

beforeEach(async () => {
  clock = createFakeClock(0)
  accepted = []
  server = createServer(socket => {
    accepted.push(socket)
    socket.on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  target = { host: '127.0.0.1', port }
})

afterEach(async () => {
  for (const host of hosts.splice(0)) host.close()
  for (const socket of accepted) socket.destroy()
  server.close()
  await once(server, 'close')
})

describe.each(['ready', 'plain'] as const)('the network of a simulated host with %s lines', lines => {
  it('reaches a real server', async () => {
    const { near, far } = await joined(newHost({ lines }))
    const heard = collect(near)
    far.on('data', chunk => far.write(`echo ${chunk}`))

    near.write('hello')

    await vi.waitFor(() => expect(heard.text()).toBe('echo hello'))
  })

  it('passes on that the far end has finished', async () => {
    const { near, far } = await joined(newHost({ lines }))
    near.resume()

    far.end()

    await once(near, 'end')
  })

  it('says what it could not reach', async () => {
    server.close()
    await once(server, 'close')

    await expect(newHost({ lines }).system.network.connect(target, never)).rejects.toMatchObject({
      code: 'unreachable',
      fields: { host: '127.0.0.1', cause: 'ECONNREFUSED' },
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })

  it('breaks open connections when the link is cut, and refuses new ones until it is restored', async () => {
    const host = newHost({ lines })
    const { near, far } = await joined(host)
    const ends = [once(near, 'close'), once(far, 'close')]

    host.faults.cut()

    await Promise.all(ends)
    await expect(host.system.network.connect(target, never)).rejects.toMatchObject({ code: 'unreachable' })
    host.faults.restore()
    await joined(host)
  })

  it('shows that the cable is out only when it is', async () => {
    const host = newHost({ lines })
    const state = () => host.system.files.text('/sys/class/net/enp1s0/operstate')

    host.faults.cut()
    expect(await state()).toBe('up\n')
    host.faults.cut({ cable: true })
    expect(await state()).toBe('down\n')
    host.faults.restore()
    expect(await state()).toBe('up\n')
  })

  it('neither connects nor fails over a silent link, until it is restored', async () => {
    const host = newHost({ lines })
    host.faults.halfOpen()
    const [patience, tired] = [new AbortController(), new AbortController()]

    const given = host.system.network.connect(target, tired.signal).catch(cause => cause)
    const waited = host.system.network.connect(target, patience.signal)
    tired.abort('tired')

    expect(await given).toBe('tired')
    expect(accepted).toHaveLength(0)
    host.faults.restore()
    await waited
  })

  it('cuts and restores in turn when it flaps', async () => {
    const host = newHost({ lines })
    const attempt = () =>
      host.system.network.connect(target, never).then(
        stream => stream.destroy() && 'up',
        () => 'down',
      )

    host.faults.flap({ downMs: 1_000, upMs: 3_000 })

    expect(await attempt()).toBe('down')
    await clock.advance(1_000)
    expect(await attempt()).toBe('up')
    await clock.advance(3_000)
    expect(await attempt()).toBe('down')
    host.faults.restore()
    expect(await attempt()).toBe('up')
    expect(clock.pending).toBe(0)
  })

  it('delays connections made over a slow link', async () => {
    const host = newHost({ lines })
    host.faults.slow({ latencyMs: 300, bytesPerSecond: 1_000 })
    const { near, far } = await joined(host)
    const heard = collect(far)

    near.write('x'.repeat(500))

    await clock.advance(799)
    expect(heard.text()).toBe('')
    await clock.advance(1)
    await vi.waitFor(() => expect(heard.text()).toHaveLength(500))
  })
})

describe('ready lines', () => {
  it('slow down connections that are already open, in both directions and in order', async () => {
    const host = newHost()
    const { near, far } = await joined(host)
    const [here, there] = [collect(near), collect(far)]
    near.write('fast')
    await vi.waitFor(() => expect(there.text()).toBe('fast'))

    host.faults.slow({ latencyMs: 100, bytesPerSecond: 10 })
    near.write('12345')
    near.write('67890')
    far.write('abc')

    await vi.waitFor(() => expect(clock.pending).toBe(3))
    await clock.advance(599)
    expect(here.text()).toBe('abc')
    expect(there.text()).toBe('fast')
    await clock.advance(1)
    await vi.waitFor(() => expect(there.text()).toBe('fast12345'))
    await clock.advance(500)
    await vi.waitFor(() => expect(there.text()).toBe('fast1234567890'))
  })

  it('keep what was sent slowly before what is sent fast', async () => {
    const host = newHost()
    const { near, far } = await joined(host)
    const heard = collect(far)
    host.faults.slow({ latencyMs: 500, bytesPerSecond: 1_000 })
    near.write('first')

    host.faults.restore()
    near.write('second')

    await clock.advance(1_000)
    await vi.waitFor(() => expect(heard.text()).toBe('firstsecond'))
  })

  it('hold a writer back while too much is under way', async () => {
    const host = newHost()
    const { near, far } = await joined(host)
    far.resume()
    host.faults.slow({ latencyMs: 0, bytesPerSecond: 100_000 })
    let written = 0
    for (let block = 0; block < 16; block++) near.write(Buffer.alloc(65_536), () => (written += 65_536))

    await clock.advance(0)
    expect(written).toBeLessThan(400_000)

    await clock.advance(12_000)
    await vi.waitFor(() => expect(written).toBe(16 * 65_536))
  })

  it('carry nothing over a silent link and tell nobody, and are reset when it is restored', async () => {
    const host = newHost()
    const { near, far } = await joined(host)
    const [here, there] = [collect(near), collect(far)]
    let closed = 0
    for (const end of [near, far]) end.once('close', () => closed++)

    host.faults.halfOpen()
    near.write('lost')
    far.write('lost')
    await new Promise(resolve => far.write('also lost', resolve))
    await clock.advance(60_000)

    expect([here.text(), there.text(), closed]).toEqual(['', '', 0])
    const ends = [once(near, 'close'), once(far, 'close')]
    host.faults.restore()
    await Promise.all(ends)
  })

  it('go on after silence in which nothing was said', async () => {
    const host = newHost()
    const { near, far } = await joined(host)
    const heard = collect(far)

    host.faults.halfOpen()
    await clock.advance(1_000)
    host.faults.restore()
    near.write('still here')

    await vi.waitFor(() => expect(heard.text()).toBe('still here'))
  })

  it('fall silent when the plug is pulled, so that the far end learns nothing', async () => {
    const host = newHost({ bootMs: 1_000 })
    const { near, far } = await joined(host)
    let closed = false
    far.once('close', () => {
      closed = true
    })

    host.faults.powerCut(1_000)
    await once(near, 'close')
    await new Promise(resolve => far.write('are you there?', resolve))
    await clock.advance(1_000)

    expect(host.power.bootCount).toBe(2)
    expect(closed).toBe(false)
    await joined(host)
  })

  it('are closed by a reboot, as a kernel closes what its processes leave behind', async () => {
    const host = newHost()
    const { far } = await joined(host)
    far.resume()

    host.power.lose('reboot', 1_000)

    await once(far, 'close')
  })

  it('refuse conditions that make no sense', () => {
    const host = newHost()

    expect(() => host.faults.slow({ latencyMs: -1, bytesPerSecond: 1 })).toThrow(/positive rate/)
    expect(() => host.faults.slow({ latencyMs: 1, bytesPerSecond: 0 })).toThrow(/positive rate/)
  })
})
