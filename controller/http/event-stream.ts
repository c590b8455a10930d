// SPDX-License-Identifier: Apache-2.0
/** One watcher's stream of server-sent events (WHATWG HTML §9.2): what happened since a cursor, then what happens. */
import type { ServerResponse } from 'node:http'
import { fitsType } from '../kernel/event-types.ts'
import { type EventFilter, hostOfEvent, type StoredEvent } from '../kernel/events.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Sight } from './event-sight.ts'

const BEAT_MS = 15_000
/** A watcher that reads slower than this backlog is closed; it resumes from its cursor. */
const MAX_BACKLOG_BYTES = 1_048_576
/** The same for events that still have to be looked at. */
const MAX_HELD = 20_000
const PAGE = 500

export type Watch = {
  readonly after: number | undefined
  readonly filter: EventFilter
  readonly sight: Sight
  /** Asked with every beat, so that rights which were taken away end here too; `undefined` ends the stream. */
  readonly renew: () => Promise<Sight | undefined>
}

/** Sends until the watcher goes. Nothing comes twice and the order is never broken; a gap is told as `reset`. */
export async function streamEvents(kernel: Kernel, response: ServerResponse, watch: Watch): Promise<void> {
  const { after, filter } = watch
  let { sight } = watch
  const held: StoredEvent[] = []
  let sent = after ?? -1
  let pumping = true
  const send = async (event: StoredEvent): Promise<void> => {
    if (event.id <= sent || response.destroyed) return
    sent = event.id
    if (fits(event, filter) && (await sight(event)))
      write(response, `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  }
  const pump = async (): Promise<void> => {
    for (let event = held.shift(); event !== undefined; event = held.shift()) await send(event)
    pumping = false
  }
  const stop = kernel.events.watch(event => {
    if (held.length >= MAX_HELD) response.destroy()
    held.push(event)
    if (pumping) return
    pumping = true
    void pump()
  })
  const beat = beating(kernel, response, async () => {
    const renewed = await watch.renew()
    if (renewed === undefined) response.end()
    else sight = renewed
  })
  response.on('close', () => {
    stop()
    beat()
  })
  if (after === undefined) write(response, ': watching\n\n')
  else await past(kernel, response, { after, filter, send })
  await pump()
  write(response, ': caught up\n\n')
}

/** The same as the store's filter, for what has just happened. */
export function fits(event: StoredEvent, { project, types, host, subject }: EventFilter): boolean {
  if (project !== undefined && event.project !== project) return false
  if (subject !== undefined && event.subject !== subject) return false
  if (host !== undefined && hostOfEvent(event) !== host) return false
  return types === undefined || types.some(each => fitsType(event.type, each))
}

type Past = {
  readonly after: number
  readonly filter: EventFilter
  readonly send: (event: StoredEvent) => Promise<void>
}

async function past(kernel: Kernel, response: ServerResponse, { after, filter, send }: Past): Promise<void> {
  const { oldest, newest } = await kernel.events.span()
  if (after < oldest || after > newest) {
    // What lies between is gone: the watcher must read everything anew.
    write(response, `event: reset\ndata: ${JSON.stringify({ oldest, newest })}\n\n`)
  }
  for (let cursor = after; ; ) {
    const page = await kernel.events.since(cursor, PAGE, filter)
    for (const event of page) await send(event)
    const last = page.at(-1)
    if (last === undefined || response.destroyed) return
    cursor = last.id
    await drained(response)
  }
}

/** Waits for a watcher that reads slowly, so that a long past is not held in memory; gone watchers end it. */
async function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed || response.writableLength < MAX_BACKLOG_BYTES / 4) return
  await new Promise<void>(resolve => {
    response.once('drain', resolve)
    response.once('close', resolve)
  })
}

function write(response: ServerResponse, text: string): void {
  if (response.destroyed || response.writableEnded) return
  if (response.writableLength > MAX_BACKLOG_BYTES) {
    response.destroy()
    return
  }
  response.write(text)
}

function beating({ clock, log }: Kernel, response: ServerResponse, renew: () => Promise<void>): () => void {
  let stop = (): void => {}
  const beat = (): void => {
    write(response, ': still here\n\n')
    stop = clock.after(BEAT_MS, beat)
    renew().catch(thrown => {
      log.warn('a watcher could not be recognized again', { error: String(thrown) })
      response.end()
    })
  }
  stop = clock.after(BEAT_MS, beat)
  return () => stop()
}
