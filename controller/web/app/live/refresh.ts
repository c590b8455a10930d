// SPDX-License-Identifier: Apache-2.0
/** Turns events into questions to be asked again: gathered for a moment, so that a burst costs one. */
import type { QueryClient } from '@tanstack/react-query'
import type { ModulePages } from '../modules/pages.ts'
import type { ServerEvent } from './state.ts'

/** One repaint for everything within it. */
const GATHER_MS = 250
/** The same answer is not asked for more often, however much happens. */
const PAUSE_MS = 1_000

export interface Refresh {
  take(events: readonly ServerEvent[] | undefined): void
  stop(): void
}

export function createRefresh({
  client,
  modules,
  project,
}: {
  readonly client: QueryClient
  readonly modules: readonly ModulePages[]
  readonly project: () => string
}): Refresh {
  const rules = modules.flatMap(({ refresh }) => Object.entries(refresh))
  const due = new Set<string>()
  const last = new Map<string, number>()
  let everything = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = (): void => {
    timer = undefined
    const now = performance.now()
    if (everything) {
      everything = false
      due.clear()
      void client.invalidateQueries()
      return
    }
    for (const key of due) {
      if (now - (last.get(key) ?? Number.NEGATIVE_INFINITY) < PAUSE_MS) continue
      due.delete(key)
      last.set(key, now)
      // What is on its way may have been asked before the event: it is asked again, after it.
      void client.invalidateQueries({ queryKey: [key] }, { cancelRefetch: false })
    }
    if (due.size > 0) timer = setTimeout(flush, PAUSE_MS)
  }
  return {
    take: events => {
      if (events === undefined) everything = true
      for (const event of events ?? []) {
        if (event.project !== '' && event.project !== project()) continue
        for (const [words, keys] of rules) if (event.type.startsWith(words)) for (const key of keys) due.add(key)
      }
      if (everything || due.size > 0) timer ??= setTimeout(flush, GATHER_MS)
    },
    stop: () => clearTimeout(timer),
  }
}
