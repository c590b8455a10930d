// SPDX-License-Identifier: Apache-2.0
/** RPS's administrative interface: the records that activation works from. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Log } from '../../../../plugins/contract/index.ts'
import { callerOf } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { KernelTables } from '../../../kernel/tables/tables.ts'
import type { Secrets } from '../../../secrets/secrets.ts'
import { type Actor, type ActParts, change, create, remove } from './acts.ts'
import { contentTag, itemOf, notFound, pageOf, plainTag, sendTagged } from './answers.ts'
import { givenOf } from './checks.ts'
import { isDefaultName } from './defaults.ts'
import { exportRoutes } from './export-routes.ts'
import type { Kind } from './kind.ts'
import { KINDS } from './kinds.ts'
import { createPfxReader, type PfxReader } from './pfx-worker.ts'
import { projectOf } from './projects.ts'
import type { RecordKind } from './records.ts'
import { givenSchema, itemSchema, ListQuery, listSchema, Refusal } from './schemas.ts'
import { find, list } from './store.ts'

export type RpsParts = {
  readonly kernel: Kernel
  readonly secrets: Secrets
  /**
   * Makes what a project has without anybody asking. Called when our own interface looks, or somebody names such a
   * record: clients of RPS count on finding nothing but what they made.
   */
  readonly prepare?: (project: string) => Promise<void>
  readonly log: Log
  /** Opens certificate files; without it, threads of this process do. */
  readonly readPfx?: PfxReader
}

type Parts = ActParts & Pick<RpsParts, 'prepare'>

/** Version of the interface, and of the messages that `rpc` exchanges with its server. */
const SERVICE_VERSION = '2.40.0'
const PROTOCOL_VERSION = '4.0.0'

/**
 * Mounts the routes under whatever prefix the instance has. Requests are about the project that the path, or the
 * tenant header, names.
 */
export function rpsRoutes(given: RpsParts): (http: Http) => void {
  const { kernel, secrets, prepare, readPfx = createPfxReader(kernel.clock) } = given
  const parts: Parts = { kernel, secrets, readPfx, ...(prepare === undefined ? {} : { prepare }) }
  return http => {
    generalRoutes(http, parts)
    exportRoutes(http, parts)
    recordRoutes(http, parts, KINDS.domain)
    recordRoutes(http, parts, KINDS.cira)
    recordRoutes(http, parts, KINDS.profile)
    recordRoutes(http, parts, KINDS.wireless)
    recordRoutes(http, parts, KINDS.ieee8021x)
    recordRoutes(http, parts, KINDS.proxy)
  }
}

const TAGS = ['activation records']

function generalRoutes(http: Http, { kernel }: Parts): void {
  const about = (summary: string) => ({
    config: { access: 'public' } as const,
    schema: { tags: TAGS, summary },
  })
  http.get('/', { ...about('Says where it is'), config: { access: 'host.read' } }, async () => ({
    message: 'admin path. use admin/profiles',
  }))
  http.get('/version', about('Version of the interface and of the protocol of `rpc`'), async () => ({
    serviceVersion: SERVICE_VERSION,
    protocolVersion: PROTOCOL_VERSION,
  }))
  http.get('/health', about('Whether database and secrets can be used'), async (_request, reply) => {
    const db = await kernel.store
      .installation<KernelTables>()
      .selectFrom('kernel_projects')
      .select('name')
      .limit(1)
      .execute()
      .then(
        () => 'OK',
        () => 'unknown error',
      )
    return reply.code(db === 'OK' ? 200 : 503).send({
      db: { name: 'SQLITE', status: db },
      secretStore: { name: 'MUSTER', status: { initialized: true, sealed: false, standby: false } },
    })
  })
}

function recordRoutes<K extends RecordKind>(http: Http, parts: Parts, kind: Kind<K>): void {
  const { path, access, bodyLimit } = kind
  const read = { config: { access: 'host.read' } as const }
  const write = { config: { access }, ...(bodyLimit === undefined ? {} : { bodyLimit }) }
  const { lists, makes, changes, shows, removes } = schemasOf(kind)
  const url = `/${path}`
  http.get(url, { ...read, schema: lists }, (request, reply) => listed(parts, kind, { request, reply }))
  http.post(url, { ...write, schema: makes }, (request, reply) => made(parts, kind, { request, reply }))
  http.patch(url, { ...write, schema: changes }, (request, reply) => changed(parts, kind, { request, reply }))
  http.get(`/${path}/:name`, { ...read, schema: shows }, (request, reply) => shown(parts, kind, { request, reply }))
  http.delete(`/${path}/:name`, { config: { access }, schema: removes }, async (request, reply) => {
    await remove(parts, await actorOf(parts, request), { kind, name: nameIn(request) })
    return reply.code(204).send(null)
  })
}

/** What is published of the routes; nothing is checked or changed by it. */
function schemasOf({ kind, title }: { readonly kind: RecordKind; readonly title: string }) {
  const about = (verb: string) => ({ tags: TAGS, summary: `${title}: ${verb}` })
  const params = Type.Object({ name: Type.String() })
  const item = itemSchema(kind)
  return {
    lists: { ...about('list'), querystring: ListQuery, response: { 200: listSchema(kind), 400: Refusal } },
    makes: { ...about('make one'), body: givenSchema(kind, false), response: { 201: item, 400: Refusal } },
    changes: {
      ...about('change one'),
      body: givenSchema(kind, true),
      response: { 200: item, 400: Refusal, 404: Refusal, 409: item, 412: item },
    },
    shows: { ...about('look at one'), params, response: { 200: item, 404: Refusal } },
    removes: { ...about('remove one'), params, response: { 204: Type.Null(), 400: Refusal, 404: Refusal } },
  }
}

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply }

function nameIn(request: FastifyRequest): string {
  return (request.params as { name: string }).name // of the path
}

async function listed<K extends RecordKind>(parts: Parts, kind: Kind<K>, { request, reply }: Exchange) {
  const project = await preparedProject(parts, request)
  const { top, skip, counted } = pageOf(request.query)
  const { kept, total } = await list(parts.kernel.store, project, { kind: kind.kind, top, skip })
  const data = kept.map(each => itemOf(kind, project, each))
  const body = counted ? { data, totalCount: total } : data
  return sendTagged(request, reply, { body, tag: contentTag(body) })
}

async function shown<K extends RecordKind>(parts: Parts, kind: Kind<K>, { request, reply }: Exchange) {
  const name = nameIn(request)
  const project = await preparedProject(parts, request, name)
  const kept = await find(parts.kernel.store, project, { kind: kind.kind, name })
  if (kept === undefined) throw notFound(kind, name)
  return sendTagged(request, reply, { body: itemOf(kind, project, kept), tag: String(kept.version) })
}

async function made<K extends RecordKind>(parts: Parts, kind: Kind<K>, { request, reply }: Exchange) {
  const actor = await actorOf(parts, request)
  const kept = await create(parts, actor, { kind, given: givenOf(request.body) })
  return reply
    .code(201)
    .header('etag', String(kept.version))
    .send(itemOf(kind, actor.project, kept))
}

async function changed<K extends RecordKind>(parts: Parts, kind: Kind<K>, { request, reply }: Exchange) {
  const actor = await actorOf(parts, request)
  const given = givenOf(request.body)
  await preparedProject(parts, request, kind.nameIn(given))
  const header = request.headers['if-match']
  const ifMatch = header === undefined ? undefined : plainTag(header)
  const kept = await change(parts, actor, { kind, given, ifMatch })
  return reply
    .code(200)
    .header('etag', String(kept.version))
    .send(itemOf(kind, actor.project, kept))
}

async function actorOf(parts: Parts, request: FastifyRequest): Promise<Actor> {
  const gone = new AbortController()
  request.raw.once('aborted', () => gone.abort(new Error('the client went away')))
  return {
    project: await projectOf(parts.kernel, request),
    by: callerOf(request),
    request: request.id,
    signal: gone.signal,
    // Under our own address a certificate that cannot provision is told apart from a malformed request.
    unfit: isOwn(request) ? 422 : 400,
  }
}

/** Whether it came by our own interface. */
function isOwn(request: FastifyRequest): boolean {
  return ((request.params ?? {}) as { project?: string }).project !== undefined // path parameters are strings
}

async function preparedProject({ kernel, prepare }: Parts, request: FastifyRequest, name?: string): Promise<string> {
  const project = await projectOf(kernel, request)
  if (isOwn(request) || (name !== undefined && isDefaultName(project, name))) await prepare?.(project)
  return project
}
