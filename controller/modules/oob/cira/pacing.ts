// SPDX-License-Identifier: Apache-2.0
/** Lets connections begin their handshake in turn: nobody is refused while there is room to wait. */
import { type Clock, SECOND } from '../../../../plugins/contract/index.ts'

export type PacingLimits = {
  readonly waiting: number
  readonly unauthenticated: number
  readonly handshakesPerSecond: number
}

/** One connection between its arrival and its login. */
export interface Turn {
  /** It logged in or closed; whoever waits may move up. Idempotent. */
  done(): void
}

type Waiting = Turn & { readonly address: string; readonly begin: () => void; state: 'waiting' | 'begun' | 'done' }

/**
 * Addresses take turns, and no single one holds more than three quarters of the places, so that neither a large site nor
 * an attacker keeps the others out. Handshakes are begun from a bucket that fills evenly.
 */
export class Pacing {
  readonly #clock: Clock
  readonly #limits: PacingLimits
  readonly #places: number
  /** Who waits, by address; the first address is next. */
  readonly #queues = new Map<string, Waiting[]>()
  readonly #begun = new Map<string, number>()
  #waiting = 0
  #unauthenticated = 0
  #tokens: number
  #filledAt: number
  #forget: (() => void) | undefined

  constructor(clock: Clock, limits: PacingLimits) {
    this.#clock = clock
    this.#limits = limits
    this.#places = Math.max(1, Math.floor((limits.unauthenticated * 3) / 4))
    this.#tokens = this.#depth
    this.#filledAt = clock.monotonic()
  }

  get waiting(): number {
    return this.#waiting
  }

  get unauthenticated(): number {
    return this.#unauthenticated
  }

  /** Calls `begin` at once or in turn; `undefined` when too many wait already. */
  enter(address: string, begin: () => void): Turn | undefined {
    if (this.#waiting >= this.#limits.waiting) return undefined
    const turn: Waiting = { address, begin, state: 'waiting', done: () => this.#done(turn) }
    const queue = this.#queues.get(address)
    if (queue === undefined) this.#queues.set(address, [turn])
    else queue.push(turn)
    this.#waiting++
    this.#move()
    return turn
  }

  close(): void {
    this.#forget?.()
    this.#forget = undefined
    this.#queues.clear()
    this.#waiting = 0
  }

  /** A tenth of a second's worth may begin at one moment. */
  get #depth(): number {
    return Math.max(1, this.#limits.handshakesPerSecond / 10)
  }

  #done(turn: Waiting): void {
    if (turn.state === 'begun') {
      this.#unauthenticated--
      const left = (this.#begun.get(turn.address) ?? 1) - 1
      if (left === 0) this.#begun.delete(turn.address)
      else this.#begun.set(turn.address, left)
    }
    // One that still waits stays in its queue, and is passed over when its turn comes.
    turn.state = 'done'
    this.#move()
  }

  #move(): void {
    this.#fill()
    while (this.#tokens >= 1 && this.#unauthenticated < this.#limits.unauthenticated) {
      const turn = this.#next()
      if (turn === undefined) return
      this.#tokens--
      this.#unauthenticated++
      this.#begun.set(turn.address, (this.#begun.get(turn.address) ?? 0) + 1)
      turn.state = 'begun'
      turn.begin()
    }
    if (this.#tokens < 1 && this.#waiting > 0) this.#wake()
  }

  /** Takes the first of the first address that has a place left, and puts that address at the end. */
  #next(): Waiting | undefined {
    for (const [address, queue] of this.#queues) {
      if ((this.#begun.get(address) ?? 0) >= this.#places) continue
      const turn = this.#take(queue)
      this.#queues.delete(address)
      if (queue.length > 0) this.#queues.set(address, queue)
      if (turn !== undefined) return turn
    }
    return undefined
  }

  #take(queue: Waiting[]): Waiting | undefined {
    for (let turn = queue.shift(); turn !== undefined; turn = queue.shift()) {
      this.#waiting--
      if (turn.state === 'waiting') return turn
    }
    return undefined
  }

  #fill(): void {
    const now = this.#clock.monotonic()
    const gained = ((now - this.#filledAt) * this.#limits.handshakesPerSecond) / SECOND
    this.#tokens = Math.min(this.#depth, this.#tokens + gained)
    this.#filledAt = now
  }

  #wake(): void {
    if (this.#forget !== undefined) return
    const waitMs = Math.max(10, ((1 - this.#tokens) * SECOND) / this.#limits.handshakesPerSecond)
    this.#forget = this.#clock.after(waitMs, () => {
      this.#forget = undefined
      this.#move()
    })
  }
}
