// SPDX-License-Identifier: Apache-2.0
/** Roles that an installation adds to those that are built in. */
import { Type } from 'typebox'
import { formatTime } from '../../../../plugins/contract/index.ts'
import { callerOf } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { Because, failures } from '../../../http/schemas.ts'
import { problem as kernelProblem } from '../../../kernel/problems.ts'
import { type AccessParts, record } from '../parts.ts'
import { problem } from '../problems.ts'
import { NewRole, RoleName, RoleResource } from '../schema.ts'
import type { AccessTables } from '../tables.ts'
import { checkMayBind } from './bindings.ts'
import { findRole, isBuiltIn, listRoles } from './roles.ts'

export function roleRoutes(http: Http, parts: AccessParts): void {
  const { kernel } = parts
  http.get(
    '/v1/access/roles',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['access'],
        summary: 'List roles',
        response: { 200: Type.Object({ roles: Type.Array(RoleResource) }), ...failures },
      },
    },
    async () => ({
      roles: (await listRoles(kernel.store)).map(role => ({ ...role, permissions: [...role.permissions] })),
    }),
  )
  createRoute(http, parts)
  removeRoute(http, parts)
}

function createRoute(http: Http, { kernel }: AccessParts): void {
  http.post(
    '/v1/access/roles',
    {
      config: { access: 'access.write' },
      schema: {
        tags: ['access'],
        summary: 'Add a role; it may hold no more than you have yourself',
        querystring: Because,
        body: NewRole,
        response: { 201: RoleResource, ...failures },
      },
    },
    async (request, reply) => {
      const by = callerOf(request)
      const { name, description = '' } = request.body
      const permissions = [...new Set(request.body.permissions)]
      checkMayBind(by, { permissions })
      await kernel.store.change(async tx => {
        if ((await findRole(tx, name)) !== undefined) throw kernelProblem('conflict', `there is a role ${name} already`)
        await tx
          .installation<AccessTables>()
          .insertInto('access_roles')
          .values({
            name,
            description,
            permissions: JSON.stringify(permissions),
            created_at: formatTime(kernel.clock.now()),
            created_by: by.name,
          })
          .execute()
        await record(kernel, tx, request, { action: 'role.create', target: name, detail: { permissions } })
      })
      return reply.code(201).send({ name, description, permissions, builtIn: false })
    },
  )
}

function removeRoute(http: Http, { kernel }: AccessParts): void {
  http.delete(
    '/v1/access/roles/:role',
    {
      config: { access: 'access.write' },
      schema: {
        tags: ['access'],
        summary: 'Remove a role that no binding uses',
        params: Type.Object({ role: RoleName }),
        querystring: Because,
        response: { 204: Type.Null(), ...failures },
      },
    },
    async (request, reply) => {
      const { role: name } = request.params
      if (isBuiltIn(name)) throw kernelProblem('conflict', `${name} is built in`)
      await kernel.store.change(async tx => {
        const rows = tx.installation<AccessTables>()
        const holding = await rows
          .selectFrom('access_bindings')
          .select('id')
          .where('role', '=', name)
          .limit(20)
          .execute()
        if (holding.length > 0) throw problem('role-in-use', holding.map(({ id }) => id).join(', '))
        const { numDeletedRows } = await rows.deleteFrom('access_roles').where('name', '=', name).executeTakeFirst()
        if (numDeletedRows === 0n) throw kernelProblem('not-found', `role ${name}`)
        await record(kernel, tx, request, { action: 'role.delete', target: name })
      })
      return reply.code(204).send(null)
    },
  )
}
