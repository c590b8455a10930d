// SPDX-License-Identifier: Apache-2.0
/** Counts over the inventory of a project. */
import type { RawBuilder, SqlBool } from 'kysely'
import { Type } from 'typebox'
import { callerOf } from '../../http/guard.ts'
import type { Http } from '../../http/http.ts'
import { failures, InProject, Time } from '../../http/schemas.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { reachSql } from '../../kernel/reach.ts'
import { tallySites } from './locations/tally.ts'
import type { InventoryTables } from './tables.ts'

const Tally = Type.Array(Type.Object({ value: Type.String(), hosts: Type.Integer() }))
const Summary = Type.Object({
  products: Tally,
  processors: Tally,
  systems: Tally,
  kernels: Tally,
  memoryBytes: Type.String(),
})

const Count = Type.Integer({ minimum: 0 })
const Sites = Type.Object({
  sites: Type.Array(
    Type.Object({
      siteId: Type.String({ description: 'Empty for hosts without a site' }),
      hosts: Count,
      online: Count,
      offline: Type.Integer({ minimum: 0, description: 'They were there and are not, whyever' }),
      lost: Type.Integer({ minimum: 0, description: 'Those of them whose connection was lost' }),
      asleep: Type.Integer({ minimum: 0, description: 'They went in order: stopped, restarting' }),
      never: Type.Integer({ minimum: 0, description: 'They have not come yet' }),
      failing: Type.Integer({ minimum: 0, description: 'They say that something is wrong; lost connections aside' }),
      lostSince: Type.Optional({ ...Time, description: 'When the last of those that are lost was lost' }),
    }),
  ),
  totalElements: Type.Integer(),
})

export function inventoryRoutes(http: Http, kernel: Kernel): void {
  summaryRoute(http, kernel)
  sitesRoute(http, kernel)
}

function sitesRoute(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/projects/:project/inventory/sites',
    {
      config: { access: 'host.read', narrows: true },
      schema: {
        tags: ['inventory'],
        summary: 'How the hosts of each site are doing; sites without hosts are left out',
        params: InProject,
        response: { 200: Sites, ...failures },
      },
    },
    async request => {
      const { project } = request.params
      const reach = reachSql(callerOf(request), { project, permission: 'host.read', column: 'kernel_hosts.id' })
      const tallies = await tallySites(kernel.store, project, reach)
      const sites = tallies.map(({ site, lostSince, ...counts }) => ({
        siteId: site,
        ...counts,
        ...(lostSince === undefined ? {} : { lostSince }),
      }))
      return { sites, totalElements: sites.length }
    },
  )
}

function summaryRoute(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/projects/:project/inventory/summary',
    {
      config: { access: 'host.read', narrows: true },
      schema: {
        tags: ['inventory'],
        summary: 'How many hosts of each kind there are',
        params: InProject,
        response: { 200: Summary, ...failures },
      },
    },
    async request => {
      const { project } = request.params
      const reach = reachSql(callerOf(request), { project, permission: 'host.read', column: 'inventory_hosts.host' })
      const count = (column: Counted) => tally(kernel, project, { column, reach })
      const { total } = await kernel.store
        .of<InventoryTables>(project)
        .select('inventory_hosts')
        .where(reach)
        .select(each => each.fn.sum<number | null>('memory_bytes').as('total'))
        .executeTakeFirstOrThrow()
      return {
        products: await count('product'),
        processors: await count('cpu_model'),
        systems: await count('os_name'),
        kernels: await count('kernel'),
        memoryBytes: String(total ?? 0),
      }
    },
  )
}

type Counted = 'product' | 'cpu_model' | 'os_name' | 'kernel'
type Tallied = { readonly column: Counted; readonly reach: RawBuilder<SqlBool> }

async function tally(kernel: Kernel, project: string, { column, reach }: Tallied) {
  const rows = await kernel.store
    .of<InventoryTables>(project)
    .select('inventory_hosts')
    .select(column)
    .where(reach)
    .select(each => each.fn.countAll<number>().as('hosts'))
    .groupBy(column)
    .orderBy('hosts', 'desc')
    .limit(100)
    .execute()
  return rows.map(row => ({ value: row[column] ?? 'unknown', hosts: Number(row.hosts) }))
}
