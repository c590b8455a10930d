// SPDX-License-Identifier: Apache-2.0
/** The time as components see it: one timer for all of them, coarse enough that nothing flickers. */
import { createContext, useContext, useSyncExternalStore } from 'react'

/** A clock that many watch. */
export interface Ticker {
  /** As everything shown at this moment sees it; up to a tick old. */
  now(): number
  /** Without the tick: what is not shown until later must not be over before its time. */
  exact(): number
  watch(told: () => void): () => void
  /** Adds the difference to the controller's clock, in milliseconds. */
  correct(skewMs: number): void
}

const TICK_MS = 1_000

/** One timer that runs while somebody watches; the difference to the controller's clock is added by whoever learns it. */
export function createTicker(): Ticker {
  const watchers = new Set<() => void>()
  let skew = 0
  let at = Date.now()
  let timer: ReturnType<typeof setInterval> | undefined
  const exact = (): number => Date.now() + skew
  const tick = (): void => {
    at = exact()
    for (const told of watchers) told()
  }
  return {
    now: () => (timer === undefined ? exact() : at),
    exact,
    watch: told => {
      watchers.add(told)
      if (timer === undefined) {
        at = exact()
        timer = setInterval(tick, TICK_MS)
      }
      return () => {
        watchers.delete(told)
        if (watchers.size > 0) return
        clearInterval(timer)
        timer = undefined
      }
    },
    correct: skewMs => {
      skew = skewMs
    },
  }
}

const Context = createContext<Ticker>(createTicker())
export const TickerProvider = Context.Provider

export function useTicker(): Ticker {
  return useContext(Context)
}

/** Milliseconds since the epoch by the controller's clock, new every second. */
export function useNow(): number {
  const ticker = useContext(Context)
  return useSyncExternalStore(ticker.watch, ticker.now)
}
