// SPDX-License-Identifier: Apache-2.0
/** Stands between a socket and the broker and lets through only packets of an acceptable kind, size and number. */
import { Duplex } from 'node:stream'
import type { Clock } from '../../plugins/contract/index.ts'
import { Bucket } from './bucket.ts'
import { type FrameFault, FrameScanner } from './frames.ts'
import type { BusLimits } from './limits.ts'

export type GuardFault = FrameFault | 'connect-timeout' | 'packet-rate'

export type GuardOptions = {
  readonly clock: Clock
  readonly limits: BusLimits
  /** Told once, before the connection is cut. */
  onFault(fault: GuardFault): void
  /** The sender has said DISCONNECT. */
  onFarewell(): void
}

/** How long what was written last may take to leave. */
const LINGER_MS = 1_000
/** What the broker has not read yet; small, because it may be held for every connection. */
const BUFFER_BYTES = 16_384

/**
 * Makes the stream the broker reads and writes in place of the socket. A header that is not acceptable cuts the
 * connection before a byte of its packet is kept, and a sender that is too fast is not read.
 */
export function guardFrames(socket: Duplex, options: GuardOptions): Guarded {
  return new Guard(socket, options)
}

export interface Guarded {
  readonly stream: Duplex
  /** Leaves the socket unread until `resume`; what was read before may still be passed on. */
  pause(): void
  resume(): void
}

class Guard implements Guarded {
  readonly stream: Duplex
  readonly #socket: Duplex
  readonly #options: GuardOptions
  readonly #scanner: FrameScanner
  readonly #bucket: Bucket
  #forgetConnect: () => void
  #forgetPause = (): void => {}
  /** What was read and not passed on, because too many packets came. */
  #held: Buffer | undefined
  #heldSince: number | undefined
  #paused = false

  constructor(socket: Duplex, options: GuardOptions) {
    const { clock, limits } = options
    this.#socket = socket
    this.#options = options
    this.#scanner = new FrameScanner(limits)
    this.#bucket = new Bucket(limits.packets, clock.monotonic())
    this.#forgetConnect = clock.after(limits.connectMs, () => this.#cut('connect-timeout'))
    this.stream = new Duplex({
      readableHighWaterMark: BUFFER_BYTES,
      writableHighWaterMark: BUFFER_BYTES,
      read: () => this.#readOn(),
      write: (chunk: Buffer, _, done) => void socket.write(chunk, done),
      // One write for what the broker says in one go: one TLS record instead of one for every part of a packet.
      writev: (parts, done) => void socket.write(Buffer.concat(parts.map(({ chunk }) => chunk)), done),
      final: done => void socket.end(done),
      destroy: (error, done) => {
        this.#close(error)
        done(error)
      },
    })
    socket.on('data', (chunk: Buffer) => this.#pass(chunk))
    socket.on('end', () => this.stream.push(null))
    socket.on('error', error => this.stream.destroy(error))
    socket.on('close', () => this.stream.destroy())
  }

  pause(): void {
    this.#paused = true
    this.#socket.pause()
  }

  resume(): void {
    this.#paused = false
    // Otherwise the broker asks for more when it wants it.
    if (this.stream.readableLength < BUFFER_BYTES) this.#readOn()
  }

  #pass(chunk: Buffer): void {
    if (this.stream.destroyed) return
    const { clock, limits } = this.#options
    const now = clock.monotonic()
    const allowed = Math.floor(this.#bucket.available(now))
    // A sender that has let a second's packets gather is no longer the one that was held back.
    if (allowed >= limits.packets.perSecond) this.#heldSince = undefined
    const { through, packets, fault } = this.#scanner.scan(chunk, allowed)
    if (fault !== undefined) {
      this.#cut(fault)
      return
    }
    if (this.#scanner.connected) this.#forgetConnect()
    if (this.#scanner.left) this.#options.onFarewell()
    this.#bucket.spend(packets)
    const wanted = through === 0 || this.stream.push(chunk.subarray(0, through))
    if (through < chunk.byteLength) this.#hold(chunk.subarray(through), now)
    else if (!wanted) this.#socket.pause()
  }

  /** Reads nothing more until a tenth of a second's packets are allowed again. */
  #hold(rest: Buffer, now: number): void {
    const { clock, limits } = this.#options
    this.#heldSince ??= now
    if (now - this.#heldSince > limits.throttledMs) {
      this.#cut('packet-rate')
      return
    }
    this.#held = rest
    this.#socket.pause()
    const wait = this.#bucket.waitFor(Math.max(1, limits.packets.perSecond / 10), now)
    this.#forgetPause = clock.after(wait, () => {
      this.#held = undefined
      this.#pass(rest)
      if (this.stream.readableLength < BUFFER_BYTES) this.#readOn()
    })
  }

  #readOn(): void {
    if (this.#held === undefined && !this.#paused && !this.stream.destroyed) this.#socket.resume()
  }

  #cut(fault: GuardFault): void {
    if (this.stream.destroyed) return
    this.#options.onFault(fault)
    this.#socket.destroy()
    this.stream.destroy()
  }

  #close(error: Error | null): void {
    this.#forgetConnect()
    this.#forgetPause()
    this.#held = undefined
    const socket = this.#socket
    socket.pause()
    if (socket.destroyed) return
    if (error !== null || socket.writableEnded) {
      socket.destroy()
      return
    }
    // What was written last, a CONNACK that refuses for one, still goes out.
    const forget = this.#options.clock.after(LINGER_MS, () => socket.destroy())
    socket.once('close', forget)
    socket.end(() => socket.destroy())
  }
}
