// SPDX-License-Identifier: Apache-2.0
/** Time as a port, so that tests own it. */
import type { EpochMs } from './time.ts'

export interface Clock {
  /** Wall clock; may jump. */
  now(): EpochMs
  /** Milliseconds from an arbitrary origin; never goes back. */
  monotonic(): number
  /** Runs once after a wait and returns what forgets it. Does not keep the process alive. */
  after(waitMs: number, act: () => void): () => void
  /** Resolves after the wait; rejects with the signal's reason when it is aborted first. */
  sleep(waitMs: number, signal: AbortSignal): Promise<void>
}
