// SPDX-License-Identifier: Apache-2.0
/** Keeps records of any kind: found without regard to case, with versions that are never given twice. */
import { formatTime } from '../../../../plugins/contract/index.ts'
import type { Db, Tx } from '../../../store/store.ts'
import type { RecordKind, RecordOf } from './records.ts'
import type { RecordRow, RecordTables } from './tables.ts'

export type Kept<K extends RecordKind> = { readonly record: RecordOf[K]; readonly version: number }

/** A record by its name, or by what else is distinct in its kind. */
export type Which<K extends RecordKind> = { readonly kind: K } & (
  | { readonly name: string }
  | { readonly distinct: string }
)

export type Page = { readonly top: number; readonly skip: number }

/** What one record names. */
export type Reference = { readonly kind: RecordKind; readonly name: string }

export async function find<K extends RecordKind>(
  db: Db,
  project: string,
  which: Which<K>,
): Promise<Kept<K> | undefined> {
  const rows = db.of<RecordTables>(project).select('oob_records').selectAll().where('kind', '=', which.kind)
  const one =
    'name' in which ? rows.where('key', '=', keyOf(which.name)) : rows.where('distinct_key', '=', which.distinct)
  const row = await one.executeTakeFirst()
  return row === undefined ? undefined : keptOf<K>(row)
}

/** Records of a kind by name, and how many there are in all. */
export async function list<K extends RecordKind>(
  db: Db,
  project: string,
  { kind, top, skip }: Page & { readonly kind: K },
): Promise<{ readonly kept: readonly Kept<K>[]; readonly total: number }> {
  const all = () => db.of<RecordTables>(project).select('oob_records').where('kind', '=', kind)
  const rows = await all().selectAll().orderBy('key').limit(top).offset(skip).execute()
  const { total } = await all()
    .select(each => each.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return { kept: rows.map(row => keptOf<K>(row)), total: Number(total) }
}

export type Writing<K extends RecordKind> = {
  readonly kind: K
  readonly name: string
  readonly record: RecordOf[K]
  readonly distinct?: string
  readonly references?: readonly Reference[]
  /** Epoch ms. */
  readonly now: number
}

/** Makes a record. The caller has seen, in this transaction, that neither name nor distinct key are taken. */
export async function insert<K extends RecordKind>(tx: Tx, project: string, writing: Writing<K>): Promise<Kept<K>> {
  const version = await nextVersion(tx, project)
  const at = formatTime(writing.now)
  await tx
    .of<RecordTables>(project)
    .insert('oob_records', { ...rowOf(writing), version, created_at: at, updated_at: at })
    .execute()
  await refer(tx, project, writing)
  return { record: writing.record, version }
}

/** Replaces a record that exists. */
export async function replace<K extends RecordKind>(tx: Tx, project: string, writing: Writing<K>): Promise<Kept<K>> {
  const version = await nextVersion(tx, project)
  const { key, kind, name: _, ...row } = rowOf(writing)
  await tx
    .of<RecordTables>(project)
    .update('oob_records', { ...row, version, updated_at: formatTime(writing.now) })
    .where('kind', '=', kind)
    .where('key', '=', key)
    .execute()
  await refer(tx, project, writing)
  return { record: writing.record, version }
}

/** Forgets a record and what it named. Who names it must have been asked before. */
export async function erase(tx: Tx, project: string, { kind, name }: Reference): Promise<void> {
  const own = tx.of<RecordTables>(project)
  await own.remove('oob_record_references').where('kind', '=', kind).where('key', '=', keyOf(name)).execute()
  await own.remove('oob_records').where('kind', '=', kind).where('key', '=', keyOf(name)).execute()
}

/** The kinds of records that name this one. */
export async function referrers(db: Db, project: string, { kind, name }: Reference): Promise<readonly RecordKind[]> {
  const rows = await db
    .of<RecordTables>(project)
    .select('oob_record_references')
    .select('oob_record_references.kind')
    .distinct()
    .where('to_kind', '=', kind)
    .where('to_key', '=', keyOf(name))
    .execute()
  return rows.map(row => row.kind as RecordKind) // written by `refer` only
}

export function keyOf(name: string): string {
  return name.toLowerCase()
}

function keptOf<K extends RecordKind>(row: RecordRow): Kept<K> {
  return { record: JSON.parse(row.content) as RecordOf[K], version: Number(row.version) } // written by `rowOf` only, by kind
}

function rowOf<K extends RecordKind>({ kind, name, record, distinct }: Writing<K>) {
  return { kind, key: keyOf(name), name, distinct_key: distinct ?? null, content: JSON.stringify(record) }
}

async function refer<K extends RecordKind>(tx: Tx, project: string, writing: Writing<K>): Promise<void> {
  const { kind, name, references = [] } = writing
  const own = tx.of<RecordTables>(project)
  const key = keyOf(name)
  await own.remove('oob_record_references').where('kind', '=', kind).where('key', '=', key).execute()
  const targets = new Map(references.map(each => [`${each.kind} ${keyOf(each.name)}`, each]))
  for (const each of targets.values())
    await own.insert('oob_record_references', { kind, key, to_kind: each.kind, to_key: keyOf(each.name) }).execute()
}

async function nextVersion(tx: Tx, project: string): Promise<number> {
  const own = tx.of<RecordTables>(project)
  const row = await own.select('oob_record_versions').select('version').executeTakeFirst()
  const version = Number(row?.version ?? 0) + 1
  await own
    .insert('oob_record_versions', { version })
    .onConflict(clash => clash.column('project').doUpdateSet({ version }))
    .execute()
  return version
}
