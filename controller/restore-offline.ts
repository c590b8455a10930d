// SPDX-License-Identifier: Apache-2.0
/** Lays a backup ready for the next start while no controller runs: the way back from an upgrade. */
import type { Resolved } from './config.ts'
import { migrateFor } from './controller.ts'
import type { Surroundings } from './kernel/ports.ts'
import { loadSettings } from './kernel/settings.ts'
import type { Logs } from './log.ts'
import { prepare, READY } from './restore.ts'
import { inspectSqlite, openSqlite } from './store/sqlite.ts'
import { openFolder, refuseSecond } from './system/folder.ts'

export type OfflineRestore = {
  readonly config: Resolved
  readonly surroundings: Omit<Surroundings, 'log'>
  readonly logs: Logs
  readonly file: string
}

const BY = { id: 'root', name: 'root', reason: 'restored while the controller was stopped' } as const

/**
 * Checks the file, brings it to the tables of this program, raises its epoch above that of the present database, which
 * may be of a newer program, and answers when it was taken. Throws `already-running` and `backup-unusable`.
 */
export async function restoreOffline({ config, surroundings, logs, file }: OfflineRestore): Promise<string> {
  const folder = openFolder(config.dataDir)
  refuseSecond(folder)
  const copy = folder.takeIn(file)
  inspectSqlite(copy)
  const present = openSqlite(config.storeFile)
  const settings = await loadSettings(present, { ...surroundings, log: logs.log }).finally(() => present.close())
  const takenAt = await prepare({ surroundings, logs, settings, migrateAll: await migrateFor(config) }, copy, BY)
  folder.layReady(copy, folder.path(READY))
  return takenAt
}
