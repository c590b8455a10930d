// SPDX-License-Identifier: Apache-2.0
/** Signing in and out, and the sessions there are. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { cookieFor, NO_COOKIE, refuseForeignPage, sessionCookie } from '../../../http/cookie.ts'
import { callerOf, requirePermission } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { Because, failures } from '../../../http/schemas.ts'
import { decide } from '../../../kernel/access.ts'
import { problem as kernelProblem } from '../../../kernel/problems.ts'
import type { Backoff } from '../accounts/backoff.ts'
import { type AccessParts, record } from '../parts.ts'
import { OfSession, Opened, SessionResource, SignIn } from '../schema.ts'
import type { SessionRow } from '../tables.ts'
import { SESSION_PREFIX } from './sessions.ts'
import { type SignedIn, signIn } from './sign-in.ts'

export function sessionRoutes(http: Http, parts: AccessParts & { readonly backoff: Backoff }): void {
  signInRoute(http, parts)
  signOutRoute(http, parts)
  listRoutes(http, parts)
}

function signInRoute(http: Http, parts: AccessParts & { readonly backoff: Backoff }): void {
  http.post(
    '/v1/session',
    {
      config: {
        access: 'public',
        rateLimit: { max: parts.config.signIn?.perMinute ?? 20, timeWindow: '1 minute' },
      },
      schema: {
        tags: ['access'],
        summary: 'Sign in with name and password; the token is good as bearer, and browsers get it as cookie',
        body: SignIn,
        response: { 201: Opened, ...failures },
      },
    },
    async (request, reply) => {
      refuseForeignPage(request)
      const made = await signIn(parts, { ...request.body, method: 'password', ...(await comingFrom(parts, request)) })
      return reply.code(201).header('set-cookie', cookieFor(made.secret)).send(openedOf(made))
    },
  )
}

/** What a request tells of where it comes from. */
export async function comingFrom({ kernel, sessions }: AccessParts, request: FastifyRequest) {
  const former = await sessions.ofSecret(kernel.store, sessionCookie(request) ?? '')
  return {
    address: request.ip,
    agent: request.headers['user-agent'] ?? '',
    request: request.id,
    former: former?.id,
  }
}

function openedOf({ row, secret, principal: { id, name, role } }: SignedIn) {
  return { token: secret, id: row.id, expiresAt: row.expires_at, principal: { id, name, role } }
}

function signOutRoute(http: Http, parts: AccessParts): void {
  const { kernel, sessions } = parts
  http.delete(
    '/v1/session',
    {
      config: { access: 'signed-in' },
      schema: { tags: ['access'], summary: 'Sign out', response: { 204: Type.Null(), ...failures } },
    },
    async (request, reply) => {
      const row = await sessions.ofSecret(kernel.store, presentedBy(request))
      if (row !== undefined) await end(parts, request, row)
      return reply.code(204).header('set-cookie', NO_COOKIE).send(null)
    },
  )
}

/** The secret of the session that asks; empty when it is none. */
function presentedBy(request: FastifyRequest): string {
  const [, bearer = ''] = (request.headers.authorization ?? '').split(' ')
  return bearer.startsWith(SESSION_PREFIX) ? bearer : (sessionCookie(request) ?? '')
}

async function end({ kernel, sessions }: AccessParts, request: FastifyRequest, row: SessionRow): Promise<void> {
  await kernel.store.change(async tx => {
    await sessions.end(tx, row.id)
    await record(kernel, tx, request, { action: 'session.end', target: row.id, detail: { principal: row.principal } })
  })
}

function listRoutes(http: Http, parts: AccessParts): void {
  const { kernel, sessions } = parts
  http.get(
    '/v1/access/sessions',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['access'],
        summary: 'Sessions: your own, or everybody’s with `all`',
        querystring: Type.Object({ all: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
        response: { 200: Type.Object({ sessions: Type.Array(SessionResource) }), ...failures },
      },
    },
    async request => {
      const by = callerOf(request)
      if (request.query.all === true) requirePermission(by, 'access.read')
      const rows = await sessions.list(kernel.store, request.query.all === true ? undefined : by.id)
      const present = await sessions.ofSecret(kernel.store, presentedBy(request))
      return { sessions: rows.map(row => ({ ...sessionOf(row), current: row.id === present?.id })) }
    },
  )
  http.delete(
    '/v1/access/sessions/:session',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['access'],
        summary: 'End a session: one of your own, or anybody’s with access.write',
        params: OfSession,
        querystring: Because,
        response: { 204: Type.Null(), ...failures },
      },
    },
    async (request, reply) => {
      const by = callerOf(request)
      const rows = await sessions.list(kernel.store)
      const row = rows.find(each => each.id === request.params.session)
      const mine = row?.principal === by.id || decide(by, 'access.write').allowed
      if (row === undefined || !mine) throw kernelProblem('not-found', `session ${request.params.session}`)
      await end(parts, request, row)
      return reply.code(204).send(null)
    },
  )
}

function sessionOf(row: SessionRow) {
  return {
    id: row.id,
    principal: row.principal,
    method: row.method,
    address: row.address,
    agent: row.agent,
    createdAt: row.created_at,
    usedAt: row.used_at,
    expiresAt: row.expires_at,
  }
}
