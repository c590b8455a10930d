// SPDX-License-Identifier: Apache-2.0
/** Who may come in: the one-time link, oneself, API tokens. */
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { DAY, type Json, MINUTE } from '../../../plugins/contract/index.ts'
import { anyHost, decide, grantsOf, holdsWithin, hostsWithin, mayEnter } from '../../kernel/access.ts'
import { INSTALLATION_CHAIN, projectChain } from '../../kernel/audit.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { isNetwork } from '../../kernel/networks.ts'
import { type HostSelector, PERMISSIONS, type Principal, ROLES, type Role } from '../../kernel/permissions.ts'
import { problem } from '../../kernel/problems.ts'
import { type NewToken as NewApiToken, narrowingOf } from '../../kernel/tokens.ts'
import type { Tx } from '../../store/store.ts'
import { callerOf, requirePermission } from '../guard.ts'
import type { Http } from '../http.ts'
import { Because, failures, ProjectName, Time, UlidText } from '../schemas.ts'

const exact = { additionalProperties: false } as const

const PersonName = Type.String({ minLength: 1, maxLength: 60, pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N} ._@-]*$' })
const Me = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  name: Type.String(),
  role: Type.String(),
  permissions: Type.Array(Type.String()),
})
const Standing = Type.Object({
  project: Type.String(),
  roles: Type.Array(Type.String()),
  permissions: Type.Array(Type.String(), { description: 'What holds in the project as a whole' }),
  onSomeHosts: Type.Optional(Type.Array(Type.String(), { description: 'What holds for some of its hosts only' })),
})
const MeHere = Type.Object({ ...Me.properties, here: Type.Optional(Standing) })
const Token = Type.Object({
  id: UlidText,
  name: Type.String(),
  principal: Type.String(),
  role: Type.String(),
  permissions: Type.Optional(Type.Array(Type.String())),
  project: Type.Optional(Type.String()),
  hosts: Type.Optional(Type.Unknown()),
  networks: Type.Optional(Type.Array(Type.String())),
  createdAt: Time,
  expiresAt: Time,
  lastUsedAt: Type.Optional(Time),
})
const RoleName = Type.Enum(Object.keys(ROLES) as Role[])

export function accessRoutes(http: Http, kernel: Kernel): void {
  setupRoute(http, kernel)
  tokenRoutes(http, kernel)
  http.get(
    '/v1/me',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['access'],
        summary: 'Who you are here, and with `project` what you may do there',
        querystring: Type.Object({ project: Type.Optional(ProjectName) }, exact),
        response: { 200: MeHere, ...failures },
      },
    },
    async request => {
      const by = callerOf(request)
      const { id, kind, name, role, permissions } = by
      const { project } = request.query
      const here = project === undefined ? {} : { here: standingIn(by, project) }
      return { id, kind, name, role, permissions: [...permissions], ...here }
    },
  )
}

/** Nothing for a project that is not there, as for one that may not be entered. */
function standingIn(by: Principal, project: string): Static<typeof Standing> {
  const roles = grantsOf(by)
    .filter(({ effect, scope }) => effect === 'allow' && (scope.project ?? project) === project)
    .map(({ role }) => role)
  const permissions = PERMISSIONS.filter(each => decide(by, each, { project }).allowed)
  const onSomeHosts = PERMISSIONS.filter(each => !permissions.includes(each) && anyHost(hostsWithin(by, each, project)))
  return {
    project,
    roles: [...new Set(roles)].filter(each => each !== 'none').sort(),
    permissions,
    ...(onSomeHosts.length === 0 ? {} : { onSomeHosts }),
  }
}

const Setup = Type.Object(
  { secret: Type.String({ minLength: 1, maxLength: 100 }), name: PersonName },
  { additionalProperties: false },
)

function setupRoute(http: Http, kernel: Kernel): void {
  http.post(
    '/v1/setup',
    {
      config: { access: 'public', rateLimit: { max: 10, timeWindow: '1 minute' } },
      schema: {
        tags: ['access'],
        summary: 'Use the one-time link: become the first administrator',
        body: Setup,
        response: { 201: Type.Object({ token: Type.String(), principal: Me, expiresAt: Time }), ...failures },
      },
    },
    async ({ body, ip }, reply) => {
      const { secret, principal, token } = await kernel.principals.useSetup(body.secret, {
        name: body.name,
        address: ip,
      })
      const { id, kind, name, role, permissions } = principal
      return reply.code(201).send({
        token: secret,
        principal: { id, kind, name, role, permissions: [...permissions] },
        expiresAt: token.expiresAt,
      })
    },
  )
}

const Hosts = Type.Object(
  {
    sites: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: 200 })),
    labels: Type.Optional(
      Type.Array(Type.Object({ key: Type.String({ maxLength: 63 }), value: Type.String({ maxLength: 63 }) }, exact), {
        minItems: 1,
        maxItems: 20,
      }),
    ),
  },
  exact,
)
const NewToken = Type.Object(
  {
    name: PersonName,
    role: Type.Optional(RoleName),
    permissions: Type.Optional(Type.Array(Type.Enum([...PERMISSIONS]), { minItems: 1, maxItems: PERMISSIONS.length })),
    project: Type.Optional(ProjectName),
    hosts: Type.Optional(Hosts),
    networks: Type.Optional(Type.Array(Type.String({ maxLength: 60 }), { minItems: 1, maxItems: 20 })),
    expiresInMs: Type.Integer({ minimum: MINUTE, maximum: 366 * DAY }),
  },
  exact,
)

function tokenRoutes(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/access/tokens',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['access'],
        summary: 'List API tokens: everybody’s for those who may read access, your own otherwise',
        response: { 200: Type.Object({ tokens: Type.Array(Token) }), ...failures },
      },
    },
    async request => {
      const by = callerOf(request)
      const all = decide(by, 'access.read').allowed
      const tokens = await kernel.principals.listTokens(kernel.store, all ? undefined : by.id)
      return { tokens: [...tokens] as never } // ids are ULIDs we made
    },
  )
  makeTokenRoute(http, kernel)
  http.delete(
    '/v1/access/tokens/:token',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['access'],
        summary: 'Revoke an API token: one of your own, or anybody’s with access.write',
        params: Type.Object({ token: UlidText }),
        querystring: Because,
        response: { 204: Type.Null(), ...failures },
      },
    },
    async (request, reply) => {
      const by = callerOf(request)
      await kernel.store.change(async tx => {
        const { id, name, principal, project } = await kernel.principals.revokeToken(tx, request.params.token)
        if (principal !== by.id && !decide(by, 'access.write').allowed) throw problem('not-found', `token ${id}`)
        await recordToken(kernel, tx, request, { action: 'token.revoke', id, project, detail: { name } })
      })
      return reply.code(204).send(null)
    },
  )
}

function makeTokenRoute(http: Http, kernel: Kernel): void {
  http.post(
    '/v1/access/tokens',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['access'],
        summary: 'Make an API token; its secret is shown once, and it never does more than you could yourself',
        querystring: Because,
        body: NewToken,
        response: { 201: Type.Object({ id: UlidText, token: Type.String(), expiresAt: Time }), ...failures },
      },
    },
    async (request, reply) => {
      const by = callerOf(request)
      const { name, expiresInMs, ...part } = request.body
      const fresh = checkToken(by, part)
      const { token, secret } = await kernel.store.change(async tx => {
        const made = await kernel.principals.createToken(tx, { ...fresh, principal: by.id, name, lifeMs: expiresInMs })
        const { id, role, project } = made.token
        await recordToken(kernel, tx, request, { action: 'token.create', id, project, detail: { name, role } })
        return made
      })
      return reply.code(201).send({ id: token.id, token: secret, expiresAt: token.expiresAt })
    },
  )
}

type Asked = Omit<Static<typeof NewToken>, 'name' | 'expiresInMs'>

/** What the token is to do, when that is no more than the caller may, here and with this very credential. */
function checkToken(
  by: Principal,
  { role, permissions, project, hosts, networks }: Asked,
): Omit<NewApiToken, 'principal' | 'name' | 'lifeMs'> {
  if (role === undefined && permissions === undefined) throw problem('conflict', 'name a role, or permissions')
  const wrong = networks?.find(each => !isNetwork(each))
  if (wrong !== undefined) throw problem('conflict', `${wrong} is no range of addresses, such as 10.1.0.0/16`)
  if (project !== undefined && !mayEnter(by, project)) throw problem('not-found', `project ${project}`)
  const place = project === undefined ? {} : { project }
  // A token that makes tokens outlives its own limits, so that takes the right to give rights.
  if (by.via === 'token') requirePermission({ ...by, at: place }, 'access.write')
  const selector = hosts as HostSelector | undefined // absent members stay absent
  const fresh = {
    role: permissions === undefined ? (role ?? '') : 'custom',
    permissions,
    project,
    hosts: selector,
    networks,
  }
  const { permissions: asked, scope } = narrowingOf(fresh)
  const missing = [...asked].find(permission => !holdsWithin(by, permission, scope))
  if (missing !== undefined) throw problem('not-allowed', `a token cannot do more than you: ${missing}`)
  return fresh
}

type Recorded = {
  readonly action: string
  readonly id: string
  readonly project: string | undefined
  readonly detail: { readonly [name: string]: Json }
}

async function recordToken(kernel: Kernel, tx: Tx, request: FastifyRequest, { action, id, project, detail }: Recorded) {
  const { reason } = request.query as { readonly reason?: string } // what both routes declare
  await kernel.audit.append(tx, {
    chain: project === undefined ? INSTALLATION_CHAIN : projectChain(project),
    principal: callerOf(request),
    action,
    target: id,
    outcome: 'done',
    request: request.id,
    ...(reason === undefined ? {} : { reason }),
    detail,
  })
}
