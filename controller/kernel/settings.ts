// SPDX-License-Identifier: Apache-2.0
/** Facts about the installation that outlive the process: its id and how often it was restored. */
import type { Db, Store } from '../store/store.ts'
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

export async function writeSetting(db: Db, key: string, value: string): Promise<void> {
  await db
    .installation<KernelTables>()
    .insertInto('kernel_settings')
    .values({ key, value })
    .onConflict(clash => clash.column('key').doUpdateSet({ value }))
    .execute()
}

async function readAll(db: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await db.installation<KernelTables>().selectFrom('kernel_settings').selectAll().execute()
  return new Map(rows.map(row => [row.key, row.value]))
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
