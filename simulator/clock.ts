// SPDX-License-Identifier: Apache-2.0
/** A clock that stands still until it is told to move, so that tests and simulations own time. */
import type { Clock, EpochMs } from '../plugins/contract/index.ts'

export interface FakeClock extends Clock {
  /**
   * Moves both clocks on. Timers run in the order they fall due, those of the same moment in the order they were set;
   * after each moment, and once at either end, everything that was merely waiting for a promise gets its turn.
   * Timers set on the way run too when they fall due within the stretch.
   */
  advance(ms: number): Promise<void>
  /** Moves the wall clock only, as a correction by NTP or a person would; timers do not notice. */
  jump(ms: number): void
  /** Timers that have not run and were not forgotten. */
  readonly pending: number
  /** Milliseconds until the next timer; `undefined` when there is none. */
  readonly nextIn: number | undefined
}

type Timer = { readonly due: number; readonly order: number; readonly act: () => void }

/** Makes a clock that shows `start` (milliseconds since 1970) and counts its monotonic time from 0. */
export function createFakeClock(start: EpochMs): FakeClock {
  const timers: Timer[] = []
  let elapsed = 0
  let offset = start
  let orders = 0

  function after(waitMs: number, act: () => void): () => void {
    const timer = { due: elapsed + Math.max(0, waitMs), order: orders++, act }
    timers.splice(placeOf(timers, timer), 0, timer)
    return () => {
      const place = placeOf(timers, timer)
      if (timers[place] === timer) timers.splice(place, 1)
    }
  }

  async function advance(ms: number): Promise<void> {
    const end = elapsed + ms
    await settle()
    for (let next = timers[0]; next !== undefined && next.due <= end; next = timers[0]) {
      elapsed = Math.max(elapsed, next.due)
      while (timers[0] !== undefined && timers[0].due <= elapsed) timers.shift()?.act()
      await settle()
    }
    elapsed = Math.max(elapsed, end)
    await settle()
  }

  return {
    now: () => offset + elapsed,
    monotonic: () => elapsed,
    after,
    sleep: (waitMs, signal) => sleep(after, waitMs, signal),
    advance,
    jump(ms) {
      offset += ms
    },
    get pending() {
      return timers.length
    },
    get nextIn() {
      const next = timers[0]
      return next === undefined ? undefined : Math.max(0, next.due - elapsed)
    },
  }
}

function sleep(after: Clock['after'], waitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const forget = after(waitMs, () => {
      signal.removeEventListener('abort', give)
      resolve()
    })
    function give(): void {
      forget()
      reject(signal.reason)
    }
    signal.addEventListener('abort', give, { once: true })
  })
}

/** Where a timer stands, or would stand, in the sorted list. */
function placeOf(timers: readonly Timer[], { due, order }: Timer): number {
  let low = 0
  let high = timers.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const timer = timers[middle]
    const before = timer !== undefined && (timer.due < due || (timer.due === due && timer.order < order))
    if (before) low = middle + 1
    else high = middle
  }
  return low
}

// The check phase of the event loop comes after every microtask, so one turn settles whole chains of promises.
function settle(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
