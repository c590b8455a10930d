// SPDX-License-Identifier: Apache-2.0
/** Keeps what is said at a rate that the other side puts up with. */
import type { Clock } from '../../plugins/contract/index.ts'

/** So many turns at once, and so many each second after that. */
export type Pace = { readonly burst: number; readonly perSecond: number }

/** Resolves when it is the caller's turn. Whoever asked first is served first. */
export function createPace(clock: Clock, { burst, perSecond }: Pace): () => Promise<void> {
  const everyMs = 1_000 / perSecond
  /** When the whole burst will be there again. */
  let whole = Number.NEGATIVE_INFINITY
  return async () => {
    const now = clock.monotonic()
    whole = Math.max(now, whole) + everyMs
    const waitMs = whole - now - burst * everyMs
    if (waitMs > 0) await new Promise<void>(resolve => void clock.after(waitMs, resolve))
  }
}
