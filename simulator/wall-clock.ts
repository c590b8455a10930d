// SPDX-License-Identifier: Apache-2.0
/** The clocks of a simulated host: a wall clock that can jump, and timers that die with the power. */
import type { Clock } from '../plugins/contract/index.ts'

export interface WallClock extends Clock {
  /** Moves the time of day; waits that are under way keep their length, as on real hosts. */
  jump(byMs: number): void
  /** How far this clock is from the one it is made from. */
  offsetMs(): number
}

/** Makes a wall clock over another clock, a real or a fake one. */
export function createWallClock(base: Clock): WallClock {
  let offset = 0
  return {
    now: () => base.now() + offset,
    monotonic: () => base.monotonic(),
    after: (waitMs, act) => base.after(waitMs, act),
    sleep: (waitMs, signal) => base.sleep(waitMs, signal),
    jump(byMs) {
      offset += byMs
    },
    offsetMs: () => offset,
  }
}

/** The clock of one boot: when the power goes nothing waits any longer; `sleep` then rejects with the reason. */
export function createBootClock(base: Clock, power: AbortSignal): Clock {
  const started = base.monotonic()
  const waits = new Set<() => void>()
  power.addEventListener(
    'abort',
    () => {
      for (const forget of waits) forget()
      waits.clear()
    },
    { once: true },
  )
  return {
    now: () => base.now(),
    monotonic: () => base.monotonic() - started,
    after(waitMs, act) {
      if (power.aborted) return () => undefined
      const cancel = base.after(waitMs, () => {
        waits.delete(cancel)
        act()
      })
      waits.add(cancel)
      return () => {
        waits.delete(cancel)
        cancel()
      }
    },
    sleep: (waitMs, signal) => sleepUntilEither(base, waitMs, [signal, power]),
  }
}

/** By hand, because a signal made by `AbortSignal.any` stays tied to a boot that may last for months. */
async function sleepUntilEither(base: Clock, waitMs: number, signals: readonly AbortSignal[]): Promise<void> {
  const either = new AbortController()
  const stop = (): void => either.abort(signals.find(signal => signal.aborted)?.reason)
  for (const signal of signals) signal.addEventListener('abort', stop, { once: true })
  if (signals.some(signal => signal.aborted)) stop()
  try {
    await base.sleep(waitMs, either.signal)
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', stop)
  }
}
