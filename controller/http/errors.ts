// SPDX-License-Identifier: Apache-2.0
/** Turns every failure into application/problem+json; nothing internal ever leaves. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asProblem, Problem } from '../../plugins/contract/index.ts'
import type { Pages } from '../kernel/module.ts'
import type { Http } from './http.ts'
import { problem } from './problems.ts'

/** Media type of RFC 9457 §3. */
export const PROBLEM_JSON = 'application/problem+json; charset=utf-8'

export function installErrors(http: Http, pages?: Pages): void {
  http.setErrorHandler((thrown, request, reply) => sendFailure(thrown, request, reply))
  http.setNotFoundHandler((request, reply) =>
    pages !== undefined && isNavigation(request)
      ? pages.missing(reply.code(404))
      : sendProblem(reply, problem('route-unknown', `${request.method} ${pathOf(request)}`)),
  )
}

/** A person with a browser, who is helped by a page; the paths of the API answer everybody alike. */
function isNavigation(request: FastifyRequest): boolean {
  const { accept = '' } = request.headers
  return (
    request.method === 'GET' && accept.includes('text/html') && !/^\/(v1|api|assets|enroll)\b/.test(pathOf(request))
  )
}

/** Answers with the problem that a failure is; one of ours is logged, and told as `internal`. */
export function sendFailure(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const failure = problemOf(thrown)
  if (failure.code === 'internal') request.log.error({ err: thrown }, 'a request failed')
  return sendProblem(reply, failure)
}

/** What EIM's services call failures, by the status that its gateway makes of them. */
const RPC_CODES: Readonly<Record<number, string>> = {
  401: 'Unauthenticated',
  403: 'PermissionDenied',
  404: 'NotFound',
  409: 'FailedPrecondition',
  412: 'FailedPrecondition',
  429: 'ResourceExhausted',
  501: 'Unimplemented',
  503: 'Unavailable',
  504: 'DeadlineExceeded',
}

/** Answers with a problem, with Retry-After where it says when to come back. */
export function sendProblem(reply: FastifyReply, failure: Problem): FastifyReply {
  if (typeof failure.retry === 'object') reply.header('retry-after', Math.ceil(failure.retry.afterMs / 1_000))
  if (failure.status === 401) reply.header('www-authenticate', 'Bearer')
  const document = failure.toJSON()
  // Clients written for EIM read `message`, and look for the word of gRPC in the text of the whole.
  const rpc = RPC_CODES[failure.status] ?? (failure.status < 500 ? 'InvalidArgument' : 'Internal')
  const message = document.detail === undefined ? document.title : `${document.title}: ${document.detail}`
  const body = { ...document, message, details: [{ code: rpc }] }
  return reply.code(failure.status).header('content-type', PROBLEM_JSON).serializer(JSON.stringify).send(body)
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0]?.slice(0, 200) ?? ''
}

const BY_CODE: Readonly<Record<string, keyof typeof problem.types>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid-json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid-json',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad-request',
  FST_ERR_BAD_URL: 'bad-request',
  FST_ERR_MAX_PARAM_LENGTH: 'address-too-long',
  FST_ERR_ASYNC_CONSTRAINT: 'bad-request',
  FST_UNDER_PRESSURE: 'overloaded',
}

function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  const { code = '', statusCode } = thrown as { code?: string; statusCode?: number } // whatever fastify or Node threw
  const known = BY_CODE[code]
  if (known !== undefined) return problem(known)
  if (thrown instanceof SyntaxError) return problem('invalid-json')
  // Fastify marks what the client did wrong with a 4xx; it is never ours then.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return problem('bad-request')
  return asProblem(thrown)
}
