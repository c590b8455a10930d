// SPDX-License-Identifier: Apache-2.0
/** Puts a backup in the place of the database: checked first, the old one kept, hosts told by a higher epoch. */
import { formatTime } from '../plugins/contract/index.ts'
import type { Resolved } from './config.ts'
import type { RestoredBy, SystemActs } from './http/routes/system.ts'
import type { Surroundings } from './kernel/ports.ts'
import { forgetTickets } from './kernel/presence.ts'
import { loadSettings, type Settings, writeSetting } from './kernel/settings.ts'
import type { Logs } from './log.ts'
import { problem } from './store/problems.ts'
import { inspectSqlite, openSqlite } from './store/sqlite.ts'
import type { Store } from './store/store.ts'
import type { DataFolder } from './system/folder.ts'

export type RestoreParts = {
  readonly config: Resolved
  readonly surroundings: Omit<Surroundings, 'log'>
  readonly logs: Logs
  readonly folder: DataFolder
  readonly settings: Settings
  readonly migrateAll: (store: Store) => Promise<void>
  /** Called once the new database lies ready and the controller should start on it. */
  readonly placed: () => void
}

/** Setting by which the restored database learns who put it in place; the next start takes it into the audit. */
export const RESTORED_BY = 'restored-by'

/** Name of the file that the next start takes for its database. */
export const READY = 'restore-ready.db'

/** Throws `backup-unusable` for what is no backup, is of another installation, or of a newer program. */
export function createRestore(parts: RestoreParts): SystemActs['restore'] {
  return async (file, upload, by) => {
    await parts.folder.receive(file, upload)
    inspectSqlite(file)
    const takenAt = await prepare(parts, file, by)
    parts.folder.layReady(file, parts.folder.path(READY))
    // The answer goes out first.
    parts.surroundings.clock.after(200, parts.placed)
    return { takenAt }
  }
}

/** Makes a checked copy fit to be this installation's database, and answers when it was taken. */
export async function prepare(
  { surroundings, logs, settings, migrateAll }: Pick<RestoreParts, 'surroundings' | 'logs' | 'settings' | 'migrateAll'>,
  file: string,
  by: RestoredBy,
): Promise<string> {
  const store = openSqlite(file)
  try {
    await migrateAll(store)
    const theirs = await loadSettings(store, { ...surroundings, log: logs.log })
    if (theirs.installation !== settings.installation)
      throw problem('backup-unusable', `it is of the installation ${theirs.installation}, not ${settings.installation}`)
    const takenAt = (await takenAtOf(store)) ?? formatTime(surroundings.clock.now())
    await writeSetting(store, 'epoch', String(Math.max(theirs.epoch, settings.epoch) + 1))
    await writeSetting(store, 'restored-from', takenAt)
    await writeSetting(store, RESTORED_BY, JSON.stringify({ ...by, takenAt }))
    await forgetTickets(store)
    return takenAt
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'schema-newer')
      throw problem('backup-unusable', thrown.message)
    throw thrown
  } finally {
    await store.close()
  }
}

async function takenAtOf(store: Store): Promise<string | undefined> {
  const row = await store
    .installation<{ kernel_settings: { key: string; value: string } }>()
    .selectFrom('kernel_settings')
    .select('value')
    .where('key', '=', 'backup-taken')
    .executeTakeFirst()
  return row?.value
}

/** Before the store is opened: takes a database that a restore has laid ready. */
export function takeRestored(folder: DataFolder, config: Resolved, now: number): boolean {
  return folder.takeReady(folder.path(READY), config.storeFile, formatTime(now).replace(/[:.]/g, '-'))
}
