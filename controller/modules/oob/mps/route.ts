// SPDX-License-Identifier: Apache-2.0
/** How a route of MPS is declared: its checks before the device is looked for, its act, what is recorded of it. */
import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { Type } from 'typebox'
import { type Json, Problem } from '../../../../plugins/contract/index.ts'
import { callerOf } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { projectChain } from '../../../kernel/audit.ts'
import type { Permission } from '../../../kernel/permissions.ts'
import type { Tx } from '../../../store/store.ts'
import type { Reach } from '../ports.ts'
import { guidOf, namedProject, refuseFields, ToolkitAnswer } from '../toolkit/toolkit.ts'
import type { CallOptions, Wsman } from '../wsman/wsman.ts'
import { Fields, partOf } from './fields.ts'
import { grouped, type Write } from './grouped.ts'
import type { MpsParts } from './parts.ts'
import { failureAnswer, notConnected } from './texts.ts'

/** 200 with a body unless said otherwise; `headers` as they are. */
export type Answer = {
  readonly status?: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Facts for the audit and the event; never a secret. */
  readonly note?: Json
}

export type Context = {
  readonly request: FastifyRequest
  readonly project: string
  /** As the client wrote it, or `''` for routes without one. */
  readonly guid: string
  readonly body: Readonly<Record<string, unknown>>
  readonly query: Readonly<Record<string, unknown>>
  readonly params: Readonly<Record<string, unknown>>
}

export type DeviceContext = Context & {
  readonly reach: Reach
  readonly wsman: Wsman
  /** Reads end when the client goes away; acts do not. */
  readonly options: CallOptions
}

type Common = {
  readonly method: HTTPMethods
  readonly path: string
  readonly access: Permission | 'public' | 'signed-in'
  /** A list that shows each caller the devices within their reach. */
  readonly narrows?: true
  readonly summary: string
  /** MPS's text for a failure that has no other. */
  readonly exception: string
  readonly check?: (fields: Fields, context: Context) => void
  /** Acts are recorded in the audit under this name, and told as the event `oob.<name>`. */
  readonly act?: string
  readonly schema?: object
}

export type PlainRoute = Common & { answer(context: Context): Promise<Answer> }
export type DeviceRoute = Common & { device(context: DeviceContext): Promise<Answer> }

const AnyBody = Type.Unknown()
const ErrorBody = Type.Object(
  {
    error: Type.Optional(Type.String()),
    errorDescription: Type.Optional(Type.String()),
    message: Type.Optional(Type.String()),
    code: Type.Optional(Type.String()),
    errors: Type.Optional(Type.Array(Type.Unknown())),
  },
  { additionalProperties: true },
)

/** What handles a route, and how its acts are written down. */
type Serving = MpsParts & { readonly write: Write }

/** Declares a route. MPS does not mind the case of its paths, so the lower-case spelling is served as well. */
export function declare(http: Http, parts: MpsParts, route: PlainRoute | DeviceRoute): void {
  const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  const lower = route.path.replace(/(^|\/)([^:/][^/]*)/g, text => text.toLowerCase())
  const serving: Serving = { ...parts, write: grouped(parts.kernel.store) }
  for (const url of new Set([route.path, lower])) {
    http.route({
      method: route.method,
      url,
      config: { access: route.access, ...(route.narrows === undefined ? {} : { narrows: route.narrows }) },
      schema: {
        tags: ['mps'],
        summary: route.summary,
        hide: url !== route.path,
        ...(names.length === 0
          ? {}
          : {
              params: Type.Object(Object.fromEntries(names.map(name => [name, Type.String()])), {
                additionalProperties: true,
              }),
            }),
        response: { '2xx': AnyBody, '4xx': ErrorBody, '5xx': ErrorBody },
        ...route.schema,
      },
      handler: (request, reply) => handle(serving, route, { request, reply }),
    })
  }
}

type Handling = { readonly request: FastifyRequest; readonly reply: FastifyReply }

async function handle(
  parts: Serving,
  route: PlainRoute | DeviceRoute,
  { request, reply }: Handling,
): Promise<FastifyReply> {
  const params = partOf(request, 'params')
  const context: Context = {
    request,
    project: namedProject(request),
    guid: typeof params.guid === 'string' ? params.guid : '',
    body: partOf(request, 'body'),
    query: partOf(request, 'query'),
    params,
  }
  const fields = new Fields(request)
  route.check?.(fields, context)
  refuseFields(fields.errors)
  try {
    const answer = 'device' in route ? await withDevice(parts, route, context) : await route.answer(context)
    await record(parts, route, { context, outcome: 'done', note: answer.note })
    return reply
      .code(answer.status ?? 200)
      .headers(answer.headers ?? {})
      .send(answer.body)
  } catch (thrown) {
    await recordFailure(parts, route, { context, thrown })
    throw failureAnswer(thrown, { guid: context.guid, exception: route.exception }) ?? thrown
  }
}

async function withDevice(parts: MpsParts, route: DeviceRoute, context: Context): Promise<Answer> {
  const guid = guidOf(context.guid)
  if (guid === undefined) throw notConnected(context.guid)
  const reach = await parts.reaches.reach(context.project, guid)
  const { wsman } = reach
  if (route.act !== undefined) return route.device({ ...context, reach, wsman, options: {} })
  const gone = new AbortController()
  const stop = (): void =>
    gone.abort(new Problem('cancelled', { status: 499, title: 'The client went away', retry: 'never' }))
  context.request.raw.socket?.once('close', stop)
  try {
    return await route.device({ ...context, reach, wsman, options: { signal: gone.signal } })
  } finally {
    context.request.raw.socket?.removeListener('close', stop)
  }
}

type Recorded = {
  readonly context: Context
  readonly outcome: 'done' | 'refused'
  readonly note?: Json | undefined
}

async function record(parts: Serving, { act }: Common, recorded: Recorded): Promise<void> {
  if (act === undefined) return
  await parts.write(tx => recordAct(parts, tx, { ...recorded, act }))
}

/** Records an act of a device in the project's chain and tells of it. */
export async function recordAct(
  { kernel }: Pick<MpsParts, 'kernel'>,
  tx: Tx,
  { context, act, outcome, note }: Recorded & { readonly act: string },
): Promise<void> {
  const { project, request } = context
  const guid = context.guid.toLowerCase() || String(context.body.guid ?? '').toLowerCase()
  const reason = reasonOf(request)
  await kernel.audit.append(tx, {
    chain: projectChain(project),
    principal: callerOf(request),
    action: `oob.${act}`,
    target: guid,
    outcome,
    request: request.id,
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined ? {} : { detail: note }),
  })
  await kernel.events.emit(tx, {
    project,
    type: `oob.${act}`,
    subject: guid,
    data: { outcome, by: callerOf(request).id, ...asObject(note) },
  })
}

/** Bodies of MPS have no place for a reason, so it stands in a header, percent-encoded because headers are ASCII. */
const REASON_HEADER = 'muster-reason'
const MAX_REASON = 500

function reasonOf({ headers }: FastifyRequest): string | undefined {
  const text = headers[REASON_HEADER]
  if (typeof text !== 'string' || text === '') return undefined
  try {
    return decodeURIComponent(text).slice(0, MAX_REASON)
  } catch {
    return text.slice(0, MAX_REASON)
  }
}

function asObject(note: Json | undefined): { readonly [name: string]: Json } {
  return typeof note === 'object' && note !== null && !Array.isArray(note) ? (note as { [name: string]: Json }) : {} // what is left
}

/** A device that was not there was not acted upon; everything else is worth a line. */
async function recordFailure(
  parts: Serving,
  route: Common,
  { context, thrown }: { readonly context: Context; readonly thrown: unknown },
): Promise<void> {
  if (thrown instanceof ToolkitAnswer && thrown.status === 404) return
  if (thrown instanceof Problem && thrown.code === 'amt-not-connected') return
  const code =
    thrown instanceof Problem ? thrown.code : thrown instanceof ToolkitAnswer ? `status-${thrown.status}` : 'internal'
  await record(parts, route, { context, outcome: 'refused', note: { code } }).catch(failed =>
    parts.log.error('a refusal was not recorded', { error: String(failed) }),
  )
}
