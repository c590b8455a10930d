// SPDX-License-Identifier: Apache-2.0
/** Server-sent events (WHATWG HTML §9.2): reads them, and goes on where a broken connection left off. */

import type { Clock } from '../../plugins/contract/clock.ts'
import { Problem } from '../../plugins/contract/problem.ts'
import { SECOND } from '../../plugins/contract/time.ts'
import type { Client, Query } from './client.ts'

export type ServerEvent = { readonly id: string; readonly type: string; readonly data: string }
/** A comment tells that the connection lives. */
export type StreamItem = { readonly kind: 'event'; readonly event: ServerEvent } | { readonly kind: 'comment' }

/** Longest line we hold; the controller's events are far smaller. */
const MAX_LINE = 1_048_576

/** Parses the stream as §9.2.6 says; the id holds until the next one. */
export async function* readEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<StreamItem> {
  const decoder = new TextDecoder()
  let rest = ''
  let id = ''
  let type = ''
  let data: string[] = []
  for await (const part of bytes) {
    rest += decoder.decode(part, { stream: true })
    if (rest.length > MAX_LINE) return
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { kind: 'event', event: { id, type: type || 'message', data: data.join('\n') } }
        type = ''
        data = []
        continue
      }
      const { field, value } = fieldOf(line)
      if (field === '') yield { kind: 'comment' }
      else if (field === 'data') data.push(value)
      else if (field === 'event') type = value
      else if (field === 'id' && !value.includes('\0')) id = value
    }
  }
}

function fieldOf(line: string): { field: string; value: string } {
  const colon = line.indexOf(':')
  if (colon < 0) return { field: line, value: '' }
  const value = line.slice(colon + 1)
  return { field: line.slice(0, colon), value: value.startsWith(' ') ? value.slice(1) : value }
}

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
