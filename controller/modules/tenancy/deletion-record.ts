// SPDX-License-Identifier: Apache-2.0
/** The record of a deletion that is under way: what there was, and what is gone. */
import type { Db, Tx } from '../../store/store.ts'
import type { DeletionRow, TenancyTables } from './tables.ts'

/** How many were removed, by table; `files` for blobs. */
export type Removed = Readonly<Record<string, number>>

export async function startRecord(tx: Tx, row: Omit<DeletionRow, 'removed'>): Promise<void> {
  await tx
    .installation<TenancyTables>()
    .insertInto('tenancy_deletions')
    .values({ ...row, removed: '{}' })
    .onConflict(clash => clash.column('name').doNothing())
    .execute()
}

/** Of a project that was closed without a record nothing is known. */
export async function recordOf(db: Db, name: string): Promise<Omit<DeletionRow, 'name'>> {
  const row = await db
    .installation<TenancyTables>()
    .selectFrom('tenancy_deletions')
    .selectAll()
    .where('name', '=', name)
    .executeTakeFirst()
  return row ?? { started_at: '', hosts: 0, removed: '{}' }
}

/** Adds to what is gone, and returns all of it. */
export async function writeRemoved(tx: Tx, name: string, more: Removed): Promise<Removed> {
  const removed: Record<string, number> = JSON.parse((await recordOf(tx, name)).removed) // written below
  for (const [what, count] of Object.entries(more)) removed[what] = (removed[what] ?? 0) + count
  await tx
    .installation<TenancyTables>()
    .updateTable('tenancy_deletions')
    .set({ removed: JSON.stringify(removed) })
    .where('name', '=', name)
    .execute()
  return removed
}
