// SPDX-License-Identifier: Apache-2.0
/** Migrations: forward only, one ledger per owner, and a refusal to run on what a newer program wrote. */
import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { problem } from './problems.ts'
import type { Migrations } from './store.ts'

// biome-ignore lint/suspicious/noExplicitAny: migrations create the tables that types describe later
export async function migrate(kysely: Kysely<any>, owner: string, migrations: Migrations): Promise<void> {
  const table = `${owner}_migrations`
  await refuseNewer(kysely, table, migrations)
  const migrator = new Migrator({
    db: kysely,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: table,
    migrationLockTableName: `${table}_lock`,
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw problem('store-unusable', `migrating ${owner}`, { owner }, error)
}

/** Migrations that tables of an owner still lack; none when it has no tables yet. Throws `schema-newer`. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export async function lacking(kysely: Kysely<any>, owner: string, migrations: Migrations): Promise<readonly string[]> {
  const done = await refuseNewer(kysely, `${owner}_migrations`, migrations)
  return done === undefined ? [] : Object.keys(migrations).filter(name => !done.includes(name))
}

/** Names of what was done; `undefined` when there is no ledger yet. */
async function refuseNewer(
  // biome-ignore lint/suspicious/noExplicitAny: as above
  kysely: Kysely<any>,
  table: string,
  migrations: Migrations,
): Promise<readonly string[] | undefined> {
  const present = await kysely.introspection.getTables({ withInternalKyselyTables: true })
  if (!present.some(each => each.name === table)) return undefined
  const done = (await kysely.selectFrom(table).select('name').execute()).map(row => String(row.name))
  const unknown = done.filter(name => migrations[name] === undefined)
  if (unknown.length > 0) throw problem('schema-newer', `${table} has ${unknown.join(', ')}`)
  return done
}
