// SPDX-License-Identifier: Apache-2.0
/** One connection that brings events, until it breaks. */
import { readEvents } from '../../../query/sse.ts'
import type { ServerEvent } from './state.ts'

export type StreamOptions = {
  /** The last event that is known; the stream goes on after it. */
  readonly cursor: number | undefined
  readonly signal: AbortSignal
  /** The first bytes came: nothing on the way holds them back. */
  readonly onOpen: () => void
  readonly onEvent: (event: ServerEvent) => void
  /** What lies between is gone; everything must be read anew. */
  readonly onReset: () => void
  /** Milliseconds by which the controller's clock is ahead of ours. */
  readonly onSkew: (skewMs: number) => void
}

/** The controller says something every 15 s; twice missed and a half means the line is dead. */
const SILENCE_MS = 40_000
/** A stream that opens and stays silent for so long is held back by something on the way. */
const FIRST_WORD_MS = 8_000

/** Why a stream could not be had: `refused` by the controller, or `broken` anywhere. */
export class StreamEnd extends Error {
  override readonly name = 'StreamEnd'
  readonly refused: boolean
  constructor(refused: boolean) {
    super(refused ? 'refused' : 'broken')
    this.refused = refused
  }
}

/** Resolves when the controller ends the stream, as it does now and then; rejects with StreamEnd otherwise. */
export async function readStream(options: StreamOptions): Promise<void> {
  const { cursor, signal } = options
  const silence = new AbortController()
  const either = AbortSignal.any([signal, silence.signal])
  let timer = setTimeout(() => silence.abort(), FIRST_WORD_MS)
  try {
    const response = await fetch('/v1/events', {
      signal: either,
      headers: { accept: 'text/event-stream', ...(cursor === undefined ? {} : { 'last-event-id': String(cursor) }) },
    })
    if (!response.ok || response.body === null) throw new StreamEnd(response.status < 500 && response.status !== 429)
    const date = response.headers.get('date')
    if (date !== null) options.onSkew(Date.parse(date) - Date.now())
    let isOpen = false
    const bytes = chunks(response.body, () => {
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(), SILENCE_MS)
      if (!isOpen) options.onOpen()
      isOpen = true
    })
    for await (const item of readEvents(bytes)) {
      if (item.kind === 'comment') continue
      if (item.event.type === 'reset') options.onReset()
      else options.onEvent(JSON.parse(item.event.data) as ServerEvent) // as the controller writes them
    }
  } catch (thrown) {
    throw thrown instanceof StreamEnd ? thrown : new StreamEnd(false)
  } finally {
    clearTimeout(timer)
  }
}

/** The bytes of a body; not every browser can iterate over one. */
async function* chunks(body: ReadableStream<Uint8Array>, onChunk: () => void): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      onChunk()
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
