// SPDX-License-Identifier: Apache-2.0
/** `/authorize` of MPS: a name and a password become a token, and a token becomes one for a redirection session. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../../../../plugins/contract/index.ts'
import { callerOf } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { INSTALLATION_CHAIN, projectChain } from '../../../kernel/audit.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Principal } from '../../../kernel/permissions.ts'
import type { Devices } from '../devices/devices.ts'
import { matchAccount, type ToolkitAccount } from './accounts.ts'
import { type Attempts, createAttempts } from './attempts.ts'
import type { ToolkitConfig } from './config.ts'
import { accountPrincipal, apiToken, type Grounds } from './standing.ts'
import type { RedirectionMode, ToolkitTokens } from './tokens.ts'
import { type FieldError, guidOf, namedProject, refuseFields, ToolkitAnswer } from './toolkit.ts'

export type AuthorizeParts = {
  readonly kernel: Kernel
  readonly tokens: ToolkitTokens
  readonly devices: Pick<Devices, 'find'>
  readonly accounts: readonly ToolkitAccount[]
  readonly config: ToolkitConfig
  readonly log: Log
}

type Credentials = { readonly username: string; readonly password: string }
type SignedIn = { readonly principal: Principal; readonly grounds: Grounds }

const REFUSED = 'Incorrect Username and/or Password'
const MODES: readonly string[] = ['kvm', 'sol', 'ider']
/** Wrong passwords in a minute: of one name from one address, of one address, of one name from anywhere. */
const LIMITS = { pair: 5, address: 20, account: 50 } as const

/** The routes, relative to where they are mounted (`/api/v1`, `/mps/login/api/v1`, `/mps/api/v1`). */
export function authorizeRoutes(parts: AuthorizeParts): (http: Http) => void {
  const attempts = createAttempts(parts.kernel.clock)
  return http => {
    http.post('/authorize', { config: { access: 'public' }, schema: ABOUT.login }, request =>
      signIn({ ...parts, attempts }, request),
    )
    http.get(
      '/authorize/redirection/:guid',
      { config: { access: 'host.access' }, schema: ABOUT.redirection },
      (request, reply) => redirectionToken(parts, request, reply),
    )
  }
}

const ABOUT = {
  login: { tags: ['toolkit sign-in'], summary: 'Sign in with a name and a password (as MPS has it)' },
  redirection: {
    tags: ['toolkit sign-in'],
    summary: 'A token for one redirection session of a device (as MPS has it)',
  },
} as const

async function signIn(parts: AuthorizeParts & { readonly attempts: Attempts }, request: FastifyRequest) {
  const given = readCredentials(request.body)
  if (parts.config.signIn === false) throw new ToolkitAnswer(405, { message: 'Auth is disabled' })
  const account = given.username.toLowerCase().slice(0, 100)
  const keys = [
    [`pair ${account} ${request.ip}`, LIMITS.pair],
    [`address ${request.ip}`, LIMITS.address],
    [`account ${account}`, LIMITS.account],
  ] as const
  if (!keys.every(([key, limit]) => parts.attempts.take(key, limit)))
    throw new ToolkitAnswer(429, { message: 'Too many attempts' }, { 'retry-after': '60' })
  const found = await recognise(parts, given, request.ip)
  await record(parts, { found, username: account, request })
  if (found === undefined) throw new ToolkitAnswer(401, { message: REFUSED })
  for (const [key] of keys) parts.attempts.refund(key)
  return { token: await parts.tokens.login(found.grounds, found.principal.id) }
}

function readCredentials(body: unknown): Credentials {
  const { username, password } = (body ?? {}) as { username?: unknown; password?: unknown } // looked at below
  const errors: FieldError[] = []
  const complain = (path: string, msg: string, value: unknown): void => {
    errors.push({ type: 'field', ...(value === undefined ? {} : { value }), msg, path, location: 'body' })
  }
  if (typeof username !== 'string') complain('username', 'Invalid value', username)
  if (isEmpty(username)) complain('username', 'User name is required', username)
  if (isEmpty(password)) complain('password', 'Password is required', undefined)
  else if (typeof password !== 'string') complain('password', 'Invalid value', undefined)
  refuseFields(errors)
  return { username: String(username), password: String(password) }
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

async function recognise(parts: AuthorizeParts, given: Credentials, address: string): Promise<SignedIn | undefined> {
  const account = matchAccount(parts.accounts, given)
  const principal = await parts.kernel.principals.recognise(given.password, address)
  if (account !== undefined)
    return { principal: accountPrincipal(account, address), grounds: { kind: 'account', id: account.username } }
  if (principal === undefined) return undefined
  const token = await apiToken(parts, given.password)
  const names = [token?.name, principal.name, principal.id].map(name => name?.toLowerCase())
  if (token === undefined || !names.includes(given.username.toLowerCase())) return undefined
  return { principal, grounds: { kind: 'token', id: token.id } }
}

type Attempt = { readonly found: SignedIn | undefined; readonly username: string; readonly request: FastifyRequest }

async function record({ kernel }: AuthorizeParts, { found, username, request }: Attempt): Promise<void> {
  const unknown: Principal = {
    id: 'unknown',
    kind: 'person',
    name: 'unknown',
    role: 'none',
    via: 'password',
    address: request.ip,
    permissions: new Set(),
  }
  await kernel.store.change(tx =>
    kernel.audit.append(tx, {
      chain: INSTALLATION_CHAIN,
      principal: found?.principal ?? unknown,
      action: 'toolkit.sign-in',
      // A name that is not one may be a password that was typed into the wrong field.
      target: found === undefined ? kernel.digest(username) : username,
      outcome: found === undefined ? 'refused' : 'done',
      request: request.id,
    }),
  )
}

async function redirectionToken(parts: AuthorizeParts, request: FastifyRequest, reply: FastifyReply) {
  const { guid: text } = request.params as { guid: string } // the path has it
  const { mode } = request.query as { mode?: unknown } // looked at below
  const guid = guidOf(text)
  if (guid === undefined)
    throw new ToolkitAnswer(400, {
      errors: [{ type: 'field', value: text, msg: 'Invalid value', path: 'guid', location: 'params' }],
    })
  if (mode !== undefined && !MODES.includes(String(mode)))
    throw new ToolkitAnswer(400, {
      errors: [{ type: 'field', value: mode, msg: 'Invalid value', path: 'mode', location: 'query' }],
    })
  const { kernel, devices, tokens } = parts
  const project = namedProject(request)
  if ((await devices.find(kernel.store, project, guid)) === undefined) return reply.code(404).send()
  const principal = callerOf(request)
  const bearer = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const asked = mode === undefined ? undefined : (String(mode) as RedirectionMode) // one of MODES
  const token = await tokens.redirection({ principal, bearer, project, guid, mode: asked })
  await kernel.store.change(tx =>
    kernel.audit.append(tx, {
      chain: projectChain(project),
      principal,
      action: 'redirection.authorize',
      target: guid,
      outcome: 'done',
      request: request.id,
      detail: { mode: asked ?? 'any' },
    }),
  )
  return reply.send({ token })
}
