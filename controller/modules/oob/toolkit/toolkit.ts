// SPDX-License-Identifier: Apache-2.0
/** What the interfaces of the Device Management Toolkit share: where they are mounted, whose project it is, how they fail. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { asProblem, Problem, SECOND } from '../../../../plugins/contract/index.ts'
import { type Http, typed } from '../../../http/http.ts'
import { allowOrigins, type CorsOrigins, frameRoutes } from './frame.ts'

/** One member of a request that cannot be taken, as express-validator words it. */
export type FieldError = {
  readonly type: 'field'
  readonly msg: string
  readonly path: string
  readonly location: 'body' | 'query' | 'params'
  readonly value?: unknown
}

/** An answer that clients of the toolkit know, with its exact body; handlers throw it. */
export class ToolkitAnswer extends Error {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(`toolkit answer ${status}`)
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** 400 with the list of what is wrong, or nothing when the list is empty. */
export function refuseFields(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw new ToolkitAnswer(400, { errors })
}

export type Mount = {
  /** `/api/v1` and what gateways put before it. */
  readonly prefixes: readonly string[]
  readonly routes: (http: Http) => void
  /** Turns a problem into the body of this interface, where it differs from the usual. */
  readonly failure?: (failure: Problem, request: FastifyRequest) => ToolkitAnswer | undefined
  /** Has the guard look at what each route acts on. */
  readonly guard?: (scope: FastifyInstance) => void
  /** None unless given. */
  readonly origins?: CorsOrigins | undefined
}

/**
 * Mounts one interface under each prefix. Its routes check their own input: schemas document, and the wording of
 * complaints is part of the interface.
 */
export function mountToolkit(http: FastifyInstance, { prefixes, routes, failure, guard, origins = [] }: Mount): void {
  for (const prefix of prefixes) {
    http.register(
      async child => {
        child.setValidatorCompiler(() => () => true)
        child.setErrorHandler((thrown, request, reply) => answerFailure(thrown, { request, reply, failure }))
        frameRoutes(child)
        // Our own interface answers pages of our own, and tells nobody unknown which projects there are.
        if (prefix.startsWith('/v1/')) closeToStrangers(child)
        else allowOrigins(child, origins)
        guard?.(child)
        routes(typed(child))
      },
      { prefix },
    )
  }
}

function closeToStrangers(child: FastifyInstance): void {
  child.addHook('onRoute', route => {
    if (route.config?.access === 'public') route.config = { ...route.config, access: 'signed-in' }
  })
}

type Failing = {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly failure: Mount['failure'] | undefined
}

function answerFailure(thrown: unknown, { request, reply, failure }: Failing): FastifyReply {
  if (thrown instanceof ToolkitAnswer) return send(reply, thrown)
  const what = requestProblem(thrown) ?? asProblem(thrown)
  if (what instanceof ToolkitAnswer) return send(reply, what)
  if (what.code === 'internal') request.log.error({ err: thrown }, 'a toolkit request failed')
  return send(reply, failure?.(what, request) ?? toolkitFailure(what))
}

function send(reply: FastifyReply, { status, body, headers }: ToolkitAnswer): FastifyReply {
  return reply.code(status).headers(headers).send(body)
}

/** The usual form: `{ error, errorDescription }`, and our stable `code` beside it. */
export function toolkitFailure(failure: Problem): ToolkitAnswer {
  const { status, title, detail = title, code } = failure
  // In the words of the gateway that stands before the toolkit.
  if (status === 401)
    return new ToolkitAnswer(
      401,
      { error: 'Unauthorized', errorDescription: detail, message: 'Unauthorized', code },
      { 'www-authenticate': 'Bearer' },
    )
  const after = failure.retry
  const headers: Record<string, string> =
    typeof after === 'object' ? { 'retry-after': String(Math.ceil(after.afterMs / SECOND)) } : {}
  const body = { error: title, ...(detail === title ? {} : { errorDescription: detail }), message: detail, code }
  return new ToolkitAnswer(status, body, headers)
}

/** MPS's words for a request that it cannot read. */
const BAD_REQUEST = 'Incorrect URI or Bad Request'

/** What fastify found before a handler ran. */
function requestProblem(thrown: unknown): ToolkitAnswer | undefined {
  if (thrown instanceof Problem) return undefined
  const { statusCode } = thrown as { statusCode?: number } // whatever fastify or Node threw
  if (thrown instanceof SyntaxError)
    return new ToolkitAnswer(400, { error: BAD_REQUEST, message: 'the body is not JSON' })
  if (statusCode === undefined || statusCode < 400 || statusCode > 499) return undefined
  return new ToolkitAnswer(statusCode, { error: BAD_REQUEST, message: (thrown as Error).message.slice(0, 200) }) // fastify throws errors
}

const DEFAULT_PROJECT = 'default'

/**
 * The project of a request: the one of a `/v1/projects/…` path, the tenant of a `x-tenant-id` or `ActiveProjectId`
 * header, or the first project. Whether the caller may act there, and whether it exists, is checked by `toolkitProject`.
 */
export function namedProject(request: FastifyRequest): string {
  const { project } = (request.params ?? {}) as { project?: string } // path parameters are strings
  if (project !== undefined) return project
  const header = request.headers['x-tenant-id'] ?? request.headers.activeprojectid
  return typeof header === 'string' && header !== '' ? header : DEFAULT_PROJECT
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Lower case; hexadecimal with hyphens is enough, for firmware has GUIDs that no RFC knows. `undefined` for anything else. */
export function guidOf(text: unknown): string | undefined {
  return typeof text === 'string' && GUID.test(text) ? text.toLowerCase() : undefined
}
