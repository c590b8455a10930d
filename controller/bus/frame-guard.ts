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
const NOTHING = Buffer.alloc(0)

export interface Guarded {
  readonly stream: Duplex
  /** Leaves the socket unread until `resume`. */
  pause(): void
  resume(): void
}

/**
 * Makes the stream the broker reads and writes in place of the socket. A header that is not acceptable cuts the
 * connection before a byte of its packet is kept, and a sender that is too fast is not read.
 *
 * After CONNECT it is paused by itself, to be resumed when the CONNACK is out: the broker would otherwise handle what
 * follows while it is still asking whether the sender may connect at all.
 */
export function guardFrames(socket: Duplex, options: GuardOptions): Guarded {
  return new Guard(socket, options)
}

class Guard implements Guarded {
  readonly stream: Duplex
  readonly #socket: Duplex
  readonly #options: GuardOptions
  readonly #scanner: FrameScanner
  readonly #bucket: Bucket
  #forgetConnect: () => void
  #forgetWait = (): void => {}
  #connected = false
  #paused = false
  /** Too many packets came, and a timer is set for the next. */
  #waiting = false
  /** Since when it has been so again and again. */
  #throttledSince: number | undefined
  /** What was read and not passed on. */
  #held: Buffer = NOTHING

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
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
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
    this.#passHeld()
  }

  #take(chunk: Buffer): void {
    if (this.stream.destroyed) return
    this.#held = this.#held.byteLength === 0 ? chunk : Buffer.concat([this.#held, chunk])
    this.#passHeld()
  }

  /** Passes on as much as is allowed now, and sees to it that the rest has its turn. */
  #passHeld(): void {
    if (this.#paused || this.#waiting || this.stream.destroyed) return
    const wanted = this.#held.byteLength === 0 || this.#pass(this.#held)
    if (this.stream.destroyed) return
    if (this.#paused || !wanted) this.#socket.pause()
    else if (this.#held.byteLength > 0) this.#wait()
    else if (this.stream.readableLength < BUFFER_BYTES) this.#socket.resume()
  }

  /** False when the broker has enough for now. */
  #pass(chunk: Buffer): boolean {
    const { clock, limits } = this.#options
    const allowed = Math.floor(this.#bucket.available(clock.monotonic()))
    // A sender that has let a second's packets gather is no longer the one that was held back.
    if (allowed >= limits.packets.perSecond) this.#throttledSince = undefined
    const { through, packets, fault } = this.#scanner.scan(chunk, this.#connected ? allowed : 1)
    if (fault !== undefined) {
      this.#cut(fault)
      return false
    }
    this.#bucket.spend(packets)
    this.#held = chunk.subarray(through)
    if (this.#scanner.left) this.#options.onFarewell()
    if (!this.#connected && this.#scanner.connected) {
      this.#connected = true
      this.#paused = true
      this.#forgetConnect()
    }
    return through === 0 || this.stream.push(chunk.subarray(0, through))
  }

  /** Reads nothing more until a tenth of a second's packets are allowed again. */
  #wait(): void {
    const { clock, limits } = this.#options
    const now = clock.monotonic()
    this.#throttledSince ??= now
    if (now - this.#throttledSince > limits.throttledMs) {
      this.#cut('packet-rate')
      return
    }
    this.#socket.pause()
    this.#waiting = true
    const wait = this.#bucket.waitFor(Math.max(1, limits.packets.perSecond / 10), now)
    this.#forgetWait = clock.after(wait, () => {
      this.#waiting = false
      this.#passHeld()
    })
  }

  /** The broker wants more. */
  #readOn(): void {
    if (this.#paused || this.#waiting || this.stream.destroyed) return
    if (this.#held.byteLength > 0) this.#passHeld()
    else this.#socket.resume()
  }

  #cut(fault: GuardFault): void {
    if (this.stream.destroyed) return
    this.#options.onFault(fault)
    this.#socket.destroy()
    this.stream.destroy()
  }

  #close(error: Error | null): void {
    this.#forgetConnect()
    this.#forgetWait()
    this.#held = NOTHING
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
