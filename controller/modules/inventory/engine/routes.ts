// SPDX-License-Identifier: Apache-2.0
/** Routes of a kind: one for each verb at each of its places. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type TSchema, Type } from 'typebox'
import { problem } from '../../../../plugins/contract/index.ts'
import { callerOf } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { once } from '../../../http/idempotency.ts'
import { dropNulls } from '../../../http/nulls.ts'
import { problem as httpProblem } from '../../../http/problems.ts'
import { Because, failures } from '../../../http/schemas.ts'
import type { Db, Tx } from '../../../store/store.ts'
import type { Act, Asked, Kind, Members, Place, Row, Verb } from './kind.ts'
import { listOf } from './list.ts'
import { type Input, inputsOf } from './members.ts'
import { resourcesOf } from './render.ts'
import { bodySchema, listQuery, listSchema, pathSchema, resourceSchema } from './schemas.ts'
import { getRow, kindOf, notFound, targetOf, type World } from './world.ts'
import { changeRow, createRow, removeRow } from './write.ts'

type At = { readonly world: World; readonly kind: Kind; readonly place: Place }

export function kindRoutes(http: Http, world: World, kind: Kind): void {
  for (const place of kind.places) {
    const at: At = { world, kind, place }
    for (const verb of kind.verbs) ROUTES[verb](http, at)
  }
}

const ROUTES: Readonly<Record<Verb, (http: Http, at: At) => void>> = {
  list: listRoute,
  get: readRoute,
  create: createRoute,
  put: (http, at) => changeRoute(http, at, 'put'),
  patch: (http, at) => changeRoute(http, at, 'patch'),
  delete: deleteRoute,
}

const Nothing = Type.Object({}, { additionalProperties: false })
const Match = Type.Object({ 'if-match': Type.Optional(Type.String({ maxLength: 80 })) })

function collection({ place }: At): string {
  return `/v1/projects/:project${place.path}`
}

function single(at: At): string {
  return `${collection(at)}/:${at.kind.name}`
}

function described({ kind, place }: At, summary: string, one: boolean) {
  const parameters = [...(place.within === undefined ? [] : [place.within.parameter]), ...(one ? [kind.name] : [])]
  return { tags: [kind.tag ?? kind.words[1]], summary, params: pathSchema(parameters) }
}

function queryOf({ place }: At, more: Readonly<Record<string, TSchema>> = {}): TSchema {
  const narrowed =
    place.narrowedBy === undefined ? {} : { [place.narrowedBy.query]: Type.Optional(Type.String({ maxLength: 80 })) }
  const optional = Object.entries(more).map(([name, schema]) => [name, Type.Optional(schema)])
  return Type.Object({ ...narrowed, ...Object.fromEntries(optional) }, { additionalProperties: false })
}

function listRoute(http: Http, at: At): void {
  const { world, kind } = at
  http.get(
    collection(at),
    {
      config: { access: kind.access?.read ?? 'inventory.read' },
      schema: {
        ...described(at, `List ${kind.words[1]}`, false),
        querystring: queryOf(at, { ...listQuery, ...kind.parameters }),
        response: { 200: listSchema(kind), ...failures },
      },
    },
    async request => {
      const asked = askedOf(request)
      const { store } = world.kernel
      const project = projectOf(asked)
      const within = await constraintOf(store, at, asked)
      const page = await listOf(world, store, { kind, project, query: { ...asked, asked }, within })
      const resources = await resourcesOf(world, store, { kind, project, rows: page.rows, asked })
      return {
        [kind.plural]: resources,
        totalElements: page.total,
        hasNext: page.hasNext,
        ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }),
      } as never // the schema above says what is sent
    },
  )
}

function readRoute(http: Http, at: At): void {
  const { world, kind } = at
  http.get(
    single(at),
    {
      config: { access: kind.access?.read ?? 'inventory.read' },
      schema: {
        ...described(at, `Read a ${kind.words[0]}`, true),
        querystring: queryOf(at, kind.readParameters),
        response: { 200: resourceSchema(kind), ...failures },
      },
    },
    async (request, reply) => {
      const asked = askedOf(request)
      const row = await locate(world.kernel.store, at, asked)
      return answer(reply, at, { row, asked })
    },
  )
}

function createRoute(http: Http, at: At): void {
  const { world, kind } = at
  http.post(
    collection(at),
    {
      ...writing(at),
      schema: {
        ...described(at, `Create a ${kind.words[0]}`, false),
        querystring: queryOf(at),
        body: bodySchema(kind, name => targetOf(world, name), true),
        response: { 200: resourceSchema(kind), ...failures },
      },
    },
    async (request, reply) => {
      const asked = askedOf(request)
      const { store } = world.kernel
      const { body: made } = await once(world.kernel, request, async tx => {
        const members = placed(at, request.body, { within: await constraintOf(tx, at, asked), fresh: true })
        const row = await createRow(world, tx, { act: actOf(request), kind, members })
        return { status: 200, body: { id: row.id } }
      })
      // A repeated request is answered with what the resource is now.
      const row = await getRow(store, kind, { project: projectOf(asked), id: made.id })
      return answer(reply, at, { row })
    },
  )
}

function changeRoute(http: Http, at: At, how: 'put' | 'patch'): void {
  const { world, kind } = at
  const masked = how === 'patch' ? { fieldMask: Type.String({ maxLength: 2_000 }) } : {}
  http[how](
    single(at),
    {
      ...writing(at),
      schema: {
        ...described(at, how === 'put' ? `Replace a ${kind.words[0]}` : `Change members of a ${kind.words[0]}`, true),
        headers: Match,
        querystring: queryOf(at, masked),
        body: bodySchema(kind, name => targetOf(world, name), how === 'put'),
        response: { 200: resourceSchema(kind), ...failures },
      },
    },
    async (request, reply) => {
      const asked = askedOf(request)
      const revision = revisionOf(request.headers['if-match'])
      const row = await world.kernel.store.change(async tx => {
        const present = await locate(tx, at, asked)
        const within = how === 'put' ? await constraintOf(tx, at, asked) : undefined
        const members = placed(at, request.body, { within, fresh: false })
        const mask = how === 'patch' ? maskOf(asked) : undefined
        const change = { kind: kind.name, id: present.id, members, how, mask, revision }
        return changeRow(world, tx, { act: actOf(request), kind, change })
      })
      return answer(reply, at, { row })
    },
  )
}

function deleteRoute(http: Http, at: At): void {
  const { world, kind } = at
  http.delete(
    single(at),
    {
      ...writing(at),
      schema: {
        ...described(at, `Delete a ${kind.words[0]}`, true),
        headers: Match,
        querystring: queryOf(at, { reason: Because.properties.reason }),
        response: { 200: Nothing, ...failures },
      },
    },
    async request => {
      const revision = revisionOf(request.headers['if-match'])
      await world.kernel.store.change(async tx => {
        const row = await locate(tx, at, askedOf(request))
        await removeRow(world, tx, { act: actOf(request), kind, row, revision })
      })
      return {}
    },
  )
}

function writing({ kind }: At) {
  return {
    config: { access: kind.access?.write ?? ('inventory.write' as const) },
    ...(kind.bodyBytes === undefined ? {} : { bodyLimit: kind.bodyBytes }),
    // EIM reads a null as a member that is not there.
    preValidation: dropNulls,
  }
}

/** Path and query parameters, as their schemas left them. */
function askedOf(request: FastifyRequest): Asked {
  return { ...(request.query as object), ...(request.params as object) }
}

function projectOf(asked: Asked): string {
  return String(asked.project)
}

function maskOf({ fieldMask }: Asked): readonly string[] | undefined {
  return typeof fieldMask === 'string' ? fieldMask.split(',') : undefined
}

function actOf(request: FastifyRequest): Act {
  const { project } = request.params as { project: string } // every path has it
  const { reason } = request.query as { reason?: string } // where the route declares it
  return { project, by: callerOf(request), request: request.id, reason }
}

function revisionOf(header: string | undefined): number | undefined {
  if (header === undefined || header === '*') return undefined
  const match = /^(?:W\/)?"?(\d{1,15})"?$/.exec(header)
  if (match === null) throw httpProblem('bad-request', 'If-Match is the revision in quotes, such as "3"')
  return Number(match[1])
}

/** One thing that everything at a place refers to: the region in `/regions/:region/sites`. */
export type Within = { readonly input: Input; readonly column: string; readonly id: string }

/** Throws `not-found` when the path names a thing that is not there; a query that names one finds nothing. */
async function constraintOf(db: Db, { world, kind, place }: At, asked: Asked): Promise<Within | undefined> {
  const { within, narrowedBy } = place
  const byPath = within === undefined ? undefined : asked[within.parameter]
  const byQuery = narrowedBy === undefined ? undefined : asked[narrowedBy.query]
  const id = byPath ?? byQuery
  const member = within?.member ?? narrowedBy?.member
  if (typeof id !== 'string' || id === '' || member === undefined) return undefined
  const input = inputsOf(kind).find(each => each.member === member)
  if (input?.spec.is !== 'reference') throw new TypeError(`${kind.name} has no reference ${member}`)
  if (byPath === undefined) return { input, column: input.spec.column, id }
  const target = kindOf(world, input.spec.to)
  if (!id.startsWith(`${target.prefix}-`)) return undefined
  await getRow(db, target, { project: projectOf(asked), id })
  return filtersBy(asked.filter, member) ? undefined : { input, column: input.spec.column, id }
}

/** Whether a filter speaks of what the member leads to: `region.resource_id = …`. */
function filtersBy(filter: unknown, member: string): boolean {
  return typeof filter === 'string' && new RegExp(`(^|[\\s(])${member}\\.`).test(filter)
}

/** The resource a path names; what stands elsewhere is not found. */
async function locate(db: Db | Tx, at: At, asked: Asked): Promise<Row> {
  const { kind } = at
  const id = String(asked[kind.name])
  const within = await constraintOf(db, at, asked)
  const row = await getRow(db, kind, { project: projectOf(asked), id })
  if (within !== undefined && row[within.column] !== within.id) throw notFound(kind, id)
  return row
}

/** The members of a body, with what the path says of them. */
function placed(
  { kind }: At,
  body: unknown,
  { within, fresh }: { within: Within | undefined; fresh: boolean },
): Members {
  const members = body as Members // checked by the route's schema
  if (within === undefined) return members
  const { input, id } = within
  const own = members[input.name]
  if (own === undefined && !namesOne(members[input.member])) return { ...members, [input.name]: id }
  if (fresh && own !== undefined && own !== id) {
    const message = `is ${JSON.stringify(own)}, and the path says ${id}`
    const findings = [{ pointer: `/body/${input.name}`, message }]
    throw problem('invalid', `${kind.words[0]}: ${input.name} ${message}`, { findings })
  }
  return fresh ? { ...members, [input.name]: id } : members
}

/** An embedded object without an id says nothing of where it leads. */
function namesOne(embedded: unknown): boolean {
  return typeof embedded === 'object' && embedded !== null && 'resourceId' in embedded && embedded.resourceId !== ''
}

type Answered = { readonly row: Row; readonly asked?: Asked }

async function answer(reply: FastifyReply, { world, kind }: At, { row, asked = {} }: Answered) {
  const rows = { kind, project: row.project, rows: [row], asked: { [kind.name]: row.id, ...asked } }
  const [resource] = await resourcesOf(world, world.kernel.store, rows)
  return reply.header('etag', `"${row.revision}"`).send(resource as never) // one row in, one resource out
}
