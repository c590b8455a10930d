// SPDX-License-Identifier: Apache-2.0
/** Keeps events coming: streams, goes on where a stream broke, and asks in turns where streams do not get through. */
import { call, send } from '../api/call.ts'
import { problemOf } from '../api/problem.ts'
import type { LiveMode, ServerEvent } from './state.ts'
import { readStream, StreamEnd } from './stream.ts'

export type ConnectionOptions = {
  readonly signal: AbortSignal
  /** The project that is looked at, for asking in turns. */
  readonly project: () => string
  /** The last event that is known. */
  readonly cursor: () => number | undefined
  readonly onMode: (mode: LiveMode) => void
  /** `undefined` when some were missed. */
  readonly onEvents: (events: readonly ServerEvent[] | undefined) => void
  readonly onSkew: (skewMs: number) => void
}

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 10_000
export const POLL_MS = 15_000
/** How often a stream is tried again while asking in turns. */
const STREAM_AGAIN_MS = 60_000
/** Events are told together, so that a burst costs a few messages to other tabs and not thousands. */
const GATHER_MS = 100

/** Runs until the signal is aborted; never rejects. */
export async function connect(options: ConnectionOptions): Promise<void> {
  const { signal, onMode } = options
  let pauseMs = FIRST_PAUSE_MS
  const gathered = gathering(options)
  while (!signal.aborted) {
    const refused = await streamOnce(options, gathered, () => {
      pauseMs = FIRST_PAUSE_MS
    })
    gathered.flush()
    if (signal.aborted) return
    // Where a plain question is answered, something on the way holds streams back, or may not be watched.
    if (await pollOnce(options)) await pollFor(options, refused ? Number.POSITIVE_INFINITY : STREAM_AGAIN_MS)
    else {
      onMode('reconnecting')
      await rest(pauseMs, signal)
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)
    }
  }
}

type Gathering = { add(event: ServerEvent): void; flush(): void }

function gathering({ onEvents }: ConnectionOptions): Gathering {
  let held: ServerEvent[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    const events = held
    held = []
    if (events.length > 0) onEvents(events)
  }
  return {
    flush,
    add: event => {
      held.push(event)
      timer ??= setTimeout(flush, GATHER_MS)
    },
  }
}

/** Whether the controller refused to stream to us. A stream that ended in order is taken up again at once. */
async function streamOnce(options: ConnectionOptions, gathered: Gathering, onOpen: () => void): Promise<boolean> {
  const { signal, cursor, onMode, onEvents, onSkew } = options
  for (;;) {
    let isOpen = false
    try {
      await readStream({
        cursor: cursor(),
        signal,
        onSkew,
        onOpen: () => {
          isOpen = true
          onOpen()
          onMode('live')
        },
        onEvent: gathered.add,
        onReset: () => onEvents(undefined),
      })
    } catch (thrown) {
      return thrown instanceof StreamEnd && thrown.refused
    }
    if (!isOpen || signal.aborted) return false
    onMode('reconnecting')
    await rest(FIRST_PAUSE_MS, signal)
  }
}

/** Asks for what happened since; whether anybody answered. */
async function pollOnce({ signal, project, cursor, onEvents }: ConnectionOptions): Promise<boolean> {
  const after = cursor()
  try {
    const page = await send<{ readonly events: readonly ServerEvent[]; readonly hasMore: boolean }>(
      call('GET', '/v1/projects/{project}/events', {
        path: { project: project() },
        query: after === undefined ? { newest: true, limit: 1 } : { after, limit: 500 },
      }),
      signal,
    )
    onEvents(page.events)
    // Before the last event is known, and when more came than a page holds, everything is read anew.
    if (after === undefined || page.hasMore) onEvents(undefined)
    return true
  } catch (thrown) {
    const { status } = problemOf(thrown)
    if (signal.aborted || status === 0 || status >= 500) return false
    onEvents(undefined)
    return true
  }
}

async function pollFor(options: ConnectionOptions, forMs: number): Promise<void> {
  const { signal, onMode } = options
  const until = performance.now() + forMs
  onMode('polling')
  while (!signal.aborted && performance.now() < until) {
    await rest(POLL_MS, signal)
    if (signal.aborted || !(await pollOnce(options))) return
  }
}

/** Waits; ends early when the browser finds its network again. */
function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      clearTimeout(timer)
      removeEventListener('online', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    addEventListener('online', done)
    signal.addEventListener('abort', done)
  })
}
