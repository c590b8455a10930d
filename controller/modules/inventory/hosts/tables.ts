// SPDX-License-Identifier: Apache-2.0
/** The addresses hosts report, so that two hosts with one address are noticed. */
import type { Migrations } from '../../../store/store.ts'

export type AddressRow = {
  project: string
  host: string
  /** Without its prefix length. */
  address: string
  /** Another host of the site that has it too. */
  clash: string | null
}

export type AddressTables = { inventory_addresses: AddressRow }

export const addressMigrations: Migrations = {
  '0060-addresses': {
    async up(db) {
      await db.schema
        .createTable('inventory_addresses')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('host', 'text', each => each.notNull())
        .addColumn('address', 'text', each => each.notNull())
        .addColumn('clash', 'text')
        .addPrimaryKeyConstraint('inventory_addresses_key', ['project', 'host', 'address'])
        .execute()
      await db.schema
        .createIndex('inventory_addresses_by_address')
        .on('inventory_addresses')
        .columns(['project', 'address'])
        .execute()
    },
  },
}
