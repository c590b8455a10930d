// SPDX-License-Identifier: Apache-2.0
/** Bytes that arrive in pieces, in one buffer that doubles, so that a byte at a time costs no more than all at once. */
import { problem } from '../problems.ts'

const NONE = Buffer.alloc(0)

export class Growing {
  readonly #limit: number
  #buffer: Buffer = NONE
  #length = 0
  /** Whether the buffer is ours to write into; the first piece is only borrowed. */
  #isOwn = false

  /** @param limit in bytes; {@link append} throws `amt-unexpected` beyond twice of it, to leave room for framing. */
  constructor(limit: number) {
    this.#limit = limit * 2
  }

  get length(): number {
    return this.#length
  }

  append(bytes: Uint8Array): void {
    const length = this.#length + bytes.byteLength
    if (length > this.#limit) throw problem('amt-unexpected', 'its reply is larger than 1 MB')
    if (this.#length === 0) {
      this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      this.#isOwn = false
    } else {
      if (!this.#isOwn || length > this.#buffer.length) this.#grow(length)
      this.#buffer.set(bytes, this.#length)
    }
    this.#length = length
  }

  at(index: number): number | undefined {
    return index < this.#length ? this.#buffer[index] : undefined
  }

  indexOf(byte: number, from: number): number {
    const found = this.#buffer.indexOf(byte, from)
    return found < this.#length ? found : -1
  }

  slice(from: number, to: number): Buffer {
    return this.#buffer.subarray(from, to)
  }

  /** As Latin-1, which is what heads are. */
  text(from: number, to: number): string {
    return this.#buffer.toString('latin1', from, to)
  }

  #grow(length: number): void {
    const larger = Buffer.allocUnsafe(Math.max(4_096, length * 2))
    larger.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = larger
    this.#isOwn = true
  }
}
