// SPDX-License-Identifier: Apache-2.0
/** Time of the real machine. */
import type { Clock } from '../../plugins/contract/index.ts'

/** Longest wait one timer of Node can hold: 2^31 - 1 milliseconds. */
const MAX_TIMER_MS = 2_147_483_647

/** Makes the clock of this machine. `after` does not keep the process alive; `sleep` does. */
export function createClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after: (waitMs, act) => schedule(waitMs, act, { holds: false }),
    sleep,
  }
}

function sleep(waitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const stop = (): void => {
      forget()
      reject(signal.reason)
    }
    const forget = schedule(
      waitMs,
      () => {
        signal.removeEventListener('abort', stop)
        resolve()
      },
      { holds: true },
    )
    signal.addEventListener('abort', stop, { once: true })
  })
}

function schedule(waitMs: number, act: () => void, { holds }: { readonly holds: boolean }): () => void {
  let timer: NodeJS.Timeout
  const arm = (left: number): void => {
    const step = Math.min(left, MAX_TIMER_MS)
    timer = setTimeout(() => (left > step ? arm(left - step) : act()), step)
    if (!holds) timer.unref()
  }
  arm(Math.max(0, waitMs))
  return () => clearTimeout(timer)
}
