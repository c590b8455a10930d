// SPDX-License-Identifier: Apache-2.0
/** The connection that brings events: resumes where it broke, asks in turns where streams are blocked. */
import { readEvents } from '../../../query/sse.ts'
import type { Live, LiveMode, LiveState, ServerEvent } from './state.ts'

export type LiveOptions = { readonly project: () => string }

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 15_000

export function createLive(_: LiveOptions): Live {
  let state: LiveState = { mode: 'connecting', since: Date.now() }
  const watchers = new Set<() => void>()
  const listeners = new Set<(events: readonly ServerEvent[] | undefined) => void>()
  let abort = new AbortController()
  const become = (mode: LiveMode): void => {
    if (mode === state.mode) return
    state = { mode, since: Date.now() }
    for (const told of watchers) told()
  }
  const tell = (events: readonly ServerEvent[] | undefined): void => {
    for (const told of listeners) told(events)
  }
  const run = async (signal: AbortSignal): Promise<void> => {
    let cursor: string | undefined
    let pause = FIRST_PAUSE_MS
    while (!signal.aborted) {
      try {
        const response = await fetch('/v1/events', {
          signal,
          headers: { accept: 'text/event-stream', ...(cursor === undefined ? {} : { 'last-event-id': cursor }) },
        })
        if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`)
        become('live')
        pause = FIRST_PAUSE_MS
        for await (const item of readEvents(response.body as never)) {
          if (item.kind === 'comment') continue
          if (item.event.type === 'reset') tell(undefined)
          else tell([JSON.parse(item.event.data) as ServerEvent])
          if (item.event.id !== '') cursor = item.event.id
        }
      } catch {
        if (signal.aborted) return
      }
      become('reconnecting')
      await new Promise(resolve => setTimeout(resolve, pause))
      pause = Math.min(LONGEST_PAUSE_MS, pause * 2)
    }
  }
  return {
    state: () => state,
    watchState: told => {
      watchers.add(told)
      return () => void watchers.delete(told)
    },
    onEvents: told => {
      listeners.add(told)
      return () => void listeners.delete(told)
    },
    start: () => {
      abort = new AbortController()
      void run(abort.signal)
    },
    stop: () => abort.abort(),
  }
}
