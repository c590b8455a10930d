// SPDX-License-Identifier: Apache-2.0
/** The store as the rest of the controller sees it: builders already narrowed to one project, and transactions. */
import type {
  DeleteQueryBuilder,
  DeleteResult,
  Insertable,
  InsertQueryBuilder,
  InsertResult,
  Kysely,
  SelectQueryBuilder,
  Updateable,
  UpdateQueryBuilder,
  UpdateResult,
} from 'kysely'
import type { Migration } from 'kysely/migration'

/** Tables by name. Every table reached through {@link Db.of} has a `project` column. */
export type Tables = object

type Name<T> = keyof T & string
type Unprojected<Row> = Omit<Row, 'project'>

/** Builders over one project's rows; forgetting the project is not expressible. */
export interface Scoped<T extends Tables> {
  readonly project: string
  select<K extends Name<T>>(table: K): SelectQueryBuilder<T, K, object>
  insert<K extends Name<T>>(table: K, row: Unprojected<Insertable<T[K]>>): InsertQueryBuilder<T, K, InsertResult>
  update<K extends Name<T>>(table: K, set: Unprojected<Updateable<T[K]>>): UpdateQueryBuilder<T, K, K, UpdateResult>
  remove<K extends Name<T>>(table: K): DeleteQueryBuilder<T, K, DeleteResult>
}

/** Where rows are read and written: the store itself, or one transaction of it. */
export interface Db {
  /** The only way for a module to reach a table that belongs to projects. */
  of<T extends Tables>(project: string): Scoped<T>
  /** The whole table space: for what belongs to the installation, and for work that walks over projects. */
  installation<T extends Tables>(): Kysely<T>
}

/** Work on all that belongs to one project, whatever tables there are. */
export interface ProjectRows {
  /** The tables that have a `project` column, from the database's own catalogue. */
  tables(): Promise<readonly string[]>
  /** Removes up to so many rows of a project from one of them; answers how many. */
  clear(tx: Tx, project: string, part: { readonly table: string; readonly atMost: number }): Promise<number>
}

/** A transaction. Everything written through it becomes visible together, or not at all. */
export interface Tx extends Db {
  /**
   * Runs a statement that is written out, with a `?` for each value; answers its rows. For what every message of every
   * host takes, where building a statement costs more than running it. The text is a constant and names its project.
   */
  run<Row = never>(text: string, values: readonly (string | number | null)[]): readonly Row[]
  /** Runs once the transaction is durable; never when it rolled back. Must not throw. */
  afterCommit(act: () => void): void
}

export type Migrations = Readonly<Record<string, Migration>>

export type TableSize = { readonly table: string; readonly rows: number; readonly bytes: number }

export interface Store extends Db {
  /**
   * Runs an act in one transaction. The act must reach the database through `tx` alone: SQLite has one writer, and a
   * query through the store would wait for the very transaction it stands in.
   */
  change<R>(act: (tx: Tx) => Promise<R>): Promise<R>
  /**
   * Runs an act as `change` does, in a transaction that it may share with others of the same moment: for the many small
   * writes of hosts. Acts of one lane keep their order, and lanes take turns. Acts may be run again after a failure, so
   * they have no effect but through `tx`. Rejects with `writes-waiting` when too many wait.
   */
  together<R>(lane: string, act: (tx: Tx) => Promise<R>): Promise<R>
  /**
   * Runs an act as `change` does, and lets others go first: only one such act at a time stands in line for the database.
   * For what may wait while a storm of it must not hold up everything else. Rejects with `writes-waiting` when too many wait.
   */
  patiently<R>(act: (tx: Tx) => Promise<R>): Promise<R>
  /** Acts that wait for their turn in `together`. */
  waiting(): number
  /**
   * Brings an owner's tables up to date; each owner has its own ledger.
   * Throws `schema-newer` when the database knows a migration that this program does not.
   */
  migrate(owner: string, migrations: Migrations): Promise<void>
  /** Names of the migrations that tables of an owner still lack; none when it has no tables yet. Throws `schema-newer`. */
  lacking(owner: string, migrations: Migrations): Promise<readonly string[]>
  readonly projectRows: ProjectRows
  /** Writes a consistent copy while the store is in use. */
  backup(file: string): Promise<void>
  sizeBytes(): number
  /** What was written and does not stand in the file itself yet. */
  journalBytes(): number
  /** How much room each table takes, with its indices; walks over all of it, and lets others in between. */
  footprint(): Promise<readonly TableSize[]>
  close(): Promise<void>
}
