// SPDX-License-Identifier: Apache-2.0
/** Server-sent events (WHATWG HTML §9.2) with resume: what happened since a cursor, then what happens. */
import type { ServerResponse } from 'node:http'
import { Type } from 'typebox'
import type { StoredEvent } from '../../kernel/events.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Http } from '../http.ts'
import { problem } from '../problems.ts'
import { failures, HostIdText, ProjectName } from '../schemas.ts'

const Query = Type.Object(
  {
    project: Type.Optional(ProjectName),
    host: Type.Optional(HostIdText),
    type: Type.Optional(
      Type.String({ maxLength: 200, description: 'Event types, or their first words, separated by commas' }),
    ),
    after: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Cursor to resume after; Last-Event-ID does the same' }),
    ),
  },
  { additionalProperties: false },
)
const Headers = Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 20, pattern: '^\\d+$' })) })

const BEAT_MS = 15_000
/** A watcher that reads slower than this backlog is closed; it resumes from its cursor. */
const MAX_BACKLOG_BYTES = 1_048_576
const MAX_WATCHERS = 2_000
const PAGE = 500

export function eventRoutes(http: Http, kernel: Kernel): void {
  const watchers = new Set<ServerResponse>()
  http.addHook('preClose', async () => {
    for (const response of watchers) response.end()
  })
  http.get(
    '/v1/events',
    {
      config: { access: 'event.read' },
      schema: {
        tags: ['events'],
        summary: 'Watch what happens, as server-sent events',
        querystring: Query,
        headers: Headers,
        response: { 200: Type.String(), ...failures },
      },
    },
    async (request, reply) => {
      if (watchers.size >= MAX_WATCHERS) throw problem('overloaded', 'too many watch already')
      const header = request.headers['last-event-id']
      const after = request.query.after ?? (header === undefined ? undefined : Number(header))
      reply.hijack()
      const response = reply.raw
      watchers.add(response)
      response.on('close', () => watchers.delete(response))
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      await stream(kernel, response, { after, wanted: wantedBy(request.query) })
    },
  )
}

type Wanted = (event: StoredEvent) => boolean

function wantedBy({ project, host, type }: { project?: string; host?: string; type?: string }): Wanted {
  const types = type?.split(',').filter(text => text !== '')
  return event => {
    if (project !== undefined && event.project !== project) return false
    if (host !== undefined && event.subject !== host && hostIn(event) !== host) return false
    return types === undefined || types.some(each => event.type === each || event.type.startsWith(`${each}.`))
  }
}

function hostIn({ data }: StoredEvent): unknown {
  return typeof data === 'object' && data !== null && 'host' in data ? data.host : undefined
}

type Watch = { readonly after: number | undefined; readonly wanted: Wanted }

/** Live events are held back while the past is sent, so that the order is never broken and nothing comes twice. */
async function stream(kernel: Kernel, response: ServerResponse, { after, wanted }: Watch): Promise<void> {
  let held: StoredEvent[] | undefined = []
  let sent = after ?? -1
  const send = (event: StoredEvent): void => {
    if (event.id <= sent) return
    sent = event.id
    if (wanted(event)) write(response, `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  }
  const stop = kernel.events.watch(event => {
    if (held === undefined) send(event)
    else held.push(event)
  })
  const beat = beating(kernel, response)
  response.on('close', () => {
    stop()
    beat()
  })
  if (after === undefined) write(response, ': watching\n\n')
  else await past(kernel, { response, after, send })
  for (const event of held) send(event)
  write(response, ': caught up\n\n')
  held = undefined
}

async function past(
  kernel: Kernel,
  { response, after, send }: { response: ServerResponse; after: number; send: (event: StoredEvent) => void },
): Promise<void> {
  const { oldest, newest } = await kernel.events.span()
  if (after < oldest || after > newest) {
    // What lies between is gone: the watcher must read everything anew.
    write(response, `event: reset\ndata: ${JSON.stringify({ oldest, newest })}\n\n`)
  }
  for (let cursor = after; ; ) {
    const page = await kernel.events.since(cursor, PAGE)
    for (const event of page) send(event)
    const last = page.at(-1)
    if (last === undefined || response.destroyed) return
    cursor = last.id
  }
}

function write(response: ServerResponse, text: string): void {
  if (response.destroyed) return
  if (response.writableLength > MAX_BACKLOG_BYTES) {
    response.destroy()
    return
  }
  response.write(text)
}

function beating({ clock }: Kernel, response: ServerResponse): () => void {
  let stop = (): void => {}
  const beat = (): void => {
    write(response, ': still here\n\n')
    stop = clock.after(BEAT_MS, beat)
  }
  stop = clock.after(BEAT_MS, beat)
  return () => stop()
}
