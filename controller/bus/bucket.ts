// SPDX-License-Identifier: Apache-2.0
/** Token buckets: how often something may happen on average, and how often at once. */
import type { Clock } from '../../plugins/contract/index.ts'
import type { Rate } from './limits.ts'

export class Bucket {
  readonly #rate: Rate
  #tokens: number
  #at: number

  constructor(rate: Rate, now: number) {
    this.#rate = rate
    this.#tokens = rate.burst
    this.#at = now
  }

  /** Tokens there are at this monotonic time. */
  available(now: number): number {
    const { perSecond, burst } = this.#rate
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) / 1_000) * perSecond)
    this.#at = now
    return this.#tokens
  }

  /** Takes one token; false, and none taken, when there is none. */
  take(now: number): boolean {
    if (this.available(now) < 1) return false
    this.#tokens--
    return true
  }

  /** Takes tokens that were seen to be available. */
  spend(count: number): void {
    this.#tokens -= count
  }

  /** Milliseconds until there are so many tokens. */
  waitFor(count: number, now: number): number {
    return Math.max(0, Math.ceil(((count - this.available(now)) / this.#rate.perSecond) * 1_000))
  }

  isFull(now: number): boolean {
    return this.available(now) >= this.#rate.burst
  }
}

/** Buckets by key, of which those that have filled up again are forgotten. */
export class Buckets {
  readonly #rate: Rate
  readonly #clock: Clock
  readonly #most: number
  readonly #buckets = new Map<string, Bucket>()

  /** At most `most` keys are remembered; the one seen longest ago goes first. */
  constructor(rate: Rate, clock: Clock, most = 10_000) {
    this.#rate = rate
    this.#clock = clock
    this.#most = most
  }

  take(key: string): boolean {
    const now = this.#clock.monotonic()
    const bucket = this.#buckets.get(key) ?? new Bucket(this.#rate, now)
    // Set anew, so that the order of the map is the order of being seen.
    this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    if (this.#buckets.size > this.#most) this.#forgetOldest()
    return bucket.take(now)
  }

  /** Forgets the keys whose bucket is full: a new one would say the same. */
  sweep(): void {
    const now = this.#clock.monotonic()
    for (const [key, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(key)
  }

  #forgetOldest(): void {
    const oldest = this.#buckets.keys().next()
    if (oldest.done !== true) this.#buckets.delete(oldest.value)
  }
}
