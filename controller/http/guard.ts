// SPDX-License-Identifier: Apache-2.0
/** Who may call what: recognises the caller and checks the permission each route declares. */
import type { FastifyRequest } from 'fastify'
import type { Kernel } from '../kernel/kernel.ts'
import type { Permission, Principal } from '../kernel/permissions.ts'
import { problem } from '../kernel/problems.ts'
import type { Http } from './http.ts'
import { problem as httpProblem } from './problems.ts'

/** Recognises bearer tokens that are its own. */
export type Authenticate = (token: string, address: string) => Promise<Principal | undefined>

export type GuardOptions = {
  /** Asked in turn when the kernel does not know a token. */
  readonly authenticate: readonly Authenticate[]
  /** Names this controller answers to, lower case, without port. */
  readonly names: ReadonlySet<string>
}

export function installGuard(http: Http, kernel: Kernel, { names, authenticate }: GuardOptions): void {
  http.decorateRequest('principal', undefined)
  http.addHook('onRoute', route => {
    if (route.config?.access === undefined)
      throw new TypeError(`${route.method} ${route.url} does not say who may call it`)
  })
  http.addHook('onRequest', async request => {
    // A page on another name that resolves to us (DNS rebinding) must not be answered.
    if (!names.has(hostNameOf(request))) throw httpProblem('unknown-host-name', hostNameOf(request).slice(0, 100))
    const access = request.routeOptions.config.access ?? 'public'
    if (access === 'public') return
    const principal = await recognise(request, kernel, authenticate)
    request.principal = principal
    if (access !== 'signed-in') requirePermission(principal, access)
  })
}

/** The caller of a route that is not public. */
export function callerOf(request: FastifyRequest): Principal {
  if (request.principal === undefined) throw problem('not-signed-in')
  return request.principal
}

/** Throws `not-allowed`, naming the permission that is missing. */
export function requirePermission(principal: Principal, permission: Permission): void {
  if (principal.permissions.has(permission)) return
  throw problem('not-allowed', `it needs ${permission}; you have the role ${principal.role}`, { permission })
}

async function recognise(
  request: FastifyRequest,
  kernel: Kernel,
  authenticate: readonly Authenticate[],
): Promise<Principal> {
  const { authorization, cookie } = request.headers
  const [scheme = '', token = ''] = (authorization ?? '').split(' ')
  if (authorization !== undefined && cookie?.includes('__Host-muster=')) throw httpProblem('two-credentials')
  if (scheme.toLowerCase() !== 'bearer') throw problem('not-signed-in')
  for (const each of [kernel.principals.recognise, ...authenticate]) {
    const principal = await each(token, request.ip)
    if (principal !== undefined) return principal
  }
  throw problem('not-signed-in')
}

/** The Host header without its port; IPv6 literals keep their brackets off. */
function hostNameOf(request: FastifyRequest): string {
  const raw = (request.headers.host ?? '').toLowerCase()
  const literal = /^\[([0-9a-f:.]+)\](:\d+)?$/.exec(raw)
  if (literal !== null) return literal[1] ?? ''
  return raw.replace(/:\d+$/, '')
}
