// SPDX-License-Identifier: Apache-2.0
/** Who may call what: recognises the caller and checks the permission each route declares. */
import type { FastifyRequest } from 'fastify'
import type { Problem } from '../../plugins/contract/index.ts'
import { anyHost, grantsOf, hostsWithin, may, mayEnter } from '../kernel/access.ts'
import { findHost } from '../kernel/hosts.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Permission, Principal } from '../kernel/permissions.ts'
import { problem } from '../kernel/problems.ts'
import { refuseCrossSite, sessionCookie } from './cookie.ts'
import type { Http, RoutePlace } from './http.ts'
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
    const { access = 'public' } = request.routeOptions.config
    if (access === 'public') return
    const principal = await recognise(request, kernel, authenticate)
    request.principal = principal
    request.principal = await admit(kernel, request, { principal, access })
  })
}

/** The caller of a route that is not public. */
export function callerOf(request: FastifyRequest): Principal {
  if (request.principal === undefined) throw problem('not-signed-in')
  return request.principal
}

/** Throws `not-allowed`, naming the permission that is missing where the request acts. */
export function requirePermission(principal: Principal, permission: Permission): void {
  if (!may(principal, permission)) throw refusal(principal, permission)
}

function refusal(principal: Principal, permission: Permission): Problem {
  const { project } = principal.at ?? {}
  const held = grantsOf(principal).filter(
    ({ effect, scope }) => effect === 'allow' && (scope.project ?? project) === project,
  )
  const roles = [
    ...new Set(held.map(({ role, scope }) => (scope.hosts === undefined ? role : `${role} of some hosts`))),
  ]
  const standing = roles.length === 0 ? 'no role here' : `the role ${roles.join(', ')}`
  const elsewhere = project !== undefined && anyHost(hostsWithin(principal, permission, project))
  const fields = elsewhere ? { permission, onSomeHosts: true } : { permission }
  return problem('not-allowed', `it needs ${permission}; you have ${standing}`, fields)
}

type Calling = { readonly principal: Principal; readonly access: Permission | 'signed-in' }

/** Checks the caller where the route acts, and notes the place for what the handler asks beyond that. */
async function admit(kernel: Kernel, request: FastifyRequest, { principal, access }: Calling): Promise<Principal> {
  const place = await placeOf(request)
  if (place === undefined) {
    if (access !== 'signed-in') requirePermission(principal, access)
    return principal
  }
  const { project, absent } = place
  if (!mayEnter(principal, project)) throw absent ?? problem('not-found', `project ${project.slice(0, 80)}`)
  if (place.host !== undefined) return admitToHost(kernel, { ...place, host: place.host }, { principal, access })
  const there = { ...principal, at: { project } }
  if (access === 'signed-in' || may(there, access)) return there
  if (request.routeOptions.config.narrows === true && anyHost(hostsWithin(principal, access, project))) return there
  // Who reaches only some hosts does not learn which others there are.
  throw absent !== undefined && !may(there, 'host.read') ? absent : refusal(there, access)
}

/** A host that the caller may not even read is not there. */
async function admitToHost(
  kernel: Kernel,
  { project, host: named, absent }: RoutePlace & { readonly host: NonNullable<RoutePlace['host']> },
  { principal, access }: Calling,
): Promise<Principal> {
  const permission = access === 'signed-in' ? 'host.read' : access
  const there = { ...principal, at: { project } }
  if (may(there, permission) && !isNarrow(principal)) return there
  const host = typeof named === 'string' ? await findHost(kernel.store, project, named) : await named()
  const exists = host !== undefined && host.state !== 'deleted'
  // Handlers say in their own words that a host is missing.
  if (!exists && may(there, permission)) return there
  const here = exists ? { ...principal, at: { project, host: { site: host.site, labels: host.labels } } } : there
  if (exists && may(here, permission)) return here
  throw may(here, 'host.read')
    ? refusal(here, permission)
    : (absent ?? problem('not-found', `host ${String(named).slice(0, 80)}`))
}

function isNarrow(principal: Principal): boolean {
  return grantsOf(principal).some(({ scope }) => scope.hosts !== undefined)
}

async function placeOf(request: FastifyRequest): Promise<RoutePlace | undefined> {
  const { place } = request.routeOptions.config
  if (place !== undefined) return place(request)
  const { project, host } = (request.params ?? {}) as { project?: string; host?: string } // texts of the path
  return project === undefined ? undefined : { project, host }
}

async function recognise(
  request: FastifyRequest,
  kernel: Kernel,
  authenticate: readonly Authenticate[],
): Promise<Principal> {
  const { authorization } = request.headers
  const cookie = sessionCookie(request)
  if (authorization !== undefined && cookie !== undefined) throw httpProblem('two-credentials')
  if (cookie !== undefined) {
    refuseCrossSite(request, asksForMoreThanReading(request))
    // Nothing but a session belongs in a cookie; tokens of the kernel are none.
    const principal = await firstOf(authenticate, cookie.startsWith('muster_ses_') ? cookie : '', request.ip)
    if (principal !== undefined) return principal
    throw problem('not-signed-in')
  }
  const [scheme = '', token = ''] = (authorization ?? '').split(' ')
  if (scheme.toLowerCase() !== 'bearer') throw problem('not-signed-in')
  const principal = await firstOf([kernel.principals.recognise, ...authenticate], token, request.ip)
  if (principal === undefined) throw problem('not-signed-in')
  return principal
}

async function firstOf(
  authenticate: readonly Authenticate[],
  token: string,
  address: string,
): Promise<Principal | undefined> {
  for (const each of authenticate) {
    const principal = await each(token, address)
    if (principal !== undefined) return principal
  }
  return undefined
}

/** The Host header without its port; IPv6 literals keep their brackets off. */
function hostNameOf(request: FastifyRequest): string {
  const raw = (request.headers.host ?? '').toLowerCase()
  const literal = /^\[([0-9a-f:.]+)\](:\d+)?$/.exec(raw)
  if (literal !== null) return literal[1] ?? ''
  return raw.replace(/:\d+$/, '')
}

function asksForMoreThanReading({ routeOptions }: FastifyRequest): boolean {
  const { access = 'public' } = routeOptions.config
  return access !== 'public' && access !== 'signed-in' && !access.endsWith('.read')
}
