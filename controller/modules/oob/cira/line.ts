// SPDX-License-Identifier: Apache-2.0
/** A connection as its tunnel sees it: somewhere to write to. */

/** Plain bytes of one TLS record (RFC 8446 §5.1). */
const RECORD = 16_384

/** What a listener makes of a socket. */
export interface Wire {
  readonly address: string
  /** `false` when the peer does not take it as fast; {@link Connection.drained} tells when to go on. */
  write(bytes: Buffer): boolean
  /** SHA-256 of the client certificate, lower-case hexadecimal. */
  fingerprint(): string | undefined
  /** Sends what was written and closes. */
  end(): void
  destroy(): void
}

/** Sends whole messages; those of one turn leave in one record. */
export class Line {
  readonly #wire: Wire
  /** Messages of the chunk that is being read; `undefined` between chunks. */
  #batch: Buffer[] | undefined
  #batched = 0
  /** Messages that may wait for the next one. */
  #waiting: Buffer[] = []
  #writable = true
  sent = 0

  constructor(wire: Wire) {
    this.#wire = wire
  }

  /** Whether the peer keeps up. Control messages need not ask: there are only so many as the peer itself causes. */
  get writable(): boolean {
    return this.#writable
  }

  send(message: Buffer): void {
    this.sent += message.length
    if (this.#batch === undefined) {
      if (this.#waiting.length === 0) this.#write(message)
      else {
        this.#waiting.push(message)
        this.#flush(this.#waiting)
      }
      return
    }
    this.#batch.push(message)
    this.#batched += message.length
    // More than a record holds gains nothing, and whoever sends must learn in time that the peer does not keep up.
    if (this.#batched >= RECORD) this.#flush(this.#batch)
  }

  /** Sends with the next message, or when this turn ends: for what nobody waits for, such as closes. */
  sendSoon(message: Buffer): void {
    if (this.#batch !== undefined) {
      this.send(message)
      return
    }
    this.sent += message.length
    if (this.#waiting.push(message) === 1) queueMicrotask(() => this.#flush(this.#waiting))
  }

  /** Runs an act and then writes what it sent. */
  together(act: () => void): void {
    if (this.#batch !== undefined) {
      act()
      return
    }
    // What waits was sent first, and so leaves first.
    const batch = this.#waiting
    this.#waiting = []
    this.#batch = batch
    try {
      act()
    } finally {
      this.#batch = undefined
      this.#flush(batch)
    }
  }

  drained(): void {
    this.#writable = true
  }

  #flush(batch: Buffer[]): void {
    const [first] = batch
    if (first === undefined) return
    const bytes = batch.length === 1 ? first : Buffer.concat(batch)
    batch.length = 0
    this.#batched = 0
    this.#write(bytes)
  }

  #write(bytes: Buffer): void {
    if (!this.#wire.write(bytes)) this.#writable = false
  }
}
