// SPDX-License-Identifier: Apache-2.0
/** Slows down guessing at one name: from the fifth failure on it waits, longer each time, and never for good. */
import { type Clock, MINUTE, SECOND } from '../../../../plugins/contract/index.ts'

export interface Backoff {
  /** Milliseconds until the next attempt is looked at; 0 when it may come now. Names nobody has are no different. */
  waitMs(name: string): number
  failed(name: string): void
  succeeded(name: string): void
}

const FREE = 4
const LONGEST_MS = 15 * MINUTE
const FORGOTTEN_AFTER_MS = 60 * MINUTE
const MOST_NAMES = 10_000

type Failures = { readonly count: number; readonly until: number; readonly at: number }

export function createBackoff(clock: Pick<Clock, 'monotonic'>): Backoff {
  const known = new Map<string, Failures>()
  const present = (name: string): Failures | undefined => {
    const entry = known.get(name)
    return entry === undefined || clock.monotonic() - entry.at > FORGOTTEN_AFTER_MS ? undefined : entry
  }
  return {
    waitMs: name => Math.max(0, (present(name)?.until ?? 0) - clock.monotonic()),
    failed: name => {
      const count = (present(name)?.count ?? 0) + 1
      const now = clock.monotonic()
      const waitMs = count <= FREE ? 0 : Math.min(LONGEST_MS, SECOND * 2 ** Math.min(count - FREE - 1, 20))
      known.delete(name)
      known.set(name, { count, until: now + waitMs, at: now })
      // The oldest goes first; addresses are limited too, so nobody empties this list on purpose.
      if (known.size > MOST_NAMES) known.delete(known.keys().next().value ?? '')
    },
    succeeded: name => void known.delete(name),
  }
}
