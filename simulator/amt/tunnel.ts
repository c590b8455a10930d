// SPDX-License-Identifier: Apache-2.0
/** One tunnel to a management presence server: logs in, forwards ports, stays alive, carries channels. */
import type { Duplex } from 'node:stream'
import {
  ApfError,
  channelClose,
  channelConfirmation,
  channelData,
  channelFailure,
  disconnect,
  keepaliveOptionsReply,
  keepaliveReply,
  keepaliveRequest,
  protocolVersion,
  readMessage,
  type ServerMessage,
  serviceRequest,
  TRIGGER,
  tcpipForward,
  userauthPassword,
  windowAdjust,
} from './apf.ts'
import { type Channel, createChannel } from './channel.ts'
import type { Firmware } from './firmware.ts'
import type { AccessRule, MpsServer } from './state.ts'

export type TunnelOptions = {
  readonly fragment: 'whole' | 'byte' | 'coalesced'
  readonly keepAliveSeconds: number
  readonly windowBytes: number
  readonly forwards: readonly number[]
  /** Serves a channel; `false` when nothing listens there. */
  readonly serve: (port: number, stream: Duplex) => boolean
}

export type TunnelParts = {
  readonly socket: Duplex
  readonly server: MpsServer
  readonly rule: AccessRule
  readonly firmware: Firmware
  readonly options: TunnelOptions
  /** Sets the only timer of the machine. */
  readonly timer: (waitMs: number, act: () => void) => void
  readonly up: () => void
  /** The tunnel is over, by whichever side; `again` when another is wanted. */
  readonly lost: (again: boolean) => void
}

export interface Tunnel {
  readonly socket: Duplex
  readonly isUp: boolean
  /** While set it hears and says nothing. */
  frozen: boolean
  /** Ends it: gently, once what was written has left, or at once. `again` is handed on to `lost`. */
  close(gently: boolean, again: boolean): void
}

type Open = { readonly theirs: number; readonly channel: Channel; closing: boolean }

const NOTHING: Buffer = Buffer.alloc(0)
const LOGIN_MS = 60_000
const MAX_CHANNELS = 16

/** Starts the handshake on a fresh connection. */
export function openTunnel(parts: TunnelParts): Tunnel {
  return new TunnelClient(parts)
}

class TunnelClient implements Tunnel {
  readonly #parts: TunnelParts
  readonly #since: number
  #phase: 'auth-service' | 'login' | 'forward-service' | 'forwarding' | 'up' | 'over' = 'auth-service'
  #forwarded = 0
  #bytes = NOTHING
  #out: Buffer[] | undefined
  #interval: number
  #channels: Map<number, Open> | undefined
  #ids = 0
  #cookie = 0
  frozen = false

  constructor(parts: TunnelParts) {
    this.#parts = parts
    const { socket, firmware, rule, options, timer } = parts
    this.#since = firmware.clock.monotonic()
    this.#interval = options.keepAliveSeconds
    socket.on('data', (bytes: Buffer) => this.#incoming(bytes))
    socket.on('error', () => undefined)
    socket.on('close', () => this.close(false, true))
    const why = rule.trigger === 0 ? TRIGGER.user : TRIGGER.periodic
    this.#send(Buffer.concat([protocolVersion(firmware.model.uuid, why), serviceRequest('auth@amt.intel.com')]))
    timer(LOGIN_MS, () => this.close(false, true))
  }

  get socket(): Duplex {
    return this.#parts.socket
  }

  get isUp(): boolean {
    return this.#phase === 'up'
  }

  close(gently: boolean, again: boolean): void {
    if (this.#phase === 'over') return
    this.#phase = 'over'
    for (const { channel } of this.#channels?.values() ?? []) channel.ended()
    if (gently) this.socket.end()
    else this.socket.destroy()
    this.#parts.lost(again)
  }

  #send(message: Buffer): void {
    if (this.frozen || this.#phase === 'over' || this.socket.destroyed) return
    const { fragment } = this.#parts.options
    if (fragment === 'whole') this.socket.write(message)
    else if (fragment === 'byte') {
      for (let at = 0; at < message.length; at++) this.socket.write(message.subarray(at, at + 1))
    } else this.#gather(message)
  }

  #gather(message: Buffer): void {
    if (this.#out === undefined) {
      this.#out = []
      setImmediate(() => {
        const out = Buffer.concat(this.#out ?? [])
        this.#out = undefined
        if (!this.socket.destroyed && !this.frozen) this.socket.write(out)
      })
    }
    this.#out.push(message)
  }

  #incoming(bytes: Buffer): void {
    if (this.frozen) return
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes])
    try {
      while (this.#phase !== 'over') {
        const read = readMessage(this.#bytes, this.#phase === 'forwarding')
        if (read === undefined) break
        this.#bytes = this.#bytes.length === read.length ? NOTHING : this.#bytes.subarray(read.length)
        this.#handle(read.message)
      }
    } catch (thrown) {
      if (!(thrown instanceof ApfError)) throw thrown
      this.#parts.firmware.state.counters.protocolErrors += 1
      this.#send(disconnect(2))
      this.close(true, true)
    }
  }

  #handle(message: ServerMessage): void {
    switch (message.kind) {
      case 'keepalive-request':
        this.#send(keepaliveReply(message.cookie))
        break
      case 'keepalive-options':
        if (message.intervalSeconds > 0) this.#interval = message.intervalSeconds
        this.#send(keepaliveOptionsReply(message.intervalSeconds, message.timeoutSeconds))
        if (this.isUp) this.#keepAlive()
        break
      case 'keepalive-reply':
      case 'protocol-version':
        break
      case 'disconnect':
        this.close(true, true)
        break
      case 'channel-open':
        if (!this.isUp) throw new ApfError('a channel before the ports')
        this.#openChannel(message)
        break
      default:
        if (this.isUp) this.#channelMessage(message)
        else this.#handshake(message)
    }
  }

  #handshake(message: ServerMessage): void {
    const { server, firmware, options } = this.#parts
    const accepted = message.kind === 'service-accept' ? message.service : ''
    if (this.#phase === 'auth-service' && accepted === 'auth@amt.intel.com') {
      this.#phase = 'login'
      const wrong = firmware.faults.spoilPassword()
      this.#send(userauthPassword(server.username, wrong ? 'not the password' : server.password))
    } else if (this.#phase === 'login' && message.kind === 'userauth-failure') this.close(true, true)
    else if (this.#phase === 'login' && message.kind === 'userauth-success') {
      this.#phase = 'forward-service'
      this.#send(serviceRequest('pfwd@amt.intel.com'))
    } else if (this.#phase === 'forward-service' && accepted === 'pfwd@amt.intel.com') {
      this.#phase = 'forwarding'
      this.#forward()
    } else if (this.#phase === 'forwarding' && message.kind === 'request-success') {
      if (message.port !== options.forwards[this.#forwarded]) throw new ApfError(`not port ${message.port}`)
      this.#forwarded += 1
      this.#forward()
    } else throw new ApfError(`${message.kind} does not fit here`)
  }

  #forward(): void {
    const port = this.#parts.options.forwards[this.#forwarded]
    if (port === undefined) {
      this.#phase = 'up'
      this.#keepAlive()
      this.#parts.up()
    } else this.#send(tcpipForward('', port))
  }

  #keepAlive(): void {
    const { timer, firmware, rule } = this.#parts
    timer(this.#interval * 1000, () => {
      const lifeMs = rule.tunnelLifeTime * 1000
      const over = lifeMs > 0 && firmware.clock.monotonic() - this.#since >= lifeMs
      if (over && (this.#channels?.size ?? 0) === 0) {
        this.close(true, false)
        return
      }
      this.#cookie = (this.#cookie + 1) >>> 0
      this.#send(keepaliveRequest(this.#cookie))
      this.#keepAlive()
    })
  }

  #channelMessage(message: ServerMessage): void {
    if (!('recipient' in message)) throw new ApfError(`${message.kind} does not fit here`)
    const open = this.#channels?.get(message.recipient)
    if (open === undefined) return
    if (message.kind === 'window-adjust') open.channel.grant(message.bytes)
    else if (message.kind === 'channel-data') {
      if (!open.channel.receive(message.data)) throw new ApfError('more data than the window allows')
    } else if (message.kind === 'channel-close') this.#closeChannel(message.recipient, open)
    else throw new ApfError(`${message.kind} does not fit here`)
  }

  #closeChannel(id: number, open: Open): void {
    this.#channels?.delete(id)
    open.channel.ended()
    if (open.closing) return
    const { faults, clock } = this.#parts.firmware
    const lateMs = faults.closeDelayMs()
    if (lateMs > 0) clock.after(lateMs, () => this.#send(channelClose(open.theirs)))
    else this.#send(channelClose(open.theirs))
  }

  #openChannel(asked: Extract<ServerMessage, { kind: 'channel-open' }>): void {
    const { firmware, options } = this.#parts
    this.#channels ??= new Map()
    const refused =
      firmware.faults.channel() ??
      (asked.type !== 'forwarded-tcpip' ? 3 : undefined) ??
      (options.forwards.includes(asked.targetPort) ? undefined : 1) ??
      (this.#channels.size >= MAX_CHANNELS ? 4 : undefined)
    if (refused !== undefined) {
      this.#send(channelFailure(asked.sender, refused))
      return
    }
    const id = ++this.#ids
    const open = this.#makeChannel(id, asked)
    if (!options.serve(asked.targetPort, open.channel.stream)) {
      this.#send(channelFailure(asked.sender, 2))
      return
    }
    this.#channels.set(id, open)
    this.#send(channelConfirmation(asked.sender, id, options.windowBytes))
  }

  #makeChannel(id: number, { sender, window }: { sender: number; window: number }): Open {
    const open: Open = {
      theirs: sender,
      closing: false,
      channel: createChannel({
        credits: window,
        window: this.#parts.options.windowBytes,
        line: {
          data: bytes => this.#send(channelData(sender, bytes)),
          adjust: bytes => this.#send(windowAdjust(sender, bytes)),
          close: () => {
            open.closing = true
            if (this.#channels?.has(id)) this.#send(channelClose(sender))
          },
        },
      }),
    }
    return open
  }
}
