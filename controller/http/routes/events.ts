// SPDX-License-Identifier: Apache-2.0
/** Events: watched as a stream, read page by page, and what types there are. */

import type { ServerResponse } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { problem as invalid } from '../../../plugins/contract/index.ts'
import { mayEnter } from '../../kernel/access.ts'
import { fitsType } from '../../kernel/event-types.ts'
import type { EventFilter } from '../../kernel/events.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Principal } from '../../kernel/permissions.ts'
import { problem as kernelProblem } from '../../kernel/problems.ts'
import { type Sight, seesAny, sightOf } from '../event-sight.ts'
import { streamEvents } from '../event-stream.ts'
import { callerOf } from '../guard.ts'
import type { Http } from '../http.ts'
import { problem } from '../problems.ts'
import { failures, HostIdText, InProject, ProjectName, Time } from '../schemas.ts'

const Cursor = Type.Integer({ minimum: 0 })
const Types = Type.String({ maxLength: 500, description: 'Event types, or their first words, separated by commas' })
const narrowing = {
  host: Type.Optional(HostIdText),
  subject: Type.Optional(Type.String({ maxLength: 200, description: 'Id of what it is about' })),
  type: Type.Optional(Types),
}
const Query = Type.Object(
  {
    project: Type.Optional(ProjectName),
    ...narrowing,
    after: Type.Optional(Cursor),
  },
  { additionalProperties: false, description: 'after: cursor to resume after; Last-Event-ID does the same' },
)
const Headers = Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 20, pattern: '^\\d+$' })) })

const PageQuery = Type.Object(
  {
    ...narrowing,
    after: Type.Optional(Cursor),
    newest: Type.Optional(Type.Boolean({ description: 'Newest first; `next` is then the `before` of the page after' })),
    before: Type.Optional(Type.Integer({ minimum: 1, description: 'With newest: only those before this cursor' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  },
  { additionalProperties: false },
)

const EventResource = Type.Object({
  id: Type.Integer({ description: 'Cursor: rises with time, in the whole installation' }),
  at: Time,
  project: Type.String(),
  type: Type.String(),
  subject: Type.String(),
  data: Type.Unknown(),
})
const Page = Type.Object({
  events: Type.Array(EventResource),
  next: Type.Integer({ description: 'Cursor to go on with' }),
  hasMore: Type.Boolean(),
})

const Kinds = Type.Object({
  types: Type.Array(
    Type.Object({ type: Type.String(), title: Type.String(), subject: Type.String(), data: Type.Unknown() }),
  ),
})

const MAX_WATCHERS = 2_000
/** Watchers whose credential cannot be looked up again sign in anew after so long. */
const LIFE_MS = 15 * 60_000

export function eventRoutes(http: Http, kernel: Kernel): void {
  streamRoute(http, kernel)
  pageRoute(http, kernel)
  http.get(
    '/v1/events/types',
    {
      config: { access: 'signed-in' },
      schema: { tags: ['events'], summary: 'List the types of events', response: { 200: Kinds, ...failures } },
    },
    async () => ({ types: [...kernel.eventTypes.values()] }),
  )
}

function streamRoute(http: Http, kernel: Kernel): void {
  const watchers = new Set<ServerResponse>()
  http.addHook('preClose', async () => {
    for (const response of watchers) response.end()
  })
  http.get(
    '/v1/events',
    {
      // Nothing would ever end it.
      exposeHeadRoute: false,
      config: { access: 'signed-in' },
      schema: {
        tags: ['events'],
        summary: 'Watch what happens, as server-sent events',
        querystring: Query,
        headers: Headers,
        response: { 200: Type.String(), ...failures },
      },
    },
    async (request, reply) => {
      const { query, headers } = request
      await requireSight(kernel, callerOf(request), query.project)
      const filter = filterOf(kernel, query)
      if (watchers.size >= MAX_WATCHERS) throw problem('overloaded', 'too many watch already')
      const header = headers['last-event-id']
      const after = query.after ?? (header === undefined ? undefined : Number(header))
      reply.hijack()
      const response = reply.raw
      watchers.add(response)
      response.on('close', () => watchers.delete(response))
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      const sight = sightOf(kernel, callerOf(request))
      await streamEvents(kernel, response, { after, filter, sight, renew: renewal(kernel, request) })
    },
  )
}

/** Throws `not-found` for a project that is not the caller's, `not-allowed` for who may see nothing. */
async function requireSight(kernel: Kernel, principal: Principal, project: string | undefined): Promise<void> {
  if (project !== undefined && !mayEnter(principal, project))
    throw kernelProblem('not-found', `project ${project.slice(0, 80)}`)
  if (!(await seesAny(kernel, principal)))
    throw kernelProblem('not-allowed', `it needs event.read; you have the role ${principal.role}`)
}

/** Looks the credential up again; what is not the kernel's own lives for a while and then signs in anew. */
function renewal(kernel: Kernel, request: FastifyRequest): () => Promise<Sight | undefined> {
  const [, token = ''] = (request.headers.authorization ?? '').split(' ')
  const principal = callerOf(request)
  const sight = sightOf(kernel, principal)
  const ends = kernel.clock.monotonic() + LIFE_MS
  const isOwn = kernel.principals.recognise(token, request.ip).then(
    found => found !== undefined,
    () => false,
  )
  return async () => {
    if (!(await isOwn)) return kernel.clock.monotonic() < ends ? sight : undefined
    const again = await kernel.principals.recognise(token, request.ip)
    return again === undefined ? undefined : sightOf(kernel, again)
  }
}

type Narrowing = Pick<Static<typeof Query>, 'project' | 'host' | 'subject' | 'type'>

/** Throws `invalid` for words with which no type begins: silence would be mistaken for peace. */
function filterOf({ eventTypes }: Kernel, { project, host, subject, type }: Narrowing): EventFilter {
  const types = type?.split(',').filter(text => text !== '')
  const unknown = types?.find(asked => ![...eventTypes.keys()].some(known => fitsType(known, asked)))
  if (unknown !== undefined)
    throw invalid('invalid', `no type of event begins with ${unknown.slice(0, 80)}; see /v1/events/types`, {
      findings: [{ pointer: '/type', message: 'names no type of event' }],
    })
  return { project, host, subject, types: types?.length === 0 ? undefined : types }
}

const PAGE_LIMIT = 100

function pageRoute(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/projects/:project/events',
    {
      config: { access: 'event.read', narrows: true },
      schema: {
        tags: ['events'],
        summary: 'Read what happened, page by page',
        params: InProject,
        querystring: PageQuery,
        response: { 200: Page, ...failures },
      },
    },
    async request => {
      const { params, query } = request
      const { limit = PAGE_LIMIT } = query
      if (query.newest === true) return latestPage(kernel, request)
      const { oldest, newest } = await kernel.events.span()
      const after = query.after ?? oldest
      if (after < oldest || after > newest)
        throw problem('events-gone', `kept are those after ${oldest} up to ${newest}`, { oldest, newest })
      const filter = filterOf(kernel, { ...query, project: params.project })
      const found = await kernel.events.since(after, limit + 1, filter)
      const page = found.slice(0, limit)
      const sight = sightOf(kernel, callerOf(request))
      const seen = await Promise.all(page.map(event => sight(event)))
      const hasMore = found.length > limit
      return {
        events: page.filter((_, at) => seen[at]),
        next: hasMore ? (page.at(-1)?.id ?? after) : Math.max(newest, page.at(-1)?.id ?? 0),
        hasMore,
      }
    },
  )
}

type PageRequest = FastifyRequest & {
  readonly params: Static<typeof InProject>
  readonly query: Static<typeof PageQuery>
}

/** A page that begins with what happened last. Throws `invalid` for a cursor of the other direction. */
async function latestPage(kernel: Kernel, request: PageRequest): Promise<Static<typeof Page>> {
  const { params, query } = request
  const { limit = PAGE_LIMIT, before } = query
  if (query.after !== undefined)
    throw invalid('invalid', '/after goes with the oldest first; use before', {
      findings: [{ pointer: '/after', message: 'does not go with newest' }],
    })
  const found = await kernel.events.latest(before, limit + 1, filterOf(kernel, { ...query, project: params.project }))
  const page = found.slice(0, limit)
  const sight = sightOf(kernel, callerOf(request))
  const seen = await Promise.all(page.map(event => sight(event)))
  return {
    events: page.filter((_, at) => seen[at]),
    next: page.at(-1)?.id ?? 0,
    hasMore: found.length > limit,
  }
}
