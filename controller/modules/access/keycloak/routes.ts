// SPDX-License-Identifier: Apache-2.0
/** Keycloak's addresses: discovery, keys, tokens for name and password, refresh, logout, revocation. Forms are taken here only. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Problem, SECOND } from '../../../../plugins/contract/index.ts'
import { type Http, typed } from '../../../http/http.ts'
import type { Backoff } from '../accounts/backoff.ts'
import { type AccessParts, record } from '../parts.ts'
import { signIn } from '../sessions/sign-in.ts'
import { OAuthFailure } from './problems.ts'
import { type KeycloakTokens, lifeOf } from './tokens.ts'

export type KeycloakParts = AccessParts & {
  readonly backoff: Backoff
  readonly tokens: KeycloakTokens
  readonly realm: string
  readonly clients: readonly string[]
}

type Form = Readonly<Record<string, string>>

const SCOPES = [
  ...['openid', 'offline_access', 'profile', 'email', 'roles', 'web-origins', 'acr', 'basic', 'groups'],
  ...['address', 'phone', 'microprofile-jwt'],
]
const GRANTS = ['password', 'refresh_token']
const OPENID = '/protocol/openid-connect'
/** As many as requests that Edge Infrastructure Manager takes from one address. */
const REFRESHES_PER_MINUTE = 12_000
const MAX_FIELD = 4_096
const MAX_TOKEN = 14_000

export function keycloakRoutes(http: FastifyInstance, parts: KeycloakParts): void {
  void http.register(
    async scope => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) => {
        done(null, new URLSearchParams(String(body)))
      })
      scope.setErrorHandler((thrown, request, reply) => answerFailure(thrown, request, reply))
      const own = typed(scope)
      readRoutes(own, parts)
      tokenRoute(own, parts)
      endRoutes(own, parts)
    },
    { prefix: `/realms/${parts.realm}` },
  )
}

const ABOUT = { tags: ['keycloak'] } as const
const Failure = Type.Object({ error: Type.String(), error_description: Type.Optional(Type.String()) })
const failures = { '4xx': Failure, '5xx': Failure } as const
const Any = Type.Object({}, { additionalProperties: true })

/** As the client reached us: the guard has looked at the name. */
function issuerOf({ protocol, headers }: FastifyRequest, { realm }: KeycloakParts): string {
  return `${protocol}://${headers.host ?? ''}/realms/${realm}`
}

function readRoutes(http: Http, parts: KeycloakParts): void {
  const config = { access: 'public' } as const
  http.get(
    '/',
    { config, schema: { ...ABOUT, summary: 'The realm', response: { 200: Any, ...failures } } },
    async request => {
      const { jwk } = await parts.tokens.key()
      const issuer = issuerOf(request, parts)
      return { realm: parts.realm, 'token-service': `${issuer}${OPENID}`, public_key_alg: jwk.alg }
    },
  )
  http.get(
    '/.well-known/openid-configuration',
    {
      config,
      schema: { ...ABOUT, summary: 'OpenID Connect Discovery 1.0', response: { 200: Any, ...failures } },
    },
    async request => discovery(issuerOf(request, parts)),
  )
  http.get(
    `${OPENID}/certs`,
    { config, schema: { ...ABOUT, summary: 'The keys that sign tokens', response: { 200: Any, ...failures } } },
    async () => ({ keys: [(await parts.tokens.key()).jwk] }),
  )
}

/** Says only what is so. */
function discovery(issuer: string) {
  const at = `${issuer}${OPENID}`
  return {
    issuer,
    token_endpoint: `${at}/token`,
    jwks_uri: `${at}/certs`,
    end_session_endpoint: `${at}/logout`,
    revocation_endpoint: `${at}/revoke`,
    grant_types_supported: GRANTS,
    response_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['none'],
    scopes_supported: ['openid', 'offline_access'],
    claims_supported: ['iss', 'sub', 'aud', 'exp', 'iat', 'azp', 'name', 'preferred_username'],
  }
}

function formOf({ body }: FastifyRequest): Form {
  if (!(body instanceof URLSearchParams)) throw new OAuthFailure(400, 'invalid_request', 'A form is expected')
  const entries = [...body]
  const names = entries.map(([name]) => name)
  if (new Set(names).size !== names.length) throw new OAuthFailure(400, 'invalid_request', 'duplicated parameter')
  if (entries.some(([name, value]) => value.length > (name.endsWith('token') ? MAX_TOKEN : MAX_FIELD)))
    throw new OAuthFailure(400, 'invalid_request', 'A parameter is too long')
  return Object.fromEntries(entries)
}

/** The client, as a field or as the name of Basic authentication. Clients are public: they have no secret to check. */
function clientOf({ headers }: FastifyRequest, form: Form, { clients }: KeycloakParts): string {
  const basic = /^basic +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  const name = basic === undefined ? undefined : Buffer.from(basic, 'base64').toString('utf8').split(':')[0]
  const client = form.client_id ?? name
  if (client === undefined || !clients.includes(client))
    throw new OAuthFailure(401, 'invalid_client', 'Invalid client or Invalid client credentials')
  return client
}

function tokenRoute(http: Http, parts: KeycloakParts): void {
  http.post(
    `${OPENID}/token`,
    {
      config: {
        access: 'public',
        rateLimit: {
          timeWindow: '1 minute',
          // Not before the form was read: only guessing passwords is slowed down. Clients redeem their refresh token
          // for every request they make.
          hook: 'preHandler',
          max: request => (isRefresh(request) ? REFRESHES_PER_MINUTE : (parts.config.signIn?.perMinute ?? 20)),
          keyGenerator: request => `${isRefresh(request) ? 'refresh' : 'sign-in'}:${request.ip}`,
        },
      },
      schema: {
        ...ABOUT,
        summary: 'Tokens for name and password, or for a refresh token',
        consumes: ['application/x-www-form-urlencoded'],
        response: { 200: Any, ...failures },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store').header('pragma', 'no-cache')
      const form = formOf(request)
      const client = clientOf(request, form, parts)
      if (form.grant_type === undefined)
        throw new OAuthFailure(400, 'invalid_request', 'Missing form parameter: grant_type')
      if (form.grant_type === 'password') return byPassword(parts, request, { form, client })
      if (form.grant_type !== 'refresh_token')
        throw new OAuthFailure(400, 'unsupported_grant_type', 'Unsupported grant_type')
      const { refresh_token: token } = form
      if (token === undefined) throw new OAuthFailure(400, 'invalid_request', 'No refresh token')
      return parts.tokens.refresh({ token, client, issuer: issuerOf(request, parts), address: request.ip })
    },
  )
}

function isRefresh({ body }: FastifyRequest): boolean {
  return body instanceof URLSearchParams && body.get('grant_type') === 'refresh_token'
}

type Asked = { readonly form: Form; readonly client: string }

async function byPassword(parts: KeycloakParts, request: FastifyRequest, { form, client }: Asked) {
  const { username, password, totp, scope = '' } = form
  if (username === undefined) throw new OAuthFailure(401, 'invalid_request', 'Missing parameter: username')
  const asked = scope.split(' ').filter(each => each !== '')
  const unknown = asked.find(each => !SCOPES.includes(each))
  if (unknown !== undefined) throw new OAuthFailure(400, 'invalid_scope', `Invalid scopes: ${scope.slice(0, 200)}`)
  const granted = ['openid', 'offline_access'].filter(each => asked.includes(each))
  const words = [...granted, 'profile', 'email'].join(' ')
  const { row, principal } = await signIn(parts, {
    ...{ name: username, password: password ?? '', totp, method: 'keycloak', client, lifeMs: lifeOf(words) },
    ...{ address: request.ip, agent: request.headers['user-agent'] ?? '', request: request.id },
  })
  return parts.tokens.issue({ row, principal, issuer: issuerOf(request, parts), client, scope: words })
}

function endRoutes(http: Http, parts: KeycloakParts): void {
  const config = { access: 'public' } as const
  http.post(
    `${OPENID}/logout`,
    {
      config,
      schema: {
        ...ABOUT,
        summary: 'End the session of a refresh token',
        consumes: ['application/x-www-form-urlencoded'],
        response: { 204: Type.Null(), ...failures },
      },
    },
    async (request, reply) => {
      const form = formOf(request)
      clientOf(request, form, parts)
      const ended = await endSession(parts, request, form.refresh_token)
      if (!ended) throw new OAuthFailure(400, 'invalid_grant', 'Invalid refresh token')
      return reply.code(204).send(null)
    },
  )
  http.post(
    `${OPENID}/revoke`,
    {
      config,
      schema: {
        ...ABOUT,
        summary: 'Revoke a token (RFC 7009), with the session it belongs to',
        consumes: ['application/x-www-form-urlencoded'],
        response: { 200: Any, ...failures },
      },
    },
    async request => {
      const form = formOf(request)
      clientOf(request, form, parts)
      if (form.token === undefined) throw new OAuthFailure(400, 'invalid_request', 'Token not provided')
      // RFC 7009 §2.2: a token that is none any more is as good as revoked.
      await endSession(parts, request, form.token)
      return {}
    },
  )
}

async function endSession(parts: KeycloakParts, request: FastifyRequest, token: string | undefined): Promise<boolean> {
  const { kernel, sessions, tokens } = parts
  const id = token === undefined ? undefined : await tokens.sessionOf(token)
  const found = id === undefined ? undefined : await sessions.find(id, request.ip)
  if (found === undefined) return id !== undefined
  await kernel.store.change(async tx => {
    await sessions.end(tx, found.row.id)
    await record(kernel, tx, request, { action: 'session.end', target: found.row.id, by: found.principal })
  })
  return true
}

function answerFailure(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, code, description, retryAfterS } = oauthFailure(thrown)
  if (status >= 500) request.log.error({ err: thrown }, 'a token request failed')
  if (retryAfterS !== undefined) reply.header('retry-after', retryAfterS)
  return reply.code(status).send({ error: code, error_description: description })
}

/** Ours in the words that clients of Keycloak know. */
function oauthFailure(thrown: unknown): OAuthFailure {
  if (thrown instanceof OAuthFailure) return thrown
  if (thrown instanceof Problem) {
    const { status, title, code, retry } = thrown
    const refused = code === 'sign-in-refused' || code === 'code-needed'
    if (refused) return new OAuthFailure(401, 'invalid_grant', 'Invalid user credentials')
    const after = typeof retry === 'object' ? Math.ceil(retry.afterMs / SECOND) : undefined
    return new OAuthFailure(status, status === 429 ? 'temporarily_unavailable' : 'invalid_request', title, after)
  }
  const { statusCode = 500 } = thrown as { statusCode?: number } // whatever fastify threw
  if (statusCode >= 400 && statusCode < 500)
    return new OAuthFailure(statusCode, 'invalid_request', 'A form is expected')
  return new OAuthFailure(500, 'server_error', 'An internal error')
}
