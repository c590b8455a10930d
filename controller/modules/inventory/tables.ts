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
  cpu_architecture: string | null
  cpu_sockets: number | null
  cpu_cores: number | null
  cpu_threads: number | null
  bios_vendor: string | null
  bios_version: string | null
  bios_release_date: string | null
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
  '0002-more-of-the-hardware': {
    async up(db) {
      const hosts = db.schema.alterTable('inventory_hosts')
      for (const column of ['cpu_architecture', 'bios_vendor', 'bios_version', 'bios_release_date'])
        await hosts.addColumn(column, 'text').execute()
      for (const column of ['cpu_sockets', 'cpu_cores', 'cpu_threads'])
        await hosts.addColumn(column, 'integer').execute()
    },
  },
}
