// SPDX-License-Identifier: Apache-2.0
/** Tables of providers, local accounts and custom configurations. */
import type { Migrations } from '../../../store/store.ts'
import { resourceTable, uniqueIndex } from '../engine/tables.ts'

export const accountMigrations: Migrations = {
  '0011-accounts': {
    async up(db) {
      await resourceTable(db, 'inventory_providers')
        .addColumn('kind', 'text', each => each.notNull())
        .addColumn('vendor', 'text')
        .addColumn('name', 'text', each => each.notNull())
        .addColumn('endpoint', 'text', each => each.notNull())
        .addColumn('credentials', 'integer')
        .addColumn('config', 'text')
        .execute()
      await uniqueIndex(db, 'inventory_providers', ['name'])
      await resourceTable(db, 'inventory_local_accounts')
        .addColumn('username', 'text', each => each.notNull())
        .addColumn('ssh_key', 'text', each => each.notNull())
        .execute()
      await uniqueIndex(db, 'inventory_local_accounts', ['username'])
      await resourceTable(db, 'inventory_custom_configs')
        .addColumn('name', 'text', each => each.notNull())
        .addColumn('description', 'text')
        .addColumn('config', 'text', each => each.notNull())
        .execute()
      await uniqueIndex(db, 'inventory_custom_configs', ['name'])
    },
  },
}
