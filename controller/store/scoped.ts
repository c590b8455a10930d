// SPDX-License-Identifier: Apache-2.0
/** Builders that carry their project, so that a query cannot leave it. */
import type { Kysely } from 'kysely'
import type { Scoped, Tables } from './store.ts'

/**
 * The casts below are where the builder's types end: it cannot know that each table of `T` has a `project` column,
 * which the migrations of every owner guarantee and a test reads back from the database's own catalogue.
 */
// biome-ignore lint/suspicious/noExplicitAny: one builder serves the tables of every owner
export function scoped<T extends Tables>(kysely: Kysely<any>, project: string): Scoped<T> {
  const builders = {
    project,
    select: (table: string) => kysely.selectFrom(table).where(`${table}.project`, '=', project),
    insert: (table: string, row: object) => kysely.insertInto(table).values({ ...row, project }),
    update: (table: string, set: object) => kysely.updateTable(table).set(set).where('project', '=', project),
    remove: (table: string) => kysely.deleteFrom(table).where('project', '=', project),
  }
  return builders as unknown as Scoped<T>
}
