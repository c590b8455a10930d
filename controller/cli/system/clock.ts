// SPDX-License-Identifier: Apache-2.0
/** The real clock. */
import type { Clock } from '../../../plugins/contract/clock.ts'

export const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (waitMs, act) => {
    const timer = setTimeout(act, waitMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
  sleep,
}

function sleep(waitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, waitMs)
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    signal.addEventListener('abort', stop, { once: true })
  })
}
