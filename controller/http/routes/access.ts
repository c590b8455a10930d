// SPDX-License-Identifier: Apache-2.0
/** Who may come in: the one-time link, oneself, API tokens. */
import { Type } from 'typebox'
import { DAY, MINUTE } from '../../../plugins/contract/index.ts'
import { INSTALLATION_CHAIN } from '../../kernel/audit.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { ROLES, type Role } from '../../kernel/permissions.ts'
import { problem } from '../../kernel/problems.ts'
import { callerOf } from '../guard.ts'
import type { Http } from '../http.ts'
import { failures, Time, UlidText } from '../schemas.ts'

const PersonName = Type.String({ minLength: 1, maxLength: 60, pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N} ._@-]*$' })
const Me = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  name: Type.String(),
  role: Type.String(),
  permissions: Type.Array(Type.String()),
})
const Token = Type.Object({
  id: UlidText,
  name: Type.String(),
  principal: Type.String(),
  role: Type.String(),
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
      schema: { tags: ['access'], summary: 'Who you are here', response: { 200: Me, ...failures } },
    },
    async request => {
      const { id, kind, name, role, permissions } = callerOf(request)
      return { id, kind, name, role, permissions: [...permissions] }
    },
  )
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

const NewToken = Type.Object(
  {
    name: PersonName,
    role: RoleName,
    expiresInMs: Type.Integer({ minimum: MINUTE, maximum: 366 * DAY }),
  },
  { additionalProperties: false },
)

function tokenRoutes(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/access/tokens',
    {
      config: { access: 'access.read' },
      schema: {
        tags: ['access'],
        summary: 'List API tokens',
        response: { 200: Type.Object({ tokens: Type.Array(Token) }), ...failures },
      },
    },
    async () => ({ tokens: [...(await kernel.principals.listTokens(kernel.store))] as never }), // ids are ULIDs we made
  )
  http.post(
    '/v1/access/tokens',
    {
      config: { access: 'access.write' },
      schema: {
        tags: ['access'],
        summary: 'Make an API token; its secret is shown once',
        body: NewToken,
        response: { 201: Type.Object({ id: UlidText, token: Type.String(), expiresAt: Time }), ...failures },
      },
    },
    async (request, reply) => {
      const by = callerOf(request)
      const { name, role, expiresInMs } = request.body
      const missing = ROLES[role].find(permission => !by.permissions.has(permission))
      if (missing !== undefined) throw problem('not-allowed', `a token cannot do more than you: ${missing}`)
      const { token, secret } = await kernel.store.change(async tx => {
        const made = await kernel.principals.createToken(tx, { principal: by.id, name, role, lifeMs: expiresInMs })
        await kernel.audit.append(tx, {
          chain: INSTALLATION_CHAIN,
          principal: by,
          action: 'token.create',
          target: made.token.id,
          outcome: 'done',
          request: request.id,
          detail: { name, role },
        })
        return made
      })
      return reply.code(201).send({ id: token.id, token: secret, expiresAt: token.expiresAt })
    },
  )
  http.delete(
    '/v1/access/tokens/:token',
    {
      config: { access: 'access.write' },
      schema: {
        tags: ['access'],
        summary: 'Revoke an API token',
        params: Type.Object({ token: UlidText }),
        response: { 204: Type.Null(), ...failures },
      },
    },
    async (request, reply) => {
      await kernel.store.change(async tx => {
        const { id, name } = await kernel.principals.revokeToken(tx, request.params.token)
        await kernel.audit.append(tx, {
          chain: INSTALLATION_CHAIN,
          principal: callerOf(request),
          action: 'token.revoke',
          target: id,
          outcome: 'done',
          request: request.id,
          detail: { name },
        })
      })
      return reply.code(204).send(null)
    },
  )
}
