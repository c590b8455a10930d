// SPDX-License-Identifier: Apache-2.0
/** Timers that are forgotten together. */
import type { Clock } from '../../plugins/contract/index.ts'

export interface Timers {
  /** Acts once after a wait; the returned function forgets it. */
  after(ms: number, act: () => void): () => void
  /** Acts again and again, each wait beginning when the former act is done. */
  every(ms: number, act: () => void): void
  /** Forgets all of them; later ones are never set. */
  close(): void
}

export function createTimers(clock: Clock): Timers {
  const set = new Set<() => void>()
  let closed = false

  function after(ms: number, act: () => void): () => void {
    if (closed) return () => {}
    const forget = clock.after(ms, () => {
      set.delete(forget)
      act()
    })
    set.add(forget)
    return () => {
      set.delete(forget)
      forget()
    }
  }

  function every(ms: number, act: () => void): void {
    after(ms, () => {
      act()
      every(ms, act)
    })
  }

  return {
    after,
    every,
    close() {
      closed = true
      for (const forget of set) forget()
      set.clear()
    },
  }
}
