// SPDX-License-Identifier: Apache-2.0
/** The columns every kind's table has, for the migrations of the parts. */
import type { CreateTableBuilder } from 'kysely'
import type { Migration } from 'kysely/migration'

type Database = Parameters<Migration['up']>[0]

/**
 * Starts a kind's table: key, revision and times. The caller adds its own columns, nullable unless every row has a
 * value, and executes it.
 *
 * @example
 * await resourceTable(db, 'inventory_regions').addColumn('name', 'text').addColumn('parent', 'text').execute()
 */
export function resourceTable(db: Database, table: string): CreateTableBuilder<string> {
  return db.schema
    .createTable(table)
    .addColumn('project', 'text', each => each.notNull())
    .addColumn('id', 'text', each => each.notNull())
    .addColumn('revision', 'integer', each => each.notNull())
    .addColumn('created_at', 'text', each => each.notNull())
    .addColumn('updated_at', 'text', each => each.notNull())
    .addPrimaryKeyConstraint(`${table}_key`, ['project', 'id'])
}

/** Makes an index over columns of a table, behind its project. */
export async function resourceIndex(db: Database, table: string, columns: readonly string[]): Promise<void> {
  await db.schema
    .createIndex(`${table}_by_${columns.join('_')}`)
    .on(table)
    .columns(['project', ...columns])
    .execute()
}

/** Keeps two rows of a project from sharing columns, where none of them is empty. */
export async function uniqueIndex(db: Database, table: string, columns: readonly string[]): Promise<void> {
  await db.schema
    .createIndex(`${table}_one_${columns.join('_')}`)
    .on(table)
    .columns(['project', ...columns])
    .unique()
    .execute()
}
