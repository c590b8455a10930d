// SPDX-License-Identifier: Apache-2.0
/** A device that dials in over TLS and speaks the tunnel protocol in its own bytes; shares no code with what it tests. */
import { once } from 'node:events'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'

export const u32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
export const str = (text: string): number[] => [...u32(Buffer.byteLength(text)), ...Buffer.from(text)]

/** Swaps the first three groups, as SMBIOS stores them. */
export function systemId(guid: string): number[] {
  const b = [...Buffer.from(guid.replaceAll('-', ''), 'hex')]
  return [b[3]!, b[2]!, b[1]!, b[0]!, b[5]!, b[4]!, b[7]!, b[6]!, ...b.slice(8)]
}

export const version = (guid: string, major = 1): number[] => [
  192,
  ...u32(major),
  ...u32(0),
  ...u32(4),
  ...systemId(guid),
  ...new Array<number>(64).fill(0),
]
export const service = (name: string): number[] => [5, ...str(name)]
export const password = (user: string, secret: string): number[] => [
  50,
  ...str(user),
  ...str('pfwd@amt.intel.com'),
  ...str('password'),
  0,
  ...str(secret),
]
export const noPassword = (user: string): number[] => [50, ...str(user), ...str('pfwd@amt.intel.com'), ...str('none')]
export const forward = (port: number, address = ''): number[] => [
  80,
  ...str('tcpip-forward'),
  1,
  ...str(address),
  ...u32(port),
]

export type Heard = { readonly type: number; readonly body: Buffer }

const FIXED: Record<number, number> = {
  1: 6,
  52: 0,
  82: 0,
  91: 16,
  92: 16,
  93: 8,
  97: 4,
  208: 4,
  209: 4,
  210: 8,
  211: 8,
}

/** How long what we have begins with takes; undefined when that cannot be said yet. */
function lengthOf(bytes: Buffer, successPort: boolean): number | undefined {
  const word = (at: number) => (bytes.length >= at + 4 ? bytes.readUInt32BE(at) : undefined)
  const type = bytes[0]!
  if (type in FIXED) return 1 + FIXED[type]!
  if (type === 81) return successPort ? 5 : 1
  if (type === 6) return word(1) === undefined ? undefined : 5 + word(1)!
  if (type === 51) return word(1) === undefined ? undefined : 6 + word(1)!
  if (type === 94) return word(5) === undefined ? undefined : 9 + word(5)!
  if (type === 90) {
    let at = 1
    if (word(at) === undefined) return undefined
    at += 4 + word(at)! + 12
    for (let i = 0; i < 2; i++) {
      if (word(at) === undefined) return undefined
      at += 8 + word(at)!
    }
    return at
  }
  throw new Error(`the server sent message type ${type}`)
}

export type DeviceOptions = {
  readonly port: number
  readonly guid: string
  readonly user?: string
  readonly secret?: string
  readonly ports?: readonly number[]
  readonly tls?: ConnectionOptions
  /** Window granted to the server for each channel. */
  readonly window?: number
  /** Most bytes of one write. */
  readonly chunk?: number
  /** Answers keepalive requests. */
  readonly alive?: boolean
  readonly localAddress?: string
}

export type ServerChannel = {
  readonly theirs: number
  readonly ours: number
  readonly port: number
  readonly target: string
  /** What the server lets us send. */
  credits: number
  readonly window: number
}

export class ApfDevice {
  readonly socket: TLSSocket
  readonly heard: Heard[] = []
  /** Bytes of whole reads, to see what left together. */
  readonly reads: number[] = []
  readonly channels = new Map<number, ServerChannel>()
  readonly options: DeviceOptions
  closed = false
  error: Error | undefined
  /** What to do with a CHANNEL_OPEN; confirms unless replaced. */
  onOpen: (channel: ServerChannel) => void = channel => this.confirm(channel)
  /** Data of a channel; gives credits back unless replaced. */
  onData: (channel: ServerChannel, data: Buffer) => void = (channel, data) => this.adjust(channel, data.length)
  onAdjust: (channel: ServerChannel) => void = () => {}
  onClose: (channel: ServerChannel) => void = channel => this.send([97, ...u32(channel.theirs)])
  #bytes: Buffer = Buffer.alloc(0)
  #waiters: (() => void)[] = []
  #next = 100
  #successPorts: boolean[] = []

  constructor(options: DeviceOptions) {
    this.options = options
    this.socket = connect({
      host: '127.0.0.1',
      port: options.port,
      rejectUnauthorized: false,
      ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
      ...options.tls,
    })
    this.socket.setNoDelay(true)
    this.socket.on('data', (chunk: Buffer) => {
      this.reads.push(chunk.length)
      this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
      try {
        this.#parse()
      } catch (thrown) {
        this.error = thrown as Error
        this.socket.destroy()
      }
      this.#wake()
    })
    this.socket.on('error', error => {
      this.error = error
    })
    this.socket.on('close', () => {
      this.closed = true
      this.#wake()
    })
  }

  send(bytes: readonly number[] | Buffer): void {
    const all = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes)
    const { chunk = all.length } = this.options
    for (let at = 0; at < all.length; at += Math.max(1, chunk)) {
      this.socket.write(all.subarray(at, at + Math.max(1, chunk)))
    }
  }

  /** The first message of a type that is not taken yet. */
  async take(type: number, withinMs = 10_000): Promise<Heard> {
    const has = () => this.heard.some(each => each.type === type)
    await this.until(() => has() || this.closed, `message ${type}`, withinMs)
    const place = this.heard.findIndex(each => each.type === type)
    if (place < 0) throw new Error(`closed before message ${type}; heard ${this.heard.map(each => each.type)}`)
    return this.heard.splice(place, 1)[0]!
  }

  async until(check: () => boolean, what: string, withinMs = 10_000): Promise<void> {
    let late = false
    const timer = setTimeout(() => {
      late = true
      this.#wake()
    }, withinMs)
    try {
      while (!check()) {
        if (late) throw new Error(`no ${what} within ${withinMs} ms`)
        await new Promise<void>(resolve => this.#waiters.push(resolve))
      }
    } finally {
      clearTimeout(timer)
    }
  }

  async secured(): Promise<void> {
    await once(this.socket, 'secureConnect')
  }

  /** Up to the answer of the login; resolves with the type of the answer. */
  async logIn(): Promise<51 | 52> {
    const { guid, user = 'admin', secret = 'P@ssw0rd' } = this.options
    this.send([...version(guid), ...service('auth@amt.intel.com')])
    await this.take(6)
    this.send(password(user, secret))
    return this.verdict()
  }

  async verdict(): Promise<51 | 52> {
    await this.until(() => this.closed || this.heard.some(each => each.type === 51 || each.type === 52), 'a verdict')
    const place = this.heard.findIndex(each => each.type === 51 || each.type === 52)
    if (place < 0) throw new Error('closed before the verdict')
    return this.heard.splice(place, 1)[0]!.type as 51 | 52
  }

  /** Everything: logs in, and forwards its ports one after the other. */
  async up(): Promise<this> {
    if ((await this.logIn()) !== 52) throw new Error('the login failed')
    await this.forwardAll()
    return this
  }

  async forwardAll(): Promise<void> {
    this.send(service('pfwd@amt.intel.com'))
    await this.take(6)
    for (const port of this.options.ports ?? [16993, 16992, 664, 623, 16995, 16994, 5900]) {
      await this.forward(port)
    }
  }

  async forward(port: number, address = ''): Promise<Heard> {
    this.#successPorts.push(true)
    this.send(forward(port, address))
    return this.take(81)
  }

  /** For a request that is answered without a port. */
  request(bytes: readonly number[]): void {
    this.#successPorts.push(false)
    this.send(bytes)
  }

  confirm(channel: ServerChannel): void {
    const { window = 4_096 } = this.options
    this.send([91, ...u32(channel.theirs), ...u32(channel.ours), ...u32(window), ...u32(0xffffffff)])
  }

  refuse(channel: ServerChannel, reason: number): void {
    this.channels.delete(channel.ours)
    this.send([92, ...u32(channel.theirs), ...u32(reason), ...u32(0), ...u32(0)])
  }

  adjust(channel: ServerChannel, bytes: number): void {
    this.send([93, ...u32(channel.theirs), ...u32(bytes)])
  }

  data(channel: ServerChannel, bytes: Buffer): void {
    channel.credits -= bytes.length
    this.send(Buffer.concat([Buffer.from([94, ...u32(channel.theirs), ...u32(bytes.length)]), bytes]))
  }

  close(): void {
    this.socket.destroy()
  }

  #wake(): void {
    for (const waiter of this.#waiters.splice(0)) waiter()
  }

  #parse(): void {
    while (this.#bytes.length > 0) {
      const length = lengthOf(this.#bytes, this.#successPorts[0] ?? true)
      if (length === undefined || this.#bytes.length < length) return
      const type = this.#bytes[0]!
      const body = this.#bytes.subarray(1, length)
      this.#bytes = this.#bytes.subarray(length)
      if (type === 81) this.#successPorts.shift()
      if (type >= 90 && type <= 97) this.#channel(type, body)
      if (type === 208 && this.options.alive !== false) this.send([209, ...body])
      if (type !== 94) this.heard.push({ type, body })
    }
  }

  #channel(type: number, body: Buffer): void {
    if (type === 90) {
      let at = 4 + body.readUInt32BE(0)
      const theirs = body.readUInt32BE(at)
      const window = body.readUInt32BE(at + 4)
      at += 12
      const target = body.toString('utf8', at + 4, at + 4 + body.readUInt32BE(at))
      at += 4 + target.length
      const channel = { theirs, ours: this.#next++, port: body.readUInt32BE(at), target, credits: window, window }
      this.channels.set(channel.ours, channel)
      this.onOpen(channel)
      return
    }
    const channel = this.channels.get(body.readUInt32BE(0))
    if (channel === undefined) return
    if (type === 93) {
      channel.credits += body.readUInt32BE(4)
      this.onAdjust(channel)
    }
    if (type === 94) this.onData(channel, Buffer.from(body.subarray(8)))
    if (type === 97) this.onClose(channel)
  }
}
