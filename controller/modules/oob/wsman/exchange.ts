// SPDX-License-Identifier: Apache-2.0
/** Carries HTTP requests to a device and replies back: over a byte stream that is kept open and used again. */
import type { Duplex } from 'node:stream'
import type { Clock } from '../../../../plugins/contract/index.ts'
import type { Dial } from '../ports.ts'
import { problem } from '../problems.ts'
import { encodeRequest, type HttpReply, type HttpRequest, ReplyReader } from './http.ts'

/** The seam between WS-Management and its way to the device. One request at a time. */
export interface Exchange {
  /**
   * Rejects with what dialling rejects with, with `amt-timeout` (fields `sent`, `closed`) when the way ended before the
   * reply was whole, with `amt-unexpected` for a reply that is not HTTP, or with the signal's reason.
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpReply>
  /** Ends what is open; a later `send` opens it again. */
  close(): void
}

export type ChannelExchangeParts = {
  readonly dial: Dial
  readonly port: number
  readonly clock: Clock
  /** How long a channel stays open unused. 5 s. */
  readonly idleMs?: number
}

/**
 * An exchange over a channel. Reads use the channel that the last request left open, and are sent again once when it
 * turns out that the device had closed it. An act always gets a channel of its own: on a used one nobody could tell
 * whether the device closed it before or after it acted.
 */
export function channelExchange(parts: ChannelExchangeParts): Exchange {
  return new ChannelExchange(parts)
}

const IDLE_MS = 5_000

class ChannelExchange implements Exchange {
  readonly #parts: ChannelExchangeParts
  #channel: Channel | undefined
  #forgetIdle = (): void => {}

  constructor(parts: ChannelExchangeParts) {
    this.#parts = parts
  }

  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    signal.throwIfAborted()
    this.#forgetIdle()
    const used = this.#take(request)
    if (used !== undefined) {
      const reply = await this.#over(used, request, signal)
      if (reply !== undefined) return reply
    }
    const reply = await this.#over(await this.#open(signal), request, signal)
    if (reply !== undefined) return reply
    throw closed(true)
  }

  close(): void {
    this.#forgetIdle()
    this.#channel?.destroy()
    this.#channel = undefined
  }

  /** The open channel, when this request may use it; otherwise there is none left. */
  #take(request: HttpRequest): Channel | undefined {
    const channel = this.#channel
    this.#channel = undefined
    if (channel === undefined || !channel.isOpen) return undefined
    if (request.repeatable) return channel
    channel.destroy()
    return undefined
  }

  async #open(signal: AbortSignal): Promise<Channel> {
    return new Channel(await this.#parts.dial(this.#parts.port, signal))
  }

  /** `undefined`: the channel ended before a byte of the reply came. */
  async #over(channel: Channel, request: HttpRequest, signal: AbortSignal): Promise<HttpReply | undefined> {
    try {
      const reply = await channel.exchange(request, signal)
      if (reply?.keepsAlive === true && channel.isOpen) this.#keep(channel)
      else channel.destroy()
      return reply
    } catch (thrown) {
      channel.destroy()
      throw thrown
    }
  }

  #keep(channel: Channel): void {
    this.#channel = channel
    this.#forgetIdle = this.#parts.clock.after(this.#parts.idleMs ?? IDLE_MS, () => this.close())
  }
}

type Pending = {
  readonly reader: ReplyReader
  settle(reply: HttpReply | undefined): void
  fail(thrown: unknown): void
}

/** One byte stream that carries one request after the other. */
class Channel {
  readonly #stream: Duplex
  #pending: Pending | undefined
  #isOpen = true

  constructor(stream: Duplex) {
    this.#stream = stream
    stream.on('data', (bytes: Uint8Array) => this.#take(bytes))
    stream.on('end', () => this.#ended())
    stream.on('close', () => this.#ended())
    stream.on('error', () => this.#ended())
  }

  /** Whether another request may be sent. */
  get isOpen(): boolean {
    return this.#isOpen && this.#stream.writable
  }

  destroy(): void {
    this.#isOpen = false
    this.#stream.destroy()
  }

  exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpReply | undefined> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      if (!this.isOpen) return resolve(undefined)
      const done = (): void => {
        this.#pending = undefined
        signal.removeEventListener('abort', give)
      }
      const give = (): void => {
        done()
        reject(signal.reason)
      }
      signal.addEventListener('abort', give, { once: true })
      this.#pending = {
        reader: new ReplyReader(),
        settle: reply => {
          done()
          resolve(reply)
        },
        fail: thrown => {
          done()
          reject(thrown)
        },
      }
      request.onSent?.()
      this.#stream.write(encodeRequest(request, 'length'))
    })
  }

  #take(bytes: Uint8Array): void {
    const pending = this.#pending
    if (pending === undefined) {
      this.destroy() // nobody asked for anything
      return
    }
    try {
      const reply = pending.reader.push(bytes)
      if (reply === undefined) return
      if (pending.reader.surplus > 0) this.#isOpen = false
      pending.settle(reply)
    } catch (thrown) {
      pending.fail(thrown)
    }
  }

  #ended(): void {
    this.#isOpen = false
    const pending = this.#pending
    if (pending === undefined) return
    const reply = pending.reader.end()
    if (reply === undefined && pending.reader.hasBegun) pending.fail(closed(true))
    else pending.settle(reply)
  }
}

/** The failure for a way that ended before the reply was whole. */
export function closed(sent: boolean): Error {
  return problem('amt-timeout', 'the channel ended before its reply was whole', { sent, closed: true })
}
