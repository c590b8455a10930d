// SPDX-License-Identifier: Apache-2.0
/** Level-triggered work by key: never twice at once for one key, only so many keys at once, later again when asked. */
import { asProblem, type Clock, type Log, MINUTE, SECOND } from '../../../../plugins/contract/index.ts'

export type KeyedLoopOptions = {
  readonly clock: Clock
  readonly log: Log
  /** What the work is, for the log. */
  readonly name: string
  /** Keys worked on side by side. */
  readonly concurrency: number
  /** Looks and does what is due; answers when to look again, or nothing. Must be cheap when there is nothing to do. */
  readonly visit: (key: string, signal: AbortSignal) => Promise<number | undefined>
}

export interface KeyedLoop {
  /** Visits soon; wakes that come together are one. */
  wake(key: string): void
  /** Keys that wait for their turn or their time. */
  readonly size: number
  /** Resolves when nothing is due at this moment. */
  settled(): Promise<void>
  stop(): Promise<void>
}

const FIRST_RETRY_MS = 2 * SECOND
const LAST_RETRY_MS = 5 * MINUTE

type Entry = { queued: boolean; running: boolean; again: boolean; failures: number; forget: (() => void) | undefined }

export function createKeyedLoop({ clock, log, name, concurrency, visit }: KeyedLoopOptions): KeyedLoop {
  const entries = new Map<string, Entry>()
  const queue: string[] = []
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()

  function wake(key: string): void {
    if (stopping.signal.aborted) return
    const entry = entries.get(key) ?? { queued: false, running: false, again: false, failures: 0, forget: undefined }
    entries.set(key, entry)
    entry.forget?.()
    entry.forget = undefined
    if (entry.running) entry.again = true
    else if (!entry.queued) {
      entry.queued = true
      queue.push(key)
      start()
    }
  }

  function start(): void {
    while (running.size < concurrency && !stopping.signal.aborted) {
      const key = queue.shift()
      const entry = key === undefined ? undefined : entries.get(key)
      if (key === undefined || entry === undefined) return
      entry.queued = false
      entry.running = true
      const turn = work(key, entry).finally(() => {
        running.delete(turn)
        start()
      })
      running.add(turn)
    }
  }

  async function work(key: string, entry: Entry): Promise<void> {
    let again: number | undefined
    try {
      again = await visit(key, stopping.signal)
      entry.failures = 0
    } catch (thrown) {
      if (stopping.signal.aborted) return
      const failure = asProblem(thrown)
      entry.failures++
      again = failure.retry === 'never' ? undefined : retryAfter(failure.retry, entry.failures)
      const why = failure.code === 'internal' ? String(thrown) : failure.detail
      log.warn('a device was not brought to its state', { work: name, subject: key, code: failure.code, why })
    }
    entry.running = false
    if (stopping.signal.aborted) return
    if (entry.again) {
      entry.again = false
      return wake(key)
    }
    if (again === undefined) entries.delete(key)
    else entry.forget = clock.after(again, () => wake(key))
  }

  return {
    wake,
    get size() {
      return entries.size
    },
    settled: async () => {
      while (running.size > 0 || queue.length > 0) await Promise.all(running)
    },
    stop: async () => {
      stopping.abort()
      for (const { forget } of entries.values()) forget?.()
      await Promise.all(running)
    },
  }
}

function retryAfter(retry: 'backoff' | { readonly afterMs: number }, failures: number): number {
  if (retry !== 'backoff') return retry.afterMs
  return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10))
}
