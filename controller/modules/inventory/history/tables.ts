// SPDX-License-Identifier: Apache-2.0
/** What hosts were: one row for each value of a part of a host, from when until when. */
import type { Migrations } from '../../../store/store.ts'

export type HistoryRow = {
  project: string
  host: string
  /** `record`, `status`, `presence`, `section:<name>`, `desired:<name>`. */
  part: string
  /** Counts up by one part of one host. */
  n: number
  /** RFC 3339: from when. */
  at: string
  /** Until when; `NULL` for what still holds. */
  until: string | null
  /** Tells values apart. */
  digest: string
  value: string
}

export type HistoryTables = { inventory_history: HistoryRow }

export const historyMigrations: Migrations = {
  '0020-history': {
    async up(db) {
      await db.schema
        .createTable('inventory_history')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('host', 'text', each => each.notNull())
        .addColumn('part', 'text', each => each.notNull())
        .addColumn('n', 'integer', each => each.notNull())
        .addColumn('at', 'text', each => each.notNull())
        .addColumn('until', 'text')
        .addColumn('digest', 'text', each => each.notNull())
        .addColumn('value', 'text', each => each.notNull())
        .addPrimaryKeyConstraint('inventory_history_key', ['project', 'host', 'part', 'n'])
        .execute()
      await db.schema.createIndex('inventory_history_until').on('inventory_history').column('until').execute()
    },
  },
}
