// SPDX-License-Identifier: Apache-2.0
/** Facts about the installation that outlive the process: its id and how often it was restored. */
import type { Db, Store } from '../store/store.ts'
import { INSTALLATION_CHAIN } from './audit.ts'
import type { Surroundings } from './ports.ts'
import type { KernelTables } from './tables/tables.ts'

export type Settings = {
  readonly installation: string
  /** Raised by each restore, so that hosts refuse what the old database would say. */
  readonly epoch: number
  /** When the backup was taken that this database was restored from, if it was. */
  readonly restoredFrom: string | undefined
}

/** Reads the settings, making the installation's id the first time. */
export async function loadSettings(store: Store, { random }: Surroundings): Promise<Settings> {
  const known = await readAll(store)
  const installation = known.get('installation') ?? hex(random(8))
  if (!known.has('installation')) {
    await writeSetting(store, 'installation', installation)
    await writeSetting(store, 'epoch', '1')
  }
  return {
    installation,
    epoch: Number(known.get('epoch') ?? '1'),
    restoredFrom: known.get('restored-from'),
  }
}

/** Takes a setting away and tells what it was. */
export async function takeSetting(db: Db, key: string): Promise<string | undefined> {
  const row = await db
    .installation<KernelTables>()
    .deleteFrom('kernel_settings')
    .where('key', '=', key)
    .returning('value')
    .executeTakeFirst()
  return row?.value
}

export async function writeSetting(db: Db, key: string, value: string): Promise<void> {
  await db
    .installation<KernelTables>()
    .insertInto('kernel_settings')
    .values({ key, value })
    .onConflict(clash => clash.column('key').doUpdateSet({ value }))
    .execute()
}

export type Backup = { readonly takenAt: string; readonly sizeBytes?: number }

const SENT = 'backup-sent'

/** A backup was sent to its end. */
export async function noteBackup(db: Db, backup: Backup): Promise<void> {
  await writeSetting(db, SENT, JSON.stringify(backup))
}

/** The last backup that somebody has; the one this database was restored from is one too. */
export async function lastBackup(db: Db): Promise<Backup | undefined> {
  const known = await readAll(db)
  const sent = known.get(SENT)
  const restoredFrom = known.get('restored-from')
  const found = [
    ...(sent === undefined ? [] : [JSON.parse(sent) as Backup]), // written above
    ...(restoredFrom === undefined ? [] : [{ takenAt: restoredFrom }]),
  ]
  return found.sort((a, b) => (a.takenAt < b.takenAt ? 1 : -1))[0]
}

/** When the first thing was recorded here. */
export async function installedAt(db: Db): Promise<string | undefined> {
  const row = await db
    .installation<KernelTables>()
    .selectFrom('kernel_audit')
    .select('at')
    .where('chain', '=', INSTALLATION_CHAIN)
    .where('n', '=', 1)
    .executeTakeFirst()
  return row?.at
}

async function readAll(db: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await db.installation<KernelTables>().selectFrom('kernel_settings').selectAll().execute()
  return new Map(rows.map(row => [row.key, row.value]))
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
