// SPDX-License-Identifier: Apache-2.0
/** The events of this browser: one tab holds the connection and tells the others; when it goes, the next one takes over. */
import { connect } from './connection.ts'
import type { Live, LiveMode, LiveState, ServerEvent } from './state.ts'

export type LiveOptions = {
  /** The project that is looked at. */
  readonly project: () => string
  /** Who is signed in: tabs of two people do not share. */
  readonly person: string
  readonly onSkew: (skewMs: number) => void
}

/** What tabs tell each other. */
type Message =
  | { readonly kind: 'events'; readonly events: readonly ServerEvent[] | undefined }
  | { readonly kind: 'state'; readonly state: LiveState }
  | { readonly kind: 'who' }

/** A tab that is hidden for so long lets go; it reads everything anew when it is seen again. */
export const HIDDEN_MS = 5 * 60_000

export function createLive(options: LiveOptions): Live {
  const name = `muster-live-${options.person}`
  const watchers = new Set<() => void>()
  const listeners = new Set<(events: readonly ServerEvent[] | undefined) => void>()
  let state: LiveState = { mode: 'connecting', since: Date.now() }
  let cursor: number | undefined
  let stopped = new AbortController()
  let isLeader = false
  let channel: BroadcastChannel | undefined

  const become = (next: LiveState): void => {
    if (next.mode === state.mode) return
    state = next
    for (const told of watchers) told()
  }
  const tell = (events: readonly ServerEvent[] | undefined): void => {
    for (const { id } of events ?? []) cursor = Math.max(cursor ?? 0, id)
    for (const told of listeners) told(events)
  }
  const post = (message: Message): void => channel?.postMessage(message)
  const lead = (signal: AbortSignal): Promise<void> => {
    isLeader = true
    return connect({
      signal,
      project: options.project,
      cursor: () => cursor,
      onSkew: options.onSkew,
      onMode: (mode: LiveMode) => {
        become({ mode, since: Date.now() })
        post({ kind: 'state', state })
      },
      onEvents: events => {
        tell(events)
        post({ kind: 'events', events })
      },
    }).finally(() => {
      isLeader = false
    })
  }
  const receive = ({ data }: MessageEvent<Message>): void => {
    if (data.kind === 'who' && isLeader) post({ kind: 'state', state })
    if (data.kind === 'state' && !isLeader) become(data.state)
    if (data.kind === 'events' && !isLeader) tell(data.events)
  }
  const begin = (): void => {
    stopped = new AbortController()
    const { signal } = stopped
    channel = new BroadcastChannel(name)
    channel.onmessage = receive
    post({ kind: 'who' })
    // Only one tab gets the lock; the others wait for it and listen meanwhile.
    void navigator.locks.request(name, { signal }, () => lead(signal)).catch(() => undefined)
  }
  const end = (): void => {
    stopped.abort()
    channel?.close()
    channel = undefined
  }
  const hiding = hidingAfter(HIDDEN_MS, {
    hide: () => {
      end()
      become({ mode: 'paused', since: Date.now() })
    },
    show: () => {
      become({ mode: 'connecting', since: Date.now() })
      begin()
      tell(undefined)
    },
  })
  return {
    state: () => state,
    watchState: told => added(watchers, told),
    onEvents: told => added(listeners, told),
    start: () => {
      begin()
      hiding.start()
    },
    stop: () => {
      hiding.stop()
      end()
    },
  }
}

function added<T>(set: Set<T>, each: T): () => void {
  set.add(each)
  return () => void set.delete(each)
}

/** Tells once a page was hidden for long, and when it is seen again after that. */
function hidingAfter(ms: number, { hide, show }: { readonly hide: () => void; readonly show: () => void }) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isHidden = false
  const look = (): void => {
    clearTimeout(timer)
    if (document.visibilityState === 'hidden') {
      timer = setTimeout(() => {
        isHidden = true
        hide()
      }, ms)
      return
    }
    if (isHidden) show()
    isHidden = false
  }
  return {
    start: () => document.addEventListener('visibilitychange', look),
    stop: () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', look)
    },
  }
}
