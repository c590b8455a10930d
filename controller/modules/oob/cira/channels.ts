// SPDX-License-Identifier: Apache-2.0
/** The channels of one tunnel: opens them for callers, and finds the one a message is for. */
import type { Duplex } from 'node:stream'
import { type Clock, SECOND } from '../../../../plugins/contract/index.ts'
import { encode } from '../apf/encode.ts'
import { DISCONNECT, FORWARDED, type Message, OPEN_FAILURE, ProtocolError } from '../apf/messages.ts'
import { PORTS } from '../ports.ts'
import { problem as shared } from '../problems.ts'
import { Channel } from './channel.ts'
import type { CiraLimits } from './limits.ts'
import type { Line } from './line.ts'
import { problem } from './problems.ts'

/** What may be dialled: WS-Management and redirection, RMCP, and RFB. */
const DIALLED: ReadonlySet<number> = new Set([...Object.values(PORTS), 623, 664, 5900])
/** What the firmware is told of who calls; it has never been given anything else. */
const ORIGINATOR = { address: '1.2.3.4', firstPort: 1_024, lastPort: 65_535 } as const
/** How long the echo of a close is awaited. Numbers are not used again, so what comes later harms nobody. */
const ECHO_MS = 30 * SECOND
const MAX_ID = 0x7fff_ffff

const REFUSALS: Readonly<Record<number, string>> = {
  [OPEN_FAILURE.prohibited]: 'administratively prohibited',
  [OPEN_FAILURE.connectFailed]: 'nothing listens there',
  [OPEN_FAILURE.unknownType]: 'unknown channel type',
  [OPEN_FAILURE.resourceShortage]: 'too many channels',
}

type Call = { readonly port: number; readonly settle: (opened: Duplex | Error) => void }

type Opened = { readonly channel: Channel; closingSince?: number }
type Entry = { readonly opening: Call } | Opened

export type ChannelsParts = {
  readonly line: Line
  readonly clock: Clock
  readonly limits: CiraLimits
  readonly window: number
  /** The address the device gave with a port. */
  addressOf(port: number): string
}

export type ChannelMessage = Extract<
  Message,
  {
    readonly kind: 'channel-confirmation' | 'channel-failure' | 'window-adjust' | 'channel-data' | 'channel-close'
  }
>

export class Channels {
  readonly #parts: ChannelsParts
  readonly #entries = new Map<number, Entry>()
  readonly #queue: Call[] = []
  #lastId = 0
  #lastPort: number = ORIGINATOR.lastPort
  #stray = 0
  #lost: Error | undefined

  constructor(parts: ChannelsParts) {
    this.#parts = parts
  }

  get size(): number {
    return this.#entries.size
  }

  /** As {@link Dial}; also rejects with `amt-timeout`, and with `amt-channels-busy` when too many wait already. */
  dial(port: number, signal: AbortSignal): Promise<Duplex> {
    const { clock, limits } = this.#parts
    if (signal.aborted) return Promise.reject(signal.reason)
    if (!DIALLED.has(port)) return Promise.reject(shared('amt-channel-refused', `port ${port} is not one of AMT's`))
    if (this.#lost !== undefined) return Promise.reject(this.#lost)
    if (this.#queue.length >= limits.channelQueue) return Promise.reject(problem('amt-channels-busy'))
    return new Promise((resolve, reject) => {
      const settle = (opened: Duplex | Error): void => {
        forget()
        signal.removeEventListener('abort', abort)
        if (opened instanceof Error) reject(opened)
        else resolve(opened)
      }
      const call: Call = { port, settle }
      const giveUp = (why: unknown): void => {
        forget()
        signal.removeEventListener('abort', abort)
        this.#abandon(call)
        reject(why)
      }
      const abort = (): void => giveUp(signal.reason)
      const forget = clock.after(limits.openMs, () =>
        giveUp(shared('amt-timeout', 'it did not open the channel', { port, sent: false })),
      )
      signal.addEventListener('abort', abort, { once: true })
      if (this.#entries.size < limits.channels) this.#open(call)
      else this.#queue.push(call)
    })
  }

  /** Takes a message for a channel. Throws a {@link ProtocolError} when the device has lost its way. */
  take(message: ChannelMessage): void {
    const entry = this.#entries.get(message.recipient)
    if (entry === undefined) {
      this.#unknown(message)
      return
    }
    switch (message.kind) {
      case 'channel-confirmation':
        'opening' in entry ? this.#confirmed(entry.opening, message) : this.#strayed()
        return
      case 'channel-failure':
        'opening' in entry ? this.#refused(entry.opening, message) : this.#strayed()
        return
      case 'channel-close':
        'channel' in entry ? this.#closed(message.recipient, entry.channel) : this.#strayed()
        return
      case 'window-adjust':
        'channel' in entry ? entry.channel.adjust(message.bytes) : this.#strayed()
        return
      case 'channel-data':
        if (!('channel' in entry)) {
          this.#strayed()
          return
        }
        if (entry.channel.data(message.data)) return
        throw new ProtocolError(DISCONNECT.protocolError, 'more data than the window allows')
    }
  }

  /** The connection takes more again. */
  drained(): void {
    for (const entry of this.#entries.values()) if ('channel' in entry) entry.channel.pump()
  }

  /** Gives up on echoes that do not come, and forgives strays in time: tunnels live for months. */
  sweep(now: number): void {
    if (this.#stray > 0) this.#stray--
    for (const [id, entry] of this.#entries) {
      if (!('channel' in entry) || entry.closingSince === undefined || now - entry.closingSince < ECHO_MS) continue
      this.#closed(id, entry.channel)
    }
  }

  /** The tunnel is gone: everybody who has a channel or waits for one learns it. */
  lose(error: Error): void {
    this.#lost = error
    const entries = [...this.#entries.values()]
    this.#entries.clear()
    for (const entry of entries) {
      if ('channel' in entry) entry.channel.lost(error)
      else entry.opening.settle(error)
    }
    for (const { settle } of this.#queue.splice(0)) settle(error)
  }

  #open(call: Call): void {
    const { port } = call
    const id = this.#nextId()
    this.#entries.set(id, { opening: call })
    this.#lastPort = this.#lastPort >= ORIGINATOR.lastPort ? ORIGINATOR.firstPort : this.#lastPort + 1
    this.#parts.line.send(
      encode({
        kind: 'channel-open',
        type: FORWARDED,
        sender: id,
        window: this.#parts.window,
        target: { address: this.#parts.addressOf(port), port },
        originator: { address: ORIGINATOR.address, port: this.#lastPort },
      }),
    )
  }

  #confirmed({ settle }: Call, message: ChannelMessage & { kind: 'channel-confirmation' }): void {
    const { line, window, clock } = this.#parts
    const id = message.recipient
    const entry: Opened = {
      channel: new Channel({
        line,
        window,
        confirmed: message,
        onClosing: () => {
          entry.closingSince = clock.monotonic()
        },
      }),
    }
    this.#entries.set(id, entry)
    settle(entry.channel.stream)
  }

  #refused({ port, settle }: Call, message: ChannelMessage & { kind: 'channel-failure' }): void {
    this.#entries.delete(message.recipient)
    const why = REFUSALS[message.reason] ?? `reason ${message.reason}`
    settle(shared('amt-channel-refused', why, { port, reason: message.reason }))
    this.#advance()
  }

  #closed(id: number, channel: Channel): void {
    this.#entries.delete(id)
    channel.closedByDevice()
    this.#advance()
  }

  /** Its place is free again. The device may still open the channel; then it is closed at once, as one of nobody. */
  #abandon(call: Call): void {
    const place = this.#queue.indexOf(call)
    if (place >= 0) this.#queue.splice(place, 1)
    for (const [id, entry] of this.#entries) {
      if (!('opening' in entry) || entry.opening !== call) continue
      this.#entries.delete(id)
      this.#advance()
      return
    }
  }

  #advance(): void {
    while (this.#entries.size < this.#parts.limits.channels) {
      const call = this.#queue.shift()
      if (call === undefined) return
      this.#open(call)
    }
  }

  #unknown(message: ChannelMessage): void {
    if (message.kind === 'channel-confirmation') {
      this.#parts.line.send(encode({ kind: 'channel-close', recipient: message.sender }))
      return
    }
    // The answer to a call that was given up, and the echo of a close that came late.
    if (message.kind === 'channel-failure' || message.kind === 'channel-close') return
    this.#strayed()
  }

  #strayed(): void {
    this.#stray++
    if (this.#stray < this.#parts.limits.strayMessages) return
    throw new ProtocolError(DISCONNECT.protocolError, `${this.#stray} messages for channels that do not exist`)
  }

  #nextId(): number {
    do this.#lastId = this.#lastId >= MAX_ID ? 1 : this.#lastId + 1
    while (this.#entries.has(this.#lastId))
    return this.#lastId
  }
}
