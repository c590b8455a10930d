// SPDX-License-Identifier: Apache-2.0
/** By how much counters that only grow have grown lately. */
import { type Clock, MINUTE } from '../../plugins/contract/index.ts'

type Counts = Readonly<Record<string, number>>

/** How far back "lately" goes, give or take a minute. */
export const RECENT_MS = 10 * MINUTE

export interface Recent {
  /** Called often; looks at the counters once a minute. */
  look(): void
  /** What has grown, and by how much. */
  growth(): Counts
}

export function createRecent({ clock, read }: { readonly clock: Clock; readonly read: () => Counts }): Recent {
  const seen: { readonly at: number; readonly counts: Counts }[] = []
  return {
    look: () => {
      const now = clock.monotonic()
      const last = seen.at(-1)
      if (last !== undefined && now - last.at < MINUTE) return
      seen.push({ at: now, counts: { ...read() } })
      while (seen.length > 1 && (seen[1]?.at ?? now) <= now - RECENT_MS) seen.shift()
    },
    growth: () => {
      const before = seen[0]?.counts ?? {}
      const grown = Object.entries(read()).map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
      return Object.fromEntries(grown.filter(([, count]) => count > 0))
    },
  }
}
