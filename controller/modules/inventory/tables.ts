// SPDX-License-Identifier: Apache-2.0
/** What can be searched and counted of the hosts' hardware and system. */
import type { Migrations } from '../../store/store.ts'

export type InventoryRow = {
  project: string
  host: string
  product: string | null
  cpu_model: string | null
  memory_bytes: number | null
  os_name: string | null
  kernel: string | null
  updated_at: string
}

export type InventoryTables = { inventory_hosts: InventoryRow }

export const migrations: Migrations = {
  '0001-first': {
    async up(db) {
      await db.schema
        .createTable('inventory_hosts')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('host', 'text', each => each.notNull())
        .addColumn('product', 'text')
        .addColumn('cpu_model', 'text')
        .addColumn('memory_bytes', 'integer')
        .addColumn('os_name', 'text')
        .addColumn('kernel', 'text')
        .addColumn('updated_at', 'text', each => each.notNull())
        .addPrimaryKeyConstraint('inventory_hosts_key', ['project', 'host'])
        .execute()
    },
  },
}
