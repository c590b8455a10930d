// SPDX-License-Identifier: Apache-2.0
/** One channel of a tunnel as a byte stream, with the credits of both sides kept. */
import { Duplex } from 'node:stream'
import { encode, encodeData } from '../apf/encode.ts'
import { MAX_U32 } from '../apf/messages.ts'
import type { Line } from './line.ts'

/** Fits one TLS record (RFC 8446 §5.1) together with its header. */
const MAX_DATA = 16_375

/**
 * `open` → `closing` (we sent a close and wait for its echo) → `closed`. A device that closes first is echoed at once.
 */
type State = 'open' | 'closing' | 'closed'

export type ChannelParts = {
  readonly line: Line
  /** Bytes we let the device send ahead. */
  readonly window: number
  /** What the device calls the channel, and what it lets us send ahead. */
  readonly confirmed: { readonly sender: number; readonly window: number }
  /** Our close was sent. */
  onClosing(): void
}

/**
 * The protocol knows no half-closed channels: ending the writing side closes the channel once everything has left, and
 * what the device still sends before its echo is read as usual.
 */
export class Channel {
  readonly stream: Duplex
  readonly #line: Line
  readonly #theirs: number
  readonly #window: number
  readonly #onClosing: () => void
  #state: State = 'open'
  #credits: number
  #waiting: { readonly data: Buffer; at: number; readonly written: (error?: Error | null) => void } | undefined
  #ended: ((error?: Error | null) => void) | undefined
  /** Bytes given to the reader's buffer, and bytes of them the device was told to be taken. */
  #pushed = 0
  #adjusted = 0

  constructor({ line, window, confirmed, onClosing }: ChannelParts) {
    this.#line = line
    this.#window = window
    this.#theirs = confirmed.sender
    this.#credits = confirmed.window
    this.#onClosing = onClosing
    this.stream = new Duplex({
      allowHalfOpen: false,
      // The stream asks for more when the reader takes the last of what there is, and just before it is taken.
      readableHighWaterMark: 1,
      writableHighWaterMark: MAX_DATA,
      read: () => process.nextTick(() => this.#consumed()),
      write: (data: Buffer, _encoding, written) => this.#write(data, written),
      final: ended => this.#end(ended),
      destroy: (error, destroyed) => {
        this.#close()
        this.#release()
        destroyed(error)
      },
    })
    // Tunnels end at any moment, also between two listeners of whoever uses the channel: `close` tells it as well.
    this.stream.on('error', () => {})
  }

  /** Data came in; `false` when it is far more than the device may send. */
  data(bytes: Uint8Array): boolean {
    if (this.#state === 'closed' || this.stream.destroyed) return true
    this.#pushed += bytes.length
    // A peer that does not count its credits is borne with, but not at any price.
    if (this.#pushed - this.#adjusted > 2 * this.#window) return false
    if (bytes.length > 0) this.stream.push(bytes)
    return true
  }

  /** Credits came in. They stop at what 32 bits can say. */
  adjust(bytes: number): void {
    this.#credits = Math.min(MAX_U32, this.#credits + bytes)
    this.pump()
  }

  /** The device closed the channel, or echoed our close: nothing more comes, and nothing more can be sent. */
  closedByDevice(): void {
    if (this.#state === 'open') this.#line.send(encode({ kind: 'channel-close', recipient: this.#theirs }))
    this.#state = 'closed'
    this.#release()
    if (!this.stream.destroyed) this.stream.push(null)
  }

  /** The tunnel is gone. */
  lost(error: Error): void {
    this.#state = 'closed'
    this.stream.destroy(error)
  }

  /** Sends what waits, as far as credits and the connection go. */
  pump(): void {
    const waiting = this.#waiting
    if (waiting === undefined || this.#state !== 'open') return
    const { data, written } = waiting
    while (waiting.at < data.length) {
      if (this.#credits === 0 || !this.#line.writable) return
      const size = Math.min(data.length - waiting.at, this.#credits, MAX_DATA)
      this.#credits -= size
      this.#line.send(encodeData(this.#theirs, data.subarray(waiting.at, waiting.at + size)))
      waiting.at += size
    }
    this.#waiting = undefined
    written()
  }

  #write(data: Buffer, written: (error?: Error | null) => void): void {
    // As with TCP, what was written while the peer closed is lost, and the reader sees the end.
    if (this.#state !== 'open') {
      written()
      return
    }
    this.#waiting = { data, at: 0, written }
    this.pump()
  }

  #end(ended: (error?: Error | null) => void): void {
    this.#close()
    if (this.#state === 'closed') {
      ended()
      return
    }
    // Only the echo ends the stream; until then it may still be read.
    this.#ended = ended
  }

  #close(): void {
    if (this.#state !== 'open') return
    this.#state = 'closing'
    this.#line.sendSoon(encode({ kind: 'channel-close', recipient: this.#theirs }))
    this.#onClosing()
  }

  #release(): void {
    const { written } = this.#waiting ?? {}
    const ended = this.#ended
    this.#waiting = undefined
    this.#ended = undefined
    written?.()
    ended?.()
  }

  /** Gives the device new credits once the reader has taken more than half of them. */
  #consumed(): void {
    if (this.#state !== 'open') return
    const taken = this.#pushed - this.stream.readableLength - this.#adjusted
    if (taken * 2 <= this.#window) return
    this.#adjusted += taken
    this.#line.send(encode({ kind: 'window-adjust', recipient: this.#theirs, bytes: taken }))
  }
}
