// SPDX-License-Identifier: Apache-2.0
/** What an agent must still know after a power cut, in one SQLite file. */
import { chmodSync, closeSync, existsSync, openSync, renameSync } from 'node:fs'
import Database from 'better-sqlite3'
import { type EpochMs, Problem } from '../../plugins/contract/index.ts'
import { type CommandTable, commandTable } from './commands.ts'
import { type DesiredTable, desiredTable, type ReportedTable, reportedTable } from './documents.ts'
import { type OutboxTable, outboxTable } from './outbox.ts'
import { problem } from './problems.ts'
import type { Parameter, Row, Rows } from './rows.ts'
import { type ValueTable, valueTable } from './values.ts'

export type Journal = {
  readonly desired: DesiredTable
  readonly reported: ReportedTable
  readonly commands: CommandTable
  readonly outbox: OutboxTable
  readonly values: ValueTable
  /** All of it or none of it; may be nested. */
  atomically<T>(act: () => T): T
  /** Forgets everything but the ids of commands. */
  forget(): void
  /** Where a damaged predecessor now lies, when there was one at opening. */
  readonly movedAside: string | undefined
  close(): void
}

export type JournalOptions = {
  readonly now: () => EpochMs
  /** Survives a power cut; off for hosts that are only simulated. On unless said otherwise. */
  readonly durable?: boolean
  /** One process only, without shared memory beside the file; for fleets of simulated hosts. */
  readonly exclusive?: boolean
  /** Refuses to grow beyond so many pages of 4 KiB. */
  readonly maxPages?: number
  /** How much the outbox keeps; 10,000 entries unless said otherwise. */
  readonly maxEntries?: number
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS desired (
    section TEXT PRIMARY KEY, epoch INTEGER NOT NULL, revision INTEGER NOT NULL, document TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS reported (section TEXT PRIMARY KEY, digest TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS commands (
    id TEXT PRIMARY KEY, section TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('started', 'done')),
    keep_until INTEGER NOT NULL, started_at INTEGER NOT NULL, boot_id TEXT NOT NULL,
    command TEXT NOT NULL, result TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS outbox (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('reported', 'result', 'telemetry')), key TEXT NOT NULL,
    payload TEXT NOT NULL, kills INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX IF NOT EXISTS outbox_by_key ON outbox (kind, key);
  CREATE TABLE IF NOT EXISTS "values" (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`

/**
 * Opens the journal, and makes it when there is none; `:memory:` keeps nothing. A damaged file is moved aside as
 * `<location>.corrupt-<time>` and a new one begun. The file is readable by its owner only.
 * Throws the problem `journal-unusable` when neither can be done, and `disk-full`.
 */
export function openJournal(location: string, options: JournalOptions): Journal {
  if (location === ':memory:') return journalOver(open(location, options), options)
  try {
    claim(location)
    return journalOver(open(location, options), options)
  } catch (thrown) {
    if (!isDamage(thrown)) throw translated(thrown, location)
  }
  try {
    const aside = moveAside(location, options.now())
    claim(location)
    return journalOver(open(location, options), options, aside)
  } catch (thrown) {
    throw translated(thrown, location)
  }
}

/** Looks at a journal without changing it; `undefined` when it is sound, or says what is wrong. */
export function inspectJournal(location: string): string | undefined {
  let db: Database.Database | undefined
  try {
    db = new Database(location, { readonly: true, fileMustExist: true })
    const found = db.pragma('quick_check(1)', { simple: true })
    return found === 'ok' ? undefined : String(found)
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown)
  } finally {
    db?.close()
  }
}

// SQLite gives the write-ahead log the mode of the file it belongs to, so the mode is settled before the first page.
function claim(location: string): void {
  closeSync(openSync(location, 'a', 0o600))
  chmodSync(location, 0o600)
}

function open(location: string, options: JournalOptions): Database.Database {
  const db = new Database(location, { timeout: 2_000 })
  try {
    if (options.exclusive) db.pragma('locking_mode = EXCLUSIVE')
    // Before the first write: making the log of a new file would wait for the disk in spite of it.
    db.pragma(`synchronous = ${options.durable === false || options.exclusive ? 'OFF' : 'FULL'}`)
    db.pragma('journal_mode = WAL')
    // Thousands of these share one machine: each keeps little in memory, and a log of 256 KB instead of 4 MB on disk.
    db.pragma(`cache_size = ${options.exclusive ? -128 : -512}`)
    if (options.exclusive) db.pragma('wal_autocheckpoint = 64')
    if (options.maxPages !== undefined) db.pragma(`max_page_count = ${options.maxPages}`)
    const found = db.pragma('quick_check(1)', { simple: true })
    if (found !== 'ok') throw new Damage(String(found))
    db.exec(SCHEMA)
    return db
  } catch (thrown) {
    db.close()
    throw thrown
  }
}

class Damage extends Error {}

function isDamage(thrown: unknown): boolean {
  if (thrown instanceof Damage) return true
  return thrown instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(thrown.code)
}

function moveAside(location: string, now: EpochMs): string {
  const aside = `${location}.corrupt-${new Date(now).toISOString().replaceAll(':', '')}`
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(location + suffix)) renameSync(location + suffix, aside + suffix)
  }
  return aside
}

function translated(thrown: unknown, location: string): unknown {
  if (thrown instanceof Problem) return thrown
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined
  if (code === undefined) return thrown
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') return problem('disk-full', undefined, { location }, thrown)
  return problem('journal-unusable', `${code} at ${location}`, { location }, thrown)
}

function journalOver(db: Database.Database, { maxEntries }: JournalOptions, movedAside?: string): Journal {
  const rows = rowsOf(db)
  return {
    desired: desiredTable(rows),
    reported: reportedTable(rows),
    commands: commandTable(rows),
    outbox: outboxTable(rows, maxEntries),
    values: valueTable(rows),
    atomically: rows.atomically,
    forget: () =>
      rows.atomically(() => {
        for (const table of ['desired', 'reported', 'outbox', '"values"']) rows.change(`DELETE FROM ${table}`)
      }),
    movedAside,
    close: () => db.close(),
  }
}

function rowsOf(db: Database.Database): Rows {
  const prepared = new Map<string, Database.Statement>()
  const guarded = <T>(act: () => T): T => {
    try {
      return act()
    } catch (thrown) {
      throw translated(thrown, db.name)
    }
  }
  const statement = (sql: string): Database.Statement => {
    const known = prepared.get(sql) ?? db.prepare(sql)
    prepared.set(sql, known)
    return known
  }
  return {
    change: (sql: string, ...values: readonly Parameter[]) => guarded(() => statement(sql).run(...values).changes),
    // Rows of STRICT tables hold only what their columns allow, and every statement names its columns.
    one: (sql, ...values) => guarded(() => statement(sql).get(...values) as Row | undefined),
    all: (sql, ...values) => guarded(() => statement(sql).all(...values) as readonly Row[]),
    atomically: act => guarded(() => (db.inTransaction ? act() : db.transaction(act).immediate())),
  }
}
