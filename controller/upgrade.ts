// SPDX-License-Identifier: Apache-2.0
/** Keeps a copy of the database as an older program left it, before a newer one changes its tables. */
import { type EpochMs, formatTime } from '../plugins/contract/index.ts'
import { problem } from './store/problems.ts'
import type { Migrations, Store } from './store/store.ts'
import type { DataFolder } from './system/folder.ts'
import { VERSION } from './version.ts'

export type Ledger = readonly [owner: string, migrations: Migrations]

export type Keeping = {
  readonly store: Store
  readonly folder: DataFolder
  readonly ledgers: readonly Ledger[]
  /** The database's file, or `:memory:`. */
  readonly file: string
  readonly now: EpochMs
}

/** Copies that are kept: the way back over as many upgrades that changed tables. */
const MOST = 3

/**
 * Answers the file of the copy, or `undefined` when no table of before changes. Throws `schema-newer` before anything is
 * changed, and `store-unusable` when there is no room for the copy: an upgrade without a way back does not begin.
 */
export async function keepBefore({ store, folder, ledgers, file, now }: Keeping): Promise<string | undefined> {
  let changes = 0
  for (const [owner, migrations] of ledgers) changes += (await store.lacking(owner, migrations)).length
  if (changes === 0 || file === ':memory:') return undefined
  const stamp = formatTime(now).replace(/[:.]/g, '-')
  const copy = folder.keepCopy(`${stamp}-before-${VERSION}.db`, MOST)
  try {
    await store.backup(copy)
    return copy
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw problem('store-unusable', `no copy could be made before the upgrade, at ${copy}: ${why}`, {}, thrown)
  }
}
