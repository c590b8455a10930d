// SPDX-License-Identifier: Apache-2.0
/** Byte streams between a host and its controller: their frames, and the window of credits at either end. Pure. */
import type { Clock } from './clock.ts'
import { MINUTE } from './time.ts'

/**
 * A frame is one message of `stream/<id>/up` or `…/down`: its kind, its number within its direction (32 bits, big-endian,
 * from 0), and what the kind carries. Messages of streams are not acknowledged, so a gap between numbers is the only sign
 * that one was dropped; it breaks the stream. Nobody sends a byte that the other end has not given credit for, and the
 * credit an end gives first is how the other learns that it is there.
 */
export const STREAM = {
  frameBytes: 16_384,
  /** What an end may have been sent and not yet handed on. */
  windowBytes: 262_144,
  /** A stream on which nothing passes for so long is closed. */
  idleMs: MINUTE,
  /** Streams of one host at the same time. */
  perHost: 8,
} as const

const KIND = { data: 1, credit: 2, end: 3, reset: 4 } as const
type Kind = keyof typeof KIND
const KINDS = Object.keys(KIND) as readonly Kind[] // the object above has no other keys
const HEAD_BYTES = 5
const DATA_BYTES = STREAM.frameBytes - HEAD_BYTES
const MAX_REASON_BYTES = 200

export type Frame = { readonly kind: Kind; readonly number: number; readonly body: Uint8Array }

export function encodeFrame({ kind, number, body }: Frame): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + body.length)
  bytes[0] = KIND[kind]
  new DataView(bytes.buffer).setUint32(1, number)
  bytes.set(body, HEAD_BYTES)
  return bytes
}

/** Reads a frame; `undefined` for what is not one. */
export function decodeFrame(bytes: Uint8Array): Frame | undefined {
  const kind = KINDS.find(each => KIND[each] === bytes[0])
  if (kind === undefined || bytes.length < HEAD_BYTES || bytes.length > STREAM.frameBytes) return undefined
  const body = bytes.subarray(HEAD_BYTES)
  const fits = { data: body.length > 0, credit: body.length === 4, end: body.length === 0, reset: true }
  return fits[kind] ? { kind, number: uint32(bytes, 1), body } : undefined
}

export type StreamParts = {
  readonly clock: Clock
  /** Sends a frame after those before it; resolves when it has left, rejects when it cannot. */
  send(frame: Uint8Array): Promise<void>
  /** Waits until another frame with data may leave. */
  ready?(): Promise<void>
  /** The other end is there; called once. */
  opened(): void
  /** Bytes for whoever reads here; returns whether more are wanted now. */
  data(bytes: Uint8Array): boolean
  /** The other end sends no more. */
  ended(): void
  /** It is over before both ends were done; nothing is called afterwards. */
  broken(why: string): void
}

/** One end of a stream. Holds at most a window of bytes that nobody has read yet. */
export interface StreamEnd {
  /** The end that is opened later speaks first; the one that waits for it says nothing that would be lost. */
  begin(first: 'speaks' | 'waits'): void
  /** Sends bytes as credits allow and calls back when all have left; one write at a time. */
  write(bytes: Uint8Array, done: () => void): void
  /** Whoever reads here wants more. */
  wanted(): void
  /** Sends no more. */
  end(): void
  /** Closes both directions at once, telling the other end why unless both were done. */
  reset(why: string): void
  /** Takes what the other end sent. */
  take(frame: Uint8Array): void
}

export function createStreamEnd(parts: StreamParts): StreamEnd {
  return new End(parts)
}

class End implements StreamEnd {
  readonly #parts: StreamParts
  /** Frames sent and heard. */
  #sent = 0
  #heard = 0
  /** Bytes we may send, and bytes the other end may. */
  #credit = 0
  #granted = 0
  #consumed = 0
  #held: Uint8Array[] = []
  #wants = false
  #pending: { bytes: Uint8Array; readonly done: () => void } | undefined
  #isPumping = false
  #isOpened = false
  #ours: 'open' | 'ended' = 'open'
  #theirs: 'open' | 'ending' | 'ended' = 'open'
  #isOver = false
  #activeAt = 0
  #forgetWatch = (): void => {}

  constructor(parts: StreamParts) {
    this.#parts = parts
  }

  begin(first: 'speaks' | 'waits'): void {
    this.#activeAt = this.#parts.clock.monotonic()
    this.#watch()
    if (first === 'speaks') this.#grant(STREAM.windowBytes)
  }

  write(bytes: Uint8Array, done: () => void): void {
    if (bytes.length === 0) {
      done()
      return
    }
    this.#pending = { bytes, done }
    void this.#pump()
  }

  wanted(): void {
    this.#wants = true
    this.#deliver()
  }

  end(): void {
    if (this.#isOver || this.#ours === 'ended') return
    void this.#say('end')
    this.#ours = 'ended'
  }

  reset(why: string): void {
    if (this.#isOver) return
    if (this.#ours === 'open' || this.#theirs === 'open') {
      void this.#say('reset', new TextEncoder().encode(why).subarray(0, MAX_REASON_BYTES))
    }
    this.#close()
  }

  take(bytes: Uint8Array): void {
    if (this.#isOver) return
    const frame = decodeFrame(bytes)
    if (frame === undefined) this.#break('a frame could not be read')
    else this.#hear(frame)
  }

  #hear(frame: Frame): void {
    const wrong = this.#wrongWith(frame)
    if (wrong !== undefined) {
      this.#break(wrong)
      return
    }
    this.#heard = (this.#heard + 1) >>> 0
    this.#activeAt = this.#parts.clock.monotonic()
    if (!this.#isOpened && frame.kind !== 'reset') {
      this.#isOpened = true
      if (this.#sent === 0) this.#grant(STREAM.windowBytes)
      this.#parts.opened()
    }
    this.#follow(frame)
  }

  #wrongWith(frame: Frame): string | undefined {
    if (frame.number !== this.#heard) return 'a frame was lost'
    if (frame.kind !== 'data' && frame.kind !== 'end') return undefined
    if (this.#theirs !== 'open') return 'something came after the end'
    return frame.body.length > this.#granted ? 'more came than there was credit for' : undefined
  }

  #follow({ kind, body }: Frame): void {
    switch (kind) {
      case 'reset':
        this.#gone(new TextDecoder().decode(body).slice(0, MAX_REASON_BYTES))
        break
      case 'credit':
        this.#credit = Math.min(STREAM.windowBytes, this.#credit + uint32(body, 0))
        void this.#pump()
        break
      case 'end':
        this.#theirs = 'ending'
        this.#deliver()
        break
      case 'data':
        this.#granted -= body.length
        this.#held.push(body.slice())
        this.#deliver()
    }
  }

  #deliver(): void {
    while (this.#wants && this.#held.length > 0) {
      const bytes = this.#held.shift() ?? new Uint8Array()
      this.#consumed += bytes.length
      this.#wants = this.#parts.data(bytes)
    }
    if (this.#theirs === 'ending' && this.#held.length === 0) {
      this.#theirs = 'ended'
      this.#parts.ended()
    }
    if (this.#consumed * 2 < STREAM.windowBytes || this.#theirs !== 'open' || this.#isOver) return
    const count = this.#consumed
    this.#consumed = 0
    this.#grant(count)
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return
    this.#isPumping = true
    for (let next = this.#pending; next !== undefined && this.#credit > 0 && !this.#isOver; next = this.#pending) {
      await this.#parts.ready?.()
      if (this.#isOver) break
      const piece = next.bytes.subarray(0, Math.min(this.#credit, DATA_BYTES))
      this.#credit -= piece.length
      next.bytes = next.bytes.subarray(piece.length)
      await this.#say('data', piece)
      if (next.bytes.length > 0 || this.#isOver) continue
      this.#pending = undefined
      next.done()
    }
    this.#isPumping = false
  }

  #grant(count: number): void {
    this.#granted += count
    const body = new Uint8Array(4)
    new DataView(body.buffer).setUint32(0, count)
    void this.#say('credit', body)
  }

  #say(kind: Kind, body: Uint8Array = new Uint8Array()): Promise<void> {
    const number = this.#sent
    this.#sent = (this.#sent + 1) >>> 0
    this.#activeAt = this.#parts.clock.monotonic()
    return this.#parts.send(encodeFrame({ kind, number, body })).catch(() => this.#gone('the link is down'))
  }

  #watch(): void {
    const left = this.#activeAt + STREAM.idleMs - this.#parts.clock.monotonic()
    if (left <= 0) this.#break('nothing passed for too long')
    else this.#forgetWatch = this.#parts.clock.after(left, () => this.#watch())
  }

  #break(why: string): void {
    this.reset(why)
    this.#parts.broken(why)
  }

  #gone(why: string): void {
    if (this.#isOver) return
    this.#close()
    this.#parts.broken(why)
  }

  #close(): void {
    this.#isOver = true
    this.#forgetWatch()
    this.#held = []
  }
}

function uint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at)
}
