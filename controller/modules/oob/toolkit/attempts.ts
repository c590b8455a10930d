// SPDX-License-Identifier: Apache-2.0
/** Counts attempts within the last minute, by key, and says when there were too many. */
import { type Clock, MINUTE } from '../../../../plugins/contract/index.ts'

export interface Attempts {
  /** Counts one attempt; `false` when there were too many, and then it is not counted. */
  take(key: string, limit: number): boolean
  /** Takes back the newest attempt: it succeeded. */
  refund(key: string): void
}

/** Beyond it the key that was silent longest is forgotten, so that invented names cannot fill the memory. */
const MAX_KEYS = 10_000

export function createAttempts(clock: Clock): Attempts {
  const seen = new Map<string, number[]>()
  return {
    take: (key, limit) => {
      const now = clock.monotonic()
      const recent = (seen.get(key) ?? []).filter(at => now - at < MINUTE)
      if (recent.length >= limit) return false
      recent.push(now)
      seen.delete(key)
      seen.set(key, recent)
      const [oldest] = seen.keys()
      if (seen.size > MAX_KEYS && oldest !== undefined) seen.delete(oldest)
      return true
    },
    refund: key => void seen.get(key)?.pop(),
  }
}
