// SPDX-License-Identifier: Apache-2.0
/** Counts over the inventory of a project. */
import { Type } from 'typebox'
import type { Http } from '../../http/http.ts'
import { failures, InProject } from '../../http/schemas.ts'
import type { Kernel } from '../../kernel/kernel.ts'
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
      config: { access: 'host.read' },
      schema: {
        tags: ['inventory'],
        summary: 'How many hosts of each kind there are',
        params: InProject,
        response: { 200: Summary, ...failures },
      },
    },
    async ({ params }) => {
      const count = (column: 'product' | 'cpu_model' | 'os_name' | 'kernel') => tally(kernel, params.project, column)
      const { total } = await kernel.store
        .of<InventoryTables>(params.project)
        .select('inventory_hosts')
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

async function tally(kernel: Kernel, project: string, column: 'product' | 'cpu_model' | 'os_name' | 'kernel') {
  const rows = await kernel.store
    .of<InventoryTables>(project)
    .select('inventory_hosts')
    .select(column)
    .select(each => each.fn.countAll<number>().as('hosts'))
    .groupBy(column)
    .orderBy('hosts', 'desc')
    .limit(100)
    .execute()
  return rows.map(row => ({ value: row[column] ?? 'unknown', hosts: Number(row.hosts) }))
}
