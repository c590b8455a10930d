// SPDX-License-Identifier: Apache-2.0
/** Signing in at an identity provider with a browser: away with state, nonce and PKCE, back to a session. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { asProblem, MINUTE, SEGMENT_PATTERN } from '../../../../plugins/contract/index.ts'
import { cookieFor } from '../../../http/cookie.ts'
import type { Http } from '../../../http/http.ts'
import { failures } from '../../../http/schemas.ts'
import { problem as kernelProblem } from '../../../kernel/problems.ts'
import type { Running } from '../../../kernel/surface.ts'
import { ownPath } from '../../../query/own-path.ts'
import { type AccessParts, record } from '../parts.ts'
import { problem } from '../problems.ts'
import { comingFrom } from '../sessions/routes.ts'
import type { Attempt } from './client.ts'
import type { NamedProvider, Providers } from './providers.ts'

export type OidcRouteParts = AccessParts & { readonly providers: Providers; readonly running: Running | undefined }

/** What was begun in one browser; good once, for ten minutes. */
type Begun = {
  readonly attempt: Attempt
  readonly provider: string
  readonly browser: string
  readonly until: number
  /** Where it goes on afterwards. */
  readonly to: string
}

const COOKIE = '__Host-muster-oidc'
const LIFE_MS = 10 * MINUTE
const MOST = 2_000
const OfProvider = Type.Object({ provider: Type.String({ pattern: SEGMENT_PATTERN }) })
const Return = Type.Object(
  { to: Type.Optional(Type.String({ maxLength: 2_000, description: 'Path of this installation to come back to' })) },
  { additionalProperties: false },
)

export function oidcRoutes(http: Http, parts: OidcRouteParts): void {
  const begun = new Map<string, Begun>()
  const limit = { max: parts.config.signIn?.perMinute ?? 20, timeWindow: '1 minute' }
  const config = { access: 'public', rateLimit: limit } as const
  http.get(
    '/v1/session/oidc/:provider/start',
    {
      config,
      schema: {
        tags: ['access'],
        summary: 'Sign in at an identity provider',
        params: OfProvider,
        querystring: Return,
        response: { 302: Type.Null(), ...failures },
      },
    },
    async (request, reply) => {
      const to = ownPath(request.query.to)
      const { provider, client } = known(parts, request.params.provider)
      const random = (): string => Buffer.from(parts.kernel.random(32)).toString('base64url')
      const verifier = random()
      const redirect = `${originOf(request)}/v1/session/oidc/${provider.name}/callback`
      const attempt = { redirect, state: random(), nonce: random(), verifier, challenge: parts.kernel.digest(verifier) }
      const browser = random()
      const location = await client
        .authorizationUrl(attempt)
        .catch((thrown: unknown) => back(parts, request, thrown, to))
      if (location.startsWith('/')) return reply.code(302).header('location', location).send(null)
      remember(begun, parts, { attempt, provider: provider.name, browser: parts.kernel.digest(browser), to })
      const cookie = `${COOKIE}=${browser}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${LIFE_MS / 1_000}`
      return reply.code(302).header('set-cookie', cookie).header('location', location).send(null)
    },
  )
  http.get(
    '/v1/session/oidc/:provider/callback',
    {
      config,
      schema: {
        tags: ['access'],
        summary: 'Where an identity provider sends the browser back to',
        params: OfProvider,
        querystring: Type.Object({}, { additionalProperties: true }),
        response: { 302: Type.Null(), ...failures },
      },
    },
    async (request, reply) => {
      const attempt = taken(parts, begun, request)
      const to = attempt?.to ?? '/'
      const secret = await arrive(parts, attempt, request).catch((thrown: unknown) => ({
        location: back(parts, request, thrown, to),
      }))
      if (typeof secret === 'object') return reply.code(302).header('location', secret.location).send(null)
      return reply
        .code(302)
        .header('set-cookie', [cookieFor(secret), `${COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`])
        .header('location', to)
        .send(null)
    },
  )
}

/** The page to sign in at, which says why it failed; programs, and browsers where there are no pages, get the failure itself. */
function back({ running }: OidcRouteParts, { headers }: FastifyRequest, thrown: unknown, to: string): string {
  const hasPages = running?.modules.includes('dashboard') === true
  if (!hasPages || !/\btext\/html\b/.test(headers.accept ?? '')) throw thrown
  const said = new URLSearchParams({ failed: asProblem(thrown).code, ...(to === '/' ? {} : { to }) })
  return `/sign-in?${said}`
}

function known({ providers }: OidcRouteParts, name: string) {
  const found = providers.find(name)
  if (found === undefined) throw kernelProblem('not-found', `identity provider ${name}`)
  return found
}

/** The name is one that this controller answers to: the guard has looked at it. */
function originOf({ protocol, headers }: FastifyRequest): string {
  return `${protocol}://${headers.host ?? ''}`
}

function remember(begun: Map<string, Begun>, { kernel }: OidcRouteParts, one: Omit<Begun, 'until'>): void {
  const now = kernel.clock.monotonic()
  for (const [state, { until }] of begun) if (until <= now) begun.delete(state)
  if (begun.size >= MOST) begun.delete(begun.keys().next().value ?? '')
  begun.set(one.attempt.state, { ...one, until: now + LIFE_MS })
}

/** Opens a session for who came back, and returns its secret. */
async function arrive(parts: OidcRouteParts, attempt: Begun | undefined, request: FastifyRequest): Promise<string> {
  const { kernel, sessions, providers } = parts
  const { provider: name } = request.params as { provider: string } // the path has it
  const { provider, client } = known(parts, name)
  if (attempt?.provider !== name) throw problem('provider-refused', 'this sign-in was not begun here, or too long ago')
  const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : ''
  const token = await client.idToken(attempt.attempt, new URL(`${attempt.attempt.redirect}${query}`))
  const found = await providers.recognise(provider, token, request.ip)
  if (found === undefined) throw problem('provider-refused', 'its ID token is not one we believe')
  return open({ ...parts, sessions, kernel }, request, { provider, ...found })
}

type Arrived = Awaited<ReturnType<Providers['recognise']>> & { readonly provider: NamedProvider }

async function open(parts: OidcRouteParts, request: FastifyRequest, { principal, told, provider }: Arrived) {
  const { kernel, sessions } = parts
  const { address, agent, former } = await comingFrom(parts, request)
  return kernel.store.change(async tx => {
    if (former !== undefined) await sessions.end(tx, former)
    const { row, secret } = await sessions.open(tx, {
      ...{ principal: principal.id, method: 'oidc', address, agent, issuer: provider.name, told },
    })
    const detail = { method: 'oidc', provider: provider.name }
    await record(kernel, tx, request, { action: 'session.open', target: row.id, by: principal, detail })
    return secret
  })
}

/** What was begun under the state that came back, in this very browser; it is used up by that. */
function taken({ kernel }: OidcRouteParts, begun: Map<string, Begun>, request: FastifyRequest): Begun | undefined {
  const { state } = request.query as { state?: unknown } // only compared
  if (typeof state !== 'string') return undefined
  const found = begun.get(state)
  begun.delete(state)
  const cookies = (request.headers.cookie ?? '').split(';').map(pair => pair.trim())
  const browser = cookies.find(pair => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? ''
  if (found === undefined || found.until <= kernel.clock.monotonic()) return undefined
  return kernel.digest(browser) === found.browser ? found : undefined
}
