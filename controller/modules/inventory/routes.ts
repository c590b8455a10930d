// SPDX-License-Identifier: Apache-2.0
/** Counts over the inventory of a project. */
import type { RawBuilder, SqlBool } from 'kysely'
import { Type } from 'typebox'
import { callerOf } from '../../http/guard.ts'
import type { Http } from '../../http/http.ts'
import { failures, InProject } from '../../http/schemas.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { reachSql } from '../../kernel/reach.ts'
import type { InventoryTables } from './tables.ts'

const Tally = Type.Array(Type.Object({ value: Type.String(), hosts: Type.Integer() }))
const Summary = Type.Object({
  products: Tally,
  processors: Tally,
  systems: Tally,
  kernels: Tally,
  memoryBytes: Type.String(),
})

export function inventoryRoutes(http: Http, kernel: Kernel): void {
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
