// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { colourAt } from '../../../../simulator/amt/redirection/kvm.ts'
import { activated, PASSWORD } from './machines.ts'

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
const short = (text: string): Buffer => Buffer.concat([Buffer.of(text.length), Buffer.from(text)])

/** Takes exactly as many bytes as asked for, in order. */
class Wire {
  readonly stream: Duplex
  #bytes = Buffer.alloc(0)
  #wake = (): void => undefined
  closed = false

  constructor(stream: Duplex) {
    this.stream = stream
    stream.on('data', (bytes: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, bytes])
      this.#wake()
    })
    stream.on('error', () => undefined)
    for (const event of ['end', 'close']) {
      stream.on(event, () => {
        this.closed = true
        this.#wake()
      })
    }
  }

  async take(count: number): Promise<Buffer> {
    while (this.#bytes.length < count) {
      if (this.closed) throw new Error('closed')
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    const taken = this.#bytes.subarray(0, count)
    this.#bytes = this.#bytes.subarray(count)
    return taken
  }

  async end(): Promise<void> {
    while (!this.closed) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  say(...parts: (Buffer | string)[]): void {
    this.stream.write(Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part, 'hex') : part))))
  }
}

async function login(wire: Wire, mark: string, password = PASSWORD): Promise<number> {
  wire.say(mark === 'KVMR' ? '10010000' : '10000000', Buffer.from(mark))
  const started = await wire.take(13)
  expect(started[0]).toBe(0x11)
  if (started[1] !== 0) return started[1]!
  wire.say('130000000000000000')
  expect((await wire.take(9)).toString('hex')).toBe('140000000002000000')
  expect([...(await wire.take(2))]).toContain(4)
  const uri = '/RedirectionService'
  const asking = Buffer.concat([short('admin'), short(''), short(''), short(uri), ...Array(4).fill(short(''))])
  wire.say('1300000004', Buffer.of(asking.length, 0, 0, 0), asking)
  const head = await wire.take(9)
  expect(head.subarray(0, 5).toString('hex')).toBe('1401000004')
  const data = await wire.take(head.readUInt32LE(5))
  const [realm, nonce, qop] = strings(data)
  const response = md5(`${md5(`admin:${realm}:${password}`)}:${nonce}:00000002:beef:${qop}:${md5(`POST:${uri}`)}`)
  const answer = [...['admin', realm!, nonce!, uri, 'beef', '00000002', response, qop!].map(short)]
  const body = Buffer.concat(answer)
  wire.say('1300000004', Buffer.of(body.length & 255, body.length >> 8, 0, 0), body)
  return (await wire.take(9))[1]!
}

function strings(data: Buffer): string[] {
  const all: string[] = []
  for (let at = 0; at < data.length; at += 1 + data[at]!) all.push(data.toString('latin1', at + 1, at + 1 + data[at]!))
  return all
}

describe('the redirection port', () => {
  it('lets nobody in with a wrong password', async () => {
    const { machine } = activated(2)

    expect(await login(new Wire(machine.lms(16994)), 'SOL ', 'wrong')).toBe(1)
  })

  it('serves one session of a kind and calls the next one busy', async () => {
    const { machine } = activated(2)
    const first = new Wire(machine.lms(16994))
    await login(first, 'SOL ')

    expect(machine.redirection.sessions).toEqual(['sol'])
    expect(await login(new Wire(machine.lms(16994)), 'SOL ')).toBe(2)
  })

  it('refuses what is switched off, and all of it without consent in client control', async () => {
    const off = activated(2).machine
    off.state.features.redirection = 32768
    const client = activated(1).machine

    expect(await login(new Wire(off.lms(16994)), 'SOL ')).toBe(3)
    expect(await login(new Wire(client.lms(16994)), 'IDER')).toBe(255)
  })

  it('has no screen on standard manageability', async () => {
    const { machine } = activated(2, { sku: 'ism' })

    expect(await login(new Wire(machine.lms(16994)), 'KVMR')).toBe(3)
  })
})

describe('a host that is to go off', () => {
  it('waits for the end of the session, when the firmware is of that kind', async () => {
    const { machine, console } = activated(2, { quirks: { deferWhileRedirecting: true } })
    const wire = new Wire(machine.lms(16994))
    await login(wire, 'SOL ')

    await console.say(console.cim.PowerManagementService.RequestPowerStateChange(8))
    const during = machine.power.state()
    wire.stream.destroy()

    expect(during).toBe(2)
    await expect.poll(() => machine.power.state()).toBe(8)
  })
})

describe('serial over LAN', () => {
  it('shows a login prompt and echoes what is typed', async () => {
    const { machine } = activated(2)
    const wire = new Wire(machine.lms(16994))
    await login(wire, 'SOL ')

    wire.say('20000000', '00000000', '1027640000001027640000000000'.padEnd(32, '0'))
    expect((await wire.take(23))[0]).toBe(0x21)
    wire.say('27000000', '01000000', '00001b000000')
    expect((await wire.take(10))[0]).toBe(0x29)
    const greeting = await wire.take(10)
    expect(greeting[0]).toBe(0x2a)
    expect((await wire.take(greeting.readUInt16LE(8))).toString()).toContain('login: ')
    wire.say('28000000', '02000000', '0300', Buffer.from('r\x81t', 'latin1'))

    const echo = await wire.take(10)
    expect((await wire.take(echo.readUInt16LE(8))).toString('hex')).toBe('728174')
    expect(machine.redirection.sol.typed).toBe('r\x81t')
  })
})

describe('the screen', () => {
  it('speaks RFB 3.8 and paints what can be computed', async () => {
    const { machine } = activated(2)
    machine.state.optIn.required = 0
    const wire = new Wire(machine.lms(16994))
    await login(wire, 'KVMR')

    wire.say('4000000000000000')
    expect((await wire.take(8))[0]).toBe(0x41)
    expect((await wire.take(12)).toString()).toBe('RFB 003.008\n')
    wire.say(Buffer.from('RFB 003.008\n'))
    expect((await wire.take(2)).toString('hex')).toBe('0101')
    wire.say('01')
    expect((await wire.take(4)).toString('hex')).toBe('00000000')
    wire.say('01')
    const init = await wire.take(24)
    expect([init.readUInt16BE(0), init.readUInt16BE(2)]).toEqual([640, 400])
    await wire.take(init.readUInt32BE(20))
    wire.say('0300', '00400040', '00020001')

    const head = await wire.take(16)
    expect(head.toString('hex')).toBe('00000001' + '0040004000020001' + '00000000')
    const [red, green, blue] = colourAt(0x41, 0x40, 0)
    const pixels = await wire.take(4)
    expect(pixels.readUInt16LE(2)).toBe(((red >> 3) << 11) | ((green >> 2) << 5) | (blue >> 3))
  })

  it('shows a silent viewer out after three minutes', async () => {
    const { machine, clock } = activated(2)
    machine.state.optIn.required = 0
    const wire = new Wire(machine.lms(16994))
    await login(wire, 'KVMR')

    await clock.advance(181_000)
    await wire.end()

    expect(machine.redirection.sessions).toEqual([])
  })

  it('asks for consent when the policy says so', async () => {
    const { machine, console } = activated(2)
    expect(await login(new Wire(machine.lms(16994)), 'KVMR')).toBe(255)

    await console.say(console.ips.OptInService.StartOptIn())
    const code = machine.screen.consentCode()
    expect(code).toMatch(/^\d{6}$/)
    const sent = await console.say(console.ips.OptInService.SendOptInCode(Number(code)))

    expect(sent.body.SendOptInCode_OUTPUT.ReturnValue).toBe('0')
    expect(await login(new Wire(machine.lms(16994)), 'KVMR')).toBe(0)
    expect(machine.state.optIn.state).toBe(4)
  })
})

describe('media redirection', () => {
  /** Answers READ CAPACITY and READ(10) of a disc whose sectors say their own number. */
  async function disc(wire: Wire, blocks: number): Promise<void> {
    let sequence = 2
    for (;;) {
      const asked = await wire.take(8)
      if (asked[0] !== 0x50) continue
      const rest = await wire.take(20)
      expect(rest[6]).toBe(0xb0)
      const cdb = rest.subarray(8)
      const content = cdb[0] === 0x25 ? capacity(blocks) : sectors(cdb.readUInt32BE(2), cdb.readUInt16BE(7))
      for (let at = 0; at < content.length; at += 8192) {
        const piece = content.subarray(at, at + 8192)
        const last = at + 8192 >= content.length
        const head = Buffer.alloc(34)
        head[0] = 0x54
        head[3] = last ? 2 : 0
        head.writeUInt32LE(sequence++, 4)
        head.writeUInt16LE(piece.length, 9)
        wire.say(head, piece)
      }
    }
  }
  function capacity(blocks: number): Buffer {
    const bytes = Buffer.alloc(8)
    bytes.writeUInt32BE(blocks - 1, 0)
    bytes.writeUInt32BE(2048, 4)
    return bytes
  }
  function sectors(from: number, count: number): Buffer {
    const bytes = Buffer.alloc(count * 2048)
    for (let index = 0; index < count; index++) bytes.writeUInt32BE(from + index, index * 2048)
    return bytes
  }
  /** Refuses every command: 31 bytes, with the status at 27 and the sense behind it. */
  async function refusing(wire: Wire): Promise<void> {
    for (let sequence = 2; ; sequence++) {
      await wire.take(28)
      const answer = Buffer.alloc(31)
      answer[0] = 0x51
      answer[3] = 2
      answer.writeUInt32LE(sequence, 4)
      answer.set([0x51, 5, 0x24, 0], 27)
      wire.say(answer)
    }
  }
  async function opened(blocks: number, serve: typeof disc = disc): Promise<ReturnType<typeof activated>['machine']> {
    const { machine } = activated(2)
    const wire = new Wire(machine.lms(16994))
    await login(wire, 'IDER')
    wire.say('40000000', '00000000', '30750000204e01000000')
    const reply = await wire.take(30)
    expect(reply[0]).toBe(0x41)
    expect(reply.readUInt16LE(16)).toBe(8192)
    expect(reply[29]).toBe(0)
    wire.say('48000000', '01000000', '03', '09000000')
    expect((await wire.take(13)).toString('hex')).toBe('49000000' + '01000000' + '0301000000')
    serve(wire, blocks).catch(() => undefined)
    return machine
  }

  it('reads sectors and hashes the medium', async () => {
    const machine = await opened(70)
    await machine.redirection.ider.whenReady()

    const hash = await machine.redirection.ider.hash('cd')

    expect(machine.redirection.ider.features).toBe(9)
    expect(hash).toBe(createHash('sha256').update(sectors(0, 70)).digest('hex'))
  })

  it('fails with the sense that the console gave, and goes on', async () => {
    const machine = await opened(0, refusing)
    await machine.redirection.ider.whenReady()

    await expect(machine.redirection.ider.read('cd', 0, 1)).rejects.toThrow('sense 5')
    await expect(machine.redirection.ider.capacity('cd')).rejects.toThrow('sense 5')
    expect(machine.state.counters.protocolErrors).toBe(0)
  })

  it('reads beyond four gigabytes', async () => {
    const machine = await opened(3_000_000)

    const data = await machine.redirection.ider.read('cd', 2_999_999, 1)

    expect(data.readUInt32BE(0)).toBe(2_999_999)
  })

  it('drops a console whose sequence numbers have a gap', async () => {
    const { machine } = activated(2)
    const wire = new Wire(machine.lms(16994))
    await login(wire, 'IDER')

    wire.say('40000000', '01000000', '30750000204e01000000')
    await wire.end()

    expect(machine.state.counters.protocolErrors).toBe(1)
  })
})
