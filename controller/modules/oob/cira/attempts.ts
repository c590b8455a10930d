// SPDX-License-Identifier: Apache-2.0
/** Counts failures by whom they concern, within a stretch of time, in bounded memory. */
import type { Clock } from '../../../../plugins/contract/index.ts'

type Count = { failures: number; since: number }

/** Most names counted at once; beyond that the one whose stretch began first is forgotten. */
const MOST = 20_000

/** Only failures count: any number of successes from one address is a site behind NAT. */
export class Attempts {
  readonly #clock: Clock
  readonly #allowed: number
  readonly #withinMs: number
  /** In the order their stretches began. */
  readonly #counts = new Map<string, Count>()

  constructor(clock: Clock, allowed: number, withinMs: number) {
    this.#clock = clock
    this.#allowed = allowed
    this.#withinMs = withinMs
  }

  /** Tells whether somebody has failed as often as allowed. */
  exhausted(name: string): boolean {
    const count = this.#counts.get(name)
    return count !== undefined && this.#living(count) && count.failures >= this.#allowed
  }

  failed(name: string): void {
    const count = this.#counts.get(name)
    if (count !== undefined && this.#living(count)) {
      count.failures++
      return
    }
    this.#counts.delete(name)
    this.#prune()
    this.#counts.set(name, { failures: 1, since: this.#clock.monotonic() })
  }

  #living(count: Count): boolean {
    return this.#clock.monotonic() - count.since < this.#withinMs
  }

  #prune(): void {
    for (const [name, count] of this.#counts) {
      if (this.#living(count) && this.#counts.size < MOST) return
      this.#counts.delete(name)
    }
  }
}
