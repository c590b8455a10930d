// SPDX-License-Identifier: Apache-2.0
/**
 * Follows what a viewer sends once a KVM session is open: the channel's opening, then RFB (RFC 6143), just closely enough
 * to know where a message ends, whether a person did something, and how to keep the session alive in between. Pure.
 */
import { concat } from './bytes.ts'

/** What a stream of a client looks like to the one who watches it. */
export interface ClientStream {
  /** Takes note of bytes on their way to the device; returns them, changed where they must be. */
  pass(data: Uint8Array): Uint8Array
  /** Whether the last bytes held input of a person. */
  readonly hadInput: boolean
  /** A message that keeps the session alive, to be sent now; `undefined` where one would break another in two. */
  keepAlive(): Uint8Array | undefined
}

const MARKER = concat([Buffer.from('\0KvmDataChannel\0', 'latin1')])
const MARKER_MESSAGE = concat([Uint8Array.of(6, 0, 0, 0, 0, 0, 0, MARKER.length), MARKER])
/** One pixel, incremental. */
const SMALL_REQUEST = Uint8Array.of(3, 1, 0, 0, 0, 0, 0, 1, 0, 1)
const KVM_DATA_ENCODING = 1_092
const MAX_ENCODINGS = 4_096

type Part =
  | 'channel'
  | 'version'
  | 'security'
  | 'init'
  /** The kind of a message. */
  | 'kind'
  | 'encodings'
  | 'text'
  /** What comes has no place in RFB: bytes pass, and nothing is put between them. */
  | 'lost'

/** Lengths of messages with a fixed one, kind included. */
const FIXED: Readonly<Record<number, number>> = { 0: 20, 3: 10, 4: 8, 5: 6 }
const KEY_EVENT = 4
const POINTER_EVENT = 5

export function createKvmStream(): ClientStream {
  return new KvmStream()
}

class KvmStream implements ClientStream {
  hadInput = false
  #part: Part = 'channel'
  /** The bytes of the present part that are needed to go on. */
  #head: number[] = []
  /** Bytes of the present message that follow and do not matter. */
  #skip = 0
  #speaksKvmData = false

  pass(data: Uint8Array): Uint8Array {
    this.hadInput = this.#part === 'lost'
    for (let at = 0; at < data.length && this.#part !== 'lost'; ) {
      const skipped = Math.min(this.#skip, data.length - at)
      this.#skip -= skipped
      at += skipped
      const byte = data[at]
      if (skipped === 0 && byte !== undefined) {
        this.#head.push(byte)
        this.#step(byte)
        at++
      }
    }
    return data
  }

  keepAlive(): Uint8Array | undefined {
    if (this.#part !== 'kind' || this.#head.length > 0 || this.#skip > 0) return undefined
    return this.#speaksKvmData ? MARKER_MESSAGE : SMALL_REQUEST
  }

  #step(byte: number): void {
    const head = this.#head
    switch (this.#part) {
      case 'channel':
        if (head.length === 8) this.#expect('version')
        return
      case 'version':
        if (head.length === 12)
          this.#expect(String.fromCharCode(...head).startsWith('RFB 003.003') ? 'init' : 'security')
        return
      case 'security':
        // Any other kind of security has more to say, in a way of its own.
        return void this.#expect(byte === 1 ? 'init' : 'lost')
      case 'init':
        return void this.#expect('kind')
      case 'kind':
        return void this.#onKind(byte)
      case 'encodings':
        return void this.#onEncodings(head)
      case 'text':
        return void this.#onText(head)
      case 'lost':
    }
  }

  #expect(next: Part): void {
    this.#part = next
    this.#head = []
  }

  #onKind(kind: number): void {
    const fixed = FIXED[kind]
    if (kind === KEY_EVENT || kind === POINTER_EVENT) this.hadInput = true
    if (fixed !== undefined) this.#skip = fixed - 1
    if (fixed !== undefined) this.#expect('kind')
    else this.#expect(kind === 2 ? 'encodings' : kind === 6 ? 'text' : 'lost')
  }

  #onEncodings(bytes: readonly number[]): void {
    if (bytes.length < 3) return
    const count = wordAt(bytes, 1)
    if (count > MAX_ENCODINGS) return void this.#expect('lost')
    if (bytes.length < 3 + 4 * count) return
    const known = Array.from({ length: count }, (_, at) => longAt(bytes, 3 + 4 * at))
    this.#speaksKvmData = known.includes(KVM_DATA_ENCODING)
    this.#expect('kind')
  }

  #onText(bytes: readonly number[]): void {
    if (bytes.length < 7) return
    this.#skip = longAt(bytes, 3)
    // A viewer's own keep-alive is the bare marker.
    if (this.#skip !== MARKER.length) this.hadInput = true
    this.#expect('kind')
  }
}

function longAt(bytes: readonly number[], at: number): number {
  return wordAt(bytes, at) * 65_536 + wordAt(bytes, at + 2)
}

function wordAt(bytes: readonly number[], at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
}
