// SPDX-License-Identifier: Apache-2.0
/** Watches server-sent events, and goes on where a broken connection left off. */

import type { Clock } from '../../plugins/contract/clock.ts'
import { Problem } from '../../plugins/contract/problem.ts'
import { SECOND } from '../../plugins/contract/time.ts'
import { readEvents, type StreamItem } from '../query/sse.ts'
import type { Client, Query } from './client.ts'

export type Watch = {
  readonly client: Client
  readonly clock: Clock
  readonly path: string
  readonly query: Query
  /** Cursor after which to begin. */
  readonly since?: string | undefined
  readonly signal: AbortSignal
  readonly note: (line: string) => void
  /** Goes on after a broken connection; otherwise its end is the end. */
  readonly resumes: boolean
}

/** The controller says something every 15 s; twice missed and a half means the line is dead. */
const SILENCE_MS = 40 * SECOND
const FIRST_PAUSE_MS = SECOND
const LONGEST_PAUSE_MS = 30 * SECOND

/**
 * Yields what the controller sends, in order, for ever; after a broken connection it asks for what came since the last
 * event it yielded. Rejects when the first connection fails, when the controller refuses, or when the signal is aborted.
 */
export async function* watch(wanted: Watch): AsyncGenerator<StreamItem> {
  let cursor = wanted.since
  let pauseMs = FIRST_PAUSE_MS
  let connected = false
  for (;;) {
    try {
      for await (const item of connection(wanted, cursor)) {
        connected = true
        pauseMs = FIRST_PAUSE_MS
        if (item.kind === 'event' && item.event.id !== '') cursor = item.event.id
        yield item
      }
    } catch (thrown) {
      if (wanted.signal.aborted || !connected || !wanted.resumes || !isPassing(thrown)) throw thrown
    }
    if (!wanted.resumes) return
    wanted.note(`connection lost, trying again in ${Math.round(pauseMs / SECOND)} s`)
    await wanted.clock.sleep(pauseMs, wanted.signal)
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)
  }
}

async function* connection(
  { client, path, query, signal }: Watch,
  cursor: string | undefined,
): AsyncGenerator<StreamItem> {
  const headers = { accept: 'text/event-stream', ...(cursor === undefined ? {} : { 'last-event-id': cursor }) }
  const answer = await client.open(path, { query, headers, idleMs: SILENCE_MS, signal })
  // The answer itself is a sign of life, before anything has happened.
  yield { kind: 'comment' }
  yield* readEvents(answer.body)
}

function isPassing(thrown: unknown): boolean {
  return thrown instanceof Problem && (thrown.status === 503 || thrown.status === 502 || thrown.status === 429)
}
