// SPDX-License-Identifier: Apache-2.0
/** Waits for firmware that is busy with itself by looking: most has settled long before the slowest has. */
import { Problem } from '../../../../plugins/contract/index.ts'
import type { Ground } from './ground.ts'

const FIRST_MS = 250

/**
 * Looks after 250 ms and then after twice as long each time, until `look` finds something or `settleMs` are over; then
 * `undefined`, and whoever waited looks once more as if nobody had. A look that fails means that it is still busy.
 * Rejects when the way to the device is gone, or with the signal's reason.
 */
export async function settled<T>(ground: Ground, look: () => Promise<T | undefined>): Promise<T | undefined> {
  const { clock, timing, pause, signal } = ground
  const until = clock.monotonic() + timing.settleMs
  for (let waitMs = FIRST_MS; ; waitMs *= 2) {
    const restMs = until - clock.monotonic()
    if (restMs <= 0) return undefined
    await pause(Math.min(waitMs, restMs))
    if (waitMs >= restMs) return undefined
    try {
      const found = await look()
      if (found !== undefined) return found
    } catch (thrown) {
      signal.throwIfAborted()
      if (!(thrown instanceof Problem) || thrown.code === 'amt-not-connected') throw thrown
    }
  }
}
