// SPDX-License-Identifier: Apache-2.0

import { randomBytes, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Duplex } from 'node:stream'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { createAmtFaults } from '../../simulator/amt/faults.ts'
import { type AmtMachine, type AmtMachineOptions, createAmtMachine } from '../../simulator/amt/machine.ts'
import { createOnDieAuthority } from '../../simulator/amt/on-die.ts'
import type { FakeClock } from '../../simulator/clock.ts'
import { TestConsole } from '../unit/simulator/amt/console.ts'
import { activated, PASSWORD } from '../unit/simulator/amt/machines.ts'

const UUID = '4c4c4544-004b-4210-8033-b6c04f504633'
/** The UUID above as SMBIOS has it. */
const WIRE_UUID = '44454c4c4b0010428033b6c04f504633'
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
const str = (text: string): string =>
  Buffer.from(text).length.toString(16).padStart(8, '0') + Buffer.from(text).toString('hex')
const u32 = (value: number): string => value.toString(16).padStart(8, '0')

/** A server that says and expects bytes, nothing more. */
class Peer {
  readonly socket: TLSSocket
  #bytes = Buffer.alloc(0)
  #wake = (): void => undefined
  closed = false

  constructor(socket: TLSSocket) {
    this.socket = socket
    socket.on('data', (bytes: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, bytes])
      this.#wake()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.closed = true
      this.#wake()
    })
  }

  say(bytes: string): void {
    this.socket.write(hex(bytes))
  }

  async take(count: number): Promise<string> {
    while (this.#bytes.length < count) {
      if (this.closed) throw new Error('closed')
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    const taken = this.#bytes.subarray(0, count)
    this.#bytes = this.#bytes.subarray(count)
    return taken.toString('hex')
  }

  async expect(bytes: string): Promise<void> {
    const wanted = bytes.replaceAll(' ', '')
    expect(await this.take(wanted.length / 2)).toBe(wanted)
  }

  async gone(): Promise<void> {
    while (!this.closed) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  /** The whole handshake with the ports that must be announced. */
  async welcome(ports: readonly number[], password: string): Promise<void> {
    await this.expect(`c0 00000001 00000000 00000004 ${WIRE_UUID} ${'00'.repeat(64)}`)
    await this.expect(`05 ${str('auth@amt.intel.com')}`)
    this.say(`06 ${str('auth@amt.intel.com')}`)
    await this.expect(`32 ${str('admin')} ${str('pfwd@amt.intel.com')} ${str('password')} 00 ${str(password)}`)
    this.say(`34 05`.slice(0, 2))
    await this.expect(`05 ${str('pfwd@amt.intel.com')}`)
    this.say(`06 ${str('pfwd@amt.intel.com')}`)
    for (const port of ports) {
      await this.expect(`50 ${str('tcpip-forward')} 01 ${str('')} ${u32(port)}`)
      this.say(`51 ${u32(port)}`)
    }
  }

  /** Opens a channel; what the engine calls it. */
  async open(port: number, id: number, window: number): Promise<number> {
    this.say(
      `5a ${str('forwarded-tcpip')} ${u32(id)} ${u32(window)} ffffffff ${str('')} ${u32(port)} ${str('1.2.3.4')} ${u32(1024)}`,
    )
    const answer = await this.take(17)
    expect(answer.slice(0, 10)).toBe(`5b${u32(id)}`)
    expect(answer.slice(26)).toBe('ffffffff')
    return Number.parseInt(answer.slice(10, 18), 16)
  }
}

const ALL = [16993, 16992, 664, 623, 16995, 16994, 5900]
let stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops) await stop()
  stops = []
})

async function lab(
  options: Partial<AmtMachineOptions> = {},
  password = 'P@ssw0rd',
): Promise<{
  machine: AmtMachine
  clock: FakeClock
  peer: () => Promise<Peer>
}> {
  const authority = createOnDieAuthority({ random: count => randomBytes(count), at: Date.now() })
  const { chain, key } = authority.issue()
  const server: Server = createServer({ cert: chain, key })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const peers: Peer[] = []
  let wake = (): void => undefined
  server.on('secureConnection', socket => {
    peers.push(new Peer(socket))
    wake()
  })
  server.on('tlsClientError', () => undefined)
  const { machine: made, clock } = activated(2)
  const { state } = made
  state.certificates.push({
    id: 'root',
    der: new X509Certificate(authority.root).raw.toString('base64'),
    trusted: true,
  })
  state.cira.servers.push({
    name: 'Intel(r) AMT:Management Presence Server 0',
    accessInfo: '127.0.0.1',
    infoFormat: 3,
    port: (server.address() as AddressInfo).port,
    authMethod: 2,
    username: 'admin',
    password,
    commonName: 'AMT RCFG',
  })
  state.cira.rules.push({
    name: 'Periodic',
    trigger: 2,
    tunnelLifeTime: 0,
    extendedData: 'AAAAAAAAABk=',
    servers: ['Intel(r) AMT:Management Presence Server 0'],
    mpsType: 2,
  })
  state.cira.detection = ['not-home.com']
  const machine = createAmtMachine({
    uuid: UUID,
    version: '16.1.25',
    sku: 'amt',
    clock,
    random: count => randomBytes(count),
    state,
    ...options,
  })
  stops.push(
    () => machine.stop(),
    () => {
      for (const { socket } of peers) socket.destroy()
      server.close()
    },
  )
  machine.start()
  return {
    machine,
    clock,
    async peer() {
      while (peers.length === 0) {
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
      return peers.shift()!
    },
  }
}

describe('a machine that dials', () => {
  it.each(['whole', 'byte', 'coalesced'] as const)('logs in and announces its ports, sent %s', async fragment => {
    const { machine, peer } = await lab({ fragment })
    const server = await peer()

    await server.welcome(ALL, 'P@ssw0rd')
    server.say(`d0 ffffffff`)
    await server.expect('d1 ffffffff')

    expect(machine.mei.ras()).toEqual({
      networkStatus: 'outside enterprise',
      remoteStatus: 'connected',
      remoteTrigger: 'periodic',
      mpsHostname: '127.0.0.1',
    })
  })

  it('never announces the port for viewers on standard manageability', async () => {
    const { peer } = await lab({ sku: 'ism' })

    await (await peer()).welcome(ALL.slice(0, 6), 'P@ssw0rd')
  })

  it('says that it lives as often as it was told', async () => {
    const { peer, clock } = await lab()
    const server = await peer()
    await server.welcome(ALL, 'P@ssw0rd')
    server.say('d2 0000000a 0000001e')
    await server.expect('d3 0000000a 0000001e')

    await clock.advance(10_000)

    await server.expect('d0 00000001')
  })

  it('gives up after a refused login and comes back later', async () => {
    const faults = createAmtFaults()
    faults.badPasswordOnce()
    const { peer, clock } = await lab({ faults })
    const first = await peer()
    const refused = first.welcome(ALL, 'not the password').catch(thrown => thrown)
    await new Promise(resolve => setTimeout(resolve, 50))
    void refused
    first.socket.destroy()
    await first.gone()
    await new Promise(resolve => setTimeout(resolve, 50))

    await clock.advance(25_000)

    await (await peer()).welcome(ALL, 'P@ssw0rd')
  })

  it('does not talk to a server whose name it was not given', async () => {
    const { machine, peer } = await lab()
    await (await peer()).welcome(ALL, 'P@ssw0rd')
    machine.state.cira.servers[0]!.commonName = 'somebody else'

    machine.unplug()
    machine.plug()

    await expect.poll(() => machine.mei.ras().remoteStatus).toBe('not connected')
  })

  it('stays at home when the network tells a name of home', async () => {
    const { machine } = await lab({ dnsSuffix: 'plant.not-home.com' })

    expect(machine.mei.ras()).toMatchObject({ networkStatus: 'direct', remoteStatus: 'not connected' })
  })

  it('keeps TCP up and says nothing when it is frozen', async () => {
    const { machine, peer } = await lab()
    const server = await peer()
    await server.welcome(ALL, 'P@ssw0rd')

    machine.freeze()
    server.say('d0 00000001')
    const silence = await Promise.race([
      server.take(1),
      new Promise(resolve => setTimeout(() => resolve('silent'), 100)),
    ])

    expect(silence).toBe('silent')
    expect(server.closed).toBe(false)
  })
})

describe('a channel', () => {
  it('is refused with the reasons of the protocol', async () => {
    const faults = createAmtFaults()
    const { peer } = await lab({ faults })
    const server = await peer()
    await server.welcome(ALL, 'P@ssw0rd')
    const ask = (type: string, port: number): void =>
      server.say(`5a ${str(type)} 00000004 00001000 ffffffff ${str('')} ${u32(port)} ${str('')} 00000000`)

    ask('direct-tcpip', 16992)
    await server.expect('5c 00000004 00000003 00000000 00000000')
    ask('forwarded-tcpip', 80)
    await server.expect('5c 00000004 00000001 00000000 00000000')
    ask('forwarded-tcpip', 623)
    await server.expect('5c 00000004 00000002 00000000 00000000')
    faults.refuseChannels(1, 4)
    ask('forwarded-tcpip', 16992)
    await server.expect('5c 00000004 00000004 00000000 00000000')
  })

  it('never carries more than it was allowed to', async () => {
    const { peer } = await lab({ windowBytes: 64 })
    const server = await peer()
    await server.welcome(ALL, 'P@ssw0rd')
    const theirs = await server.open(16992, 4, 1)
    server.say(`5e ${u32(theirs)} ${u32(30)} ${Buffer.from('GET / HTTP/1.1\r\nHost: device\r\n').toString('hex')}`)
    server.say(`5e ${u32(theirs)} ${u32(2)} 0d0a`)

    // One byte for the credit of one, and nothing before there is more.
    await server.expect(`5e 00000004 00000001 ${Buffer.from('H').toString('hex')}`)
    server.say(`5d ${u32(theirs)} ${u32(3)}`)
    await server.expect(`5e 00000004 00000003 ${Buffer.from('TTP').toString('hex')}`)
  })

  it('drops the tunnel of a server that sends more than its window', async () => {
    const { peer, machine } = await lab({ windowBytes: 16 })
    const server = await peer()
    await server.welcome(ALL, 'P@ssw0rd')
    const theirs = await server.open(16992, 4, 1000)

    server.say(`5e ${u32(theirs)} ${u32(17)} ${'41'.repeat(17)}`)
    await server.expect('01 00000002 0000')
    await server.gone()

    expect(machine.state.counters.protocolErrors).toBe(1)
  })

  it('is closed with one message from each side', async () => {
    const { peer } = await lab()
    const server = await peer()
    await server.welcome(ALL, 'P@ssw0rd')
    const theirs = await server.open(16992, 9, 1000)

    server.say(`61 ${u32(theirs)}`)
    await server.expect('61 00000009')
    server.say('d0 00000007')

    await server.expect('d1 00000007')
  })

  it('carries WS-Management', async () => {
    const { peer } = await lab()
    const server = await peer()
    await server.welcome(ALL, 'P@ssw0rd')
    const theirs = await server.open(16992, 4, 1_000_000)
    const stream = new Duplex({
      read: () => undefined,
      write(bytes: Buffer, _encoding, done) {
        for (let at = 0; at < bytes.length; at += 1000) {
          const piece = bytes.subarray(at, at + 1000)
          server.say(`5e ${u32(theirs)} ${u32(piece.length)} ${piece.toString('hex')}`)
        }
        done()
      },
    })
    const pump = async (): Promise<void> => {
      for (;;) {
        const type = await server.take(1)
        if (type === '5d') await server.take(8)
        else {
          expect(type).toBe('5e')
          const length = Number.parseInt((await server.take(8)).slice(8), 16)
          stream.push(Buffer.from(await server.take(length), 'hex'))
        }
      }
    }
    pump().catch(() => stream.destroy())
    const console = new TestConsole(() => stream, 'admin', PASSWORD)

    const { body } = await console.say(console.amt.GeneralSettings.Get())

    expect(body.AMT_GeneralSettings.InstanceID).toBe('Intel(r) AMT: General Settings')
  })
})
