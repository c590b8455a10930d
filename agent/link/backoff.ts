// SPDX-License-Identifier: Apache-2.0
/** Waits that grow, spread at random so that a fleet does not return in one instant. */
import type { RandomBytes } from '../../plugins/contract/index.ts'

export type Backoff = {
  /** The wait before the next attempt, in milliseconds, drawn below `mostMs` also where the limit has grown beyond it. */
  next(mostMs?: number): number
  /** Starts over after a success. */
  reset(): void
}

export type BackoffOptions = {
  readonly firstMs: number
  readonly maxMs: number
  readonly random: RandomBytes
}

/** Full jitter: each wait is drawn evenly between nothing and a limit that doubles from `firstMs` to `maxMs`. */
export function createBackoff({ firstMs, maxMs, random }: BackoffOptions): Backoff {
  let limit = firstMs
  return {
    next(mostMs = maxMs) {
      const wait = Math.ceil(fraction(random) * Math.min(limit, mostMs))
      limit = Math.min(maxMs, limit * 2)
      return wait
    },
    reset() {
      limit = firstMs
    },
  }
}

/** An even draw from 0 up to but not including 1. */
export function fraction(random: RandomBytes): number {
  let value = 0
  for (const byte of random(4)) value = value * 256 + byte
  return value / 2 ** 32
}

/** The length given or up to a tenth more or less. */
export function jittered(lengthMs: number, random: RandomBytes): number {
  return Math.round(lengthMs * (0.9 + 0.2 * fraction(random)))
}
