// SPDX-License-Identifier: Apache-2.0
/** Where requests about devices act: a device belongs to the host whose hardware has its GUID, and so does what may be done with it. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RawBuilder, SqlBool } from 'kysely'
import { callerOf } from '../../../http/guard.ts'
import type { RoutePlace } from '../../../http/http.ts'
import { decide } from '../../../kernel/access.ts'
import { findByFacts, type Host } from '../../../kernel/hosts.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Permission, Principal } from '../../../kernel/permissions.ts'
import { problem as kernelProblem } from '../../../kernel/problems.ts'
import { reachSql } from '../../../kernel/reach.ts'
import { deviceMissing, notConnected } from '../mps/texts.ts'
import { guidOf, namedProject, ToolkitAnswer } from '../toolkit/toolkit.ts'

type Parts = { readonly kernel: Pick<Kernel, 'store'> }
export type DeviceKey = { readonly project: string; readonly guid: string }

/** Whether somebody may do something with a device; without a host, it takes a permission in the whole project. */
export async function mayReach(
  { kernel }: Parts,
  principal: Principal,
  { project, guid, permission }: DeviceKey & { readonly permission: Permission },
): Promise<boolean> {
  const host = await hostOf({ kernel }, { project, guid })
  return decide(principal, permission, { project, ...(host === undefined ? {} : { host }) }).allowed
}

/** Has the guard look at the device or the project of each route that is mounted in this scope after it. */
export function guardDevices(scope: FastifyInstance, { kernel }: Parts): void {
  scope.addHook('onRoute', route => {
    const { access } = route.config ?? {}
    if (access === undefined || access === 'public') return
    // Routes about what a device has, such as an order, say themselves whose it is.
    route.config = { place: request => placeOf({ kernel }, request), ...route.config }
  })
}

/** Whose devices a list may show: a condition over the column that holds their GUID. */
export function devicesWithin(request: FastifyRequest, column: string): RawBuilder<SqlBool> {
  const project = namedProject(request)
  return reachSql(callerOf(request), { project, permission: 'host.read', column, by: 'uuid' })
}

type Belongs = (key: {
  readonly project: string
  readonly id: string
}) => Promise<{ readonly guid: string } | undefined>

/** For routes about one thing of a device, by its id: it is where its device is, and absent for who may not know of it. */
export function placeOfDevices(parts: Parts, find: Belongs, absent: (id: string) => Error) {
  return async (request: FastifyRequest): Promise<RoutePlace> => {
    const { project, id } = request.params as { project: string; id: string } // the path has both
    return {
      project,
      host: async () => {
        const found = await find({ project, id })
        return found === undefined ? undefined : hostOf(parts, { project, guid: found.guid })
      },
      absent: absent(id),
    }
  }
}

async function placeOf(parts: Parts, request: FastifyRequest): Promise<RoutePlace> {
  const { guid: text, host: id } = (request.params ?? {}) as { guid?: string; host?: string } // texts of the path
  const project = namedProject(request)
  if (text === undefined) return id === undefined ? { project } : { project, host: id }
  const guid = guidOf(text)
  return {
    project,
    host: async () => (guid === undefined ? undefined : hostOf(parts, { project, guid })),
    absent: absentAt(request.routeOptions.url ?? '', text),
  }
}

/** What the route says of a device that nobody has. */
function absentAt(url: string, guid: string): Error {
  if (/\/oob\/devices\/:guid/.test(url)) return kernelProblem('not-found', `device ${guid.slice(0, 80)}`)
  if (/\/authorize\/redirection\/:guid$/.test(url)) return new ToolkitAnswer(404, undefined)
  return /\/devices\/:guid$/.test(url) ? deviceMissing(guid) : notConnected(guid)
}

async function hostOf({ kernel }: Parts, { project, guid }: DeviceKey): Promise<Host | undefined> {
  return findByFacts(kernel.store, project, { uuid: guid })
}
