// SPDX-License-Identifier: Apache-2.0
/** The store on one SQLite file; the only importer of better-sqlite3 in the controller. */
import { statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect, sql } from 'kysely'
import { lacking, migrate } from './ledger.ts'
import { problem } from './problems.ts'
import { scoped } from './scoped.ts'
import { inSingleFile } from './single-file.ts'
import { keepingStatements } from './statements.ts'
import type { Db, Migrations, ProjectRows, Store, TableSize, Tables, Tx } from './store.ts'
import { createTurns } from './turns.ts'

/**
 * Opens or creates a database file (`:memory:` for none). WAL with `synchronous=NORMAL`: a crash of the process loses
 * nothing, a power cut may lose the last moments but never the file's consistency.
 * Throws `store-unusable` when the file is not a database or cannot be opened.
 */
export function openSqlite(file: string): Store {
  const database = openFile(file)
  const statements = keepingStatements<Database.Statement>(database)
  // biome-ignore lint/suspicious/noExplicitAny: the tables of all owners share one builder; each narrows it to its own
  const kysely = new Kysely<any>({ dialect: new SqliteDialect({ database: statements }) })
  const db = dbOver(kysely)
  const change = changing(kysely, runner(statements))
  const turns = createTurns({ change })
  return {
    ...db,
    change,
    together: turns.take,
    patiently: inSingleFile(change),
    waiting: turns.waiting,
    migrate: (owner: string, migrations: Migrations) => migrate(kysely, owner, migrations),
    lacking: (owner: string, migrations: Migrations) => lacking(kysely, owner, migrations),
    projectRows: projectRows(kysely),
    backup: async target => {
      await database.backup(target)
    },
    sizeBytes: () => (file === ':memory:' ? 0 : statSync(file).size),
    journalBytes: () => statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0,
    footprint: () => footprint(database),
    close: async () => {
      await turns.idle()
      await kysely.destroy()
    },
  }
}

/**
 * Says whether a file is a sound Muster database, without changing it.
 * Throws `backup-unusable` with the reason when it is not.
 */
export function inspectSqlite(file: string): { readonly tables: number } {
  let database: Database.Database | undefined
  try {
    database = new Database(file, { readonly: true, fileMustExist: true })
    const verdict = database.pragma('integrity_check', { simple: true })
    if (verdict !== 'ok') throw problem('backup-unusable', `integrity check: ${String(verdict).slice(0, 200)}`)
    const tables = database
      .prepare<[], { name: string }>("select name from sqlite_schema where type = 'table'")
      .all()
      .map(row => row.name)
    if (!tables.includes('kernel_settings')) throw problem('backup-unusable', 'it holds no Muster installation')
    return { tables: tables.length }
  } catch (thrown) {
    if (thrown instanceof Database.SqliteError) throw problem('backup-unusable', thrown.message)
    throw thrown
  } finally {
    database?.close()
  }
}

type Part = { readonly name: string; readonly table: string }

async function footprint(database: Database.Database): Promise<readonly TableSize[]> {
  const parts = database
    .prepare<[], Part>('select name, tbl_name as "table" from sqlite_schema where rootpage > 0 order by tbl_name')
    .all()
  const pages = database
    .prepare<[string], number>('select coalesce(sum(pgsize), 0) from dbstat where name = ? and aggregate = 1')
    .pluck()
  const sizes = new Map<string, TableSize>()
  for (const { name, table } of parts) {
    const { rows, bytes } = sizes.get(table) ?? { rows: rowsOf(database, table), bytes: 0 }
    sizes.set(table, { table, rows, bytes: bytes + (pages.get(name) ?? 0) })
    // Each step walks over one tree and holds everything else up meanwhile.
    await setImmediate()
  }
  return [...sizes.values()]
}

/** Names come from the database's own catalogue, so quoting them is enough. */
function rowsOf(database: Database.Database, table: string): number {
  const count = database.prepare<[], number>(`select count(*) from "${table.replaceAll('"', '""')}"`).pluck()
  return count.get() ?? 0
}

function openFile(file: string): Database.Database {
  try {
    const database = new Database(file)
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = NORMAL')
    database.pragma('foreign_keys = ON')
    database.pragma('busy_timeout = 5000')
    // What is deleted, sealed secrets above all, is overwritten in its page.
    database.pragma('secure_delete = FAST')
    return database
  } catch (thrown) {
    throw problem('store-unusable', `${file}: ${thrown instanceof Error ? thrown.message : 'cannot be opened'}`)
  }
}

// biome-ignore lint/suspicious/noExplicitAny: see openSqlite
function dbOver(kysely: Kysely<any>): Db {
  return {
    of: <T extends Tables>(project: string) => scoped<T>(kysely, project),
    installation: <T extends Tables>() => kysely as Kysely<T>,
  }
}

// biome-ignore lint/suspicious/noExplicitAny: see openSqlite
function projectRows(kysely: Kysely<any>): ProjectRows {
  return {
    tables: async () => {
      const tables = await kysely.introspection.getTables()
      return tables
        .filter(({ isView, columns }) => !isView && columns.some(column => column.name === 'project'))
        .map(({ name }) => name)
    },
    clear: async (tx, project, { table, atMost }) => {
      const named = sql.table(table)
      const { numAffectedRows = 0n } = await sql`delete from ${named} where rowid in
        (select rowid from ${named} where project = ${project} limit ${atMost})`.execute(tx.installation())
      return Number(numAffectedRows)
    },
  }
}

/** Runs statements past the builder: within a transaction, which has the one connection to itself. */
function runner(statements: { prepare(text: string): Database.Statement }): Tx['run'] {
  return <Row>(text: string, values: readonly (string | number | null)[]) => {
    const statement = statements.prepare(text)
    // Rows have the columns that the text names, as the caller says.
    if (statement.reader) return statement.all(...values) as Row[]
    statement.run(...values)
    return []
  }
}

// biome-ignore lint/suspicious/noExplicitAny: see openSqlite
function changing(kysely: Kysely<any>, run: Tx['run']): Store['change'] {
  return async act => {
    const after: (() => void)[] = []
    const result = await kysely.transaction().execute(transaction => {
      const tx: Tx = { ...dbOver(transaction), run, afterCommit: each => void after.push(each) }
      return act(tx)
    })
    for (const each of after) each()
    return result
  }
}
