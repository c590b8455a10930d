// SPDX-License-Identifier: Apache-2.0
/** Gives a project the groups every project starts with: once, the first time anybody asks for groups. */
import { formatTime } from '../../../../plugins/contract/index.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { SYSTEM } from '../../../kernel/permissions.ts'
import type { Db, Tx } from '../../../store/store.ts'
import type { Engine } from '../engine/engine.ts'
import { LOG_SEEDS, METRIC_SEEDS } from './seeds.ts'
import { SEEDED } from './tables.ts'

export const LOG_GROUP = 'telemetryLogsGroup'
export const METRIC_GROUP = 'telemetryMetricsGroup'

type Tables = { [SEEDED]: { project: string; at: string } }

export type Seeding = { readonly kernel: Kernel; readonly engine: () => Engine }

/** Idempotent; groups that people have removed since do not come back. */
export async function ensureSeeded(parts: Seeding, db: Db, project: string): Promise<void> {
  if (await isSeeded(db, project)) return
  if (isTx(db)) return seed(parts, db, project)
  await parts.kernel.store.change(tx => seed(parts, tx, project))
}

async function seed({ kernel, engine }: Seeding, tx: Tx, project: string): Promise<void> {
  if (await isSeeded(tx, project)) return
  await tx
    .of<Tables>(project)
    .insert(SEEDED, { at: formatTime(kernel.clock.now()) })
    .execute()
  const act = { project, by: SYSTEM }
  for (const { name, collectorKind, groups } of LOG_SEEDS)
    await engine().create(tx, act, { kind: LOG_GROUP, members: { name, collectorKind, groups } })
  for (const { name, collectorKind, groups } of METRIC_SEEDS)
    await engine().create(tx, act, { kind: METRIC_GROUP, members: { name, collectorKind, groups } })
}

async function isSeeded(db: Db, project: string): Promise<boolean> {
  const row = await db.of<Tables>(project).select(SEEDED).select('at').executeTakeFirst()
  return row !== undefined
}

function isTx(db: Db): db is Tx {
  return 'afterCommit' in db
}
