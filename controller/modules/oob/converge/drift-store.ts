// SPDX-License-Identifier: Apache-2.0
/** Findings and repairs in the store, and how many repairs there may be. */
import type { RawBuilder, SqlBool } from 'kysely'
import { DAY, type EpochMs, formatTime, MINUTE, newUlid } from '../../../../plugins/contract/index.ts'
import { projectChain } from '../../../kernel/audit.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Principal } from '../../../kernel/permissions.ts'
import type { Db, Tx } from '../../../store/store.ts'
import type { DeviceTables } from '../devices/tables.ts'
import type { Difference, Finding } from './drift-look.ts'
import type { Repaired } from './drift-repair.ts'
import { problem } from './playbooks/problems.ts'
import type { DriftRow, DriftTables } from './tables-drift.ts'

export const REPAIRS_A_DAY = 3
export const REPAIRS_A_MINUTE = 10
const REPAIRS_KEPT_MS = 30 * DAY

export type DeviceKey = { readonly project: string; readonly guid: string }

export async function findDrift(db: Db, { project, guid }: DeviceKey): Promise<DriftRow | undefined> {
  return db.of<DriftTables>(project).select('oob_drift').selectAll().where('guid', '=', guid).executeTakeFirst()
}

export type DriftQuery = {
  readonly state: DriftRow['state'] | undefined
  readonly after: string | undefined
  readonly limit: number
  readonly within: Within
}

/** Whose devices are shown: a condition over `oob_drift.guid`. */
type Within = RawBuilder<SqlBool>

/** Of devices that are still there. */
function rows(db: Db, project: string, within: Within) {
  return db
    .of<DriftTables & DeviceTables>(project)
    .select('oob_drift')
    .where(within)
    .where(each =>
      each.exists(
        each
          .selectFrom('oob_devices')
          .select('oob_devices.guid')
          .whereRef('oob_devices.project', '=', 'oob_drift.project')
          .whereRef('oob_devices.guid', '=', 'oob_drift.guid'),
      ),
    )
}

/** By GUID. */
export async function listDrift(
  db: Db,
  project: string,
  { state, after, limit, within }: DriftQuery,
): Promise<readonly DriftRow[]> {
  let page = rows(db, project, within).selectAll().orderBy('guid').limit(limit)
  if (state !== undefined) page = page.where('state', '=', state)
  if (after !== undefined) page = page.where('guid', '>', after)
  return page.execute()
}

export type DriftCounts = Readonly<Record<DriftRow['state'], number>>

export async function countDrift(db: Db, project: string, within: Within): Promise<DriftCounts> {
  const found = await rows(db, project, within)
    .select('state')
    .select(each => each.fn.countAll<number>().as('count'))
    .groupBy('state')
    .execute()
  const counts = { compliant: 0, drifted: 0, unknown: 0 }
  for (const { state, count } of found) counts[state] = Number(count)
  return counts
}

export function differencesOf(row: DriftRow): readonly Difference[] {
  return JSON.parse(row.steps) as Difference[] // written below only
}

export function toleratedOf(row: DriftRow | undefined): ReadonlySet<string> {
  return new Set(row === undefined ? [] : (JSON.parse(row.tolerated) as string[])) // as above
}

/** A device that was not looked at yet. */
export async function expectLook(
  tx: Tx,
  { project, guid }: DeviceKey,
  at: { readonly now: EpochMs; readonly due: EpochMs },
) {
  const row = {
    guid,
    profile: null,
    state: 'unknown' as const,
    since: formatTime(at.now),
    checked_at: null,
    due_at: formatTime(at.due),
    steps: '[]',
    why: 'it was not looked at yet',
    tolerated: '[]',
    failures: 0,
  }
  await tx
    .of<DriftTables>(project)
    .insert('oob_drift', row)
    .onConflict(clash => clash.doNothing())
    .execute()
}

export async function setDue(tx: Tx, { project, guid }: DeviceKey, due: EpochMs, failures?: number): Promise<void> {
  await tx
    .of<DriftTables>(project)
    .update('oob_drift', { due_at: formatTime(due), ...(failures === undefined ? {} : { failures }) })
    .where('guid', '=', guid)
    .execute()
}

export async function forgetDrift(tx: Tx, { project, guid }: DeviceKey): Promise<void> {
  await tx.of<DriftTables>(project).remove('oob_drift').where('guid', '=', guid).execute()
}

export type Keeping = {
  readonly finding: Finding
  readonly now: EpochMs
  readonly due?: EpochMs
  readonly tolerated?: readonly string[]
}

/** Keeps a finding, and tells of it when it says something new. */
export async function keepFinding(kernel: Kernel, tx: Tx, key: DeviceKey, keeping: Keeping): Promise<void> {
  const { finding, now, due, tolerated } = keeping
  const { project, guid } = key
  await expectLook(tx, key, { now, due: due ?? now })
  const before = await findDrift(tx, key)
  const steps = JSON.stringify(finding.steps)
  const isNew = before?.state !== finding.state
  await tx
    .of<DriftTables>(project)
    .update('oob_drift', {
      state: finding.state,
      steps,
      why: finding.why,
      checked_at: formatTime(now),
      failures: 0,
      ...(finding.profile === undefined ? {} : { profile: finding.profile }),
      ...(isNew ? { since: formatTime(now) } : {}),
      ...(due === undefined ? {} : { due_at: formatTime(due) }),
      ...(tolerated === undefined ? {} : { tolerated: JSON.stringify(tolerated) }),
    })
    .where('guid', '=', guid)
    .execute()
  if (!isNew && namesOf(before) === finding.steps.map(nameOf).join()) return
  await kernel.events.emit(tx, {
    project,
    type: 'oob.drift',
    subject: guid,
    data: { state: finding.state, why: finding.why, steps: finding.steps.map(({ area, says }) => ({ area, says })) },
  })
}

/** How far a clock is off changes with each look; that it is off does not. */
function nameOf({ area, do: kind }: Difference): string {
  return `${area} ${kind}`
}

function namesOf(row: DriftRow | undefined): string {
  return row === undefined ? '' : differencesOf(row).map(nameOf).join()
}

/** Takes a place among the repairs of the device and the project. Throws `drift-repair-limit`. */
export async function beginRepair(
  { clock, random }: Kernel,
  tx: Tx,
  { project, guid }: DeviceKey,
  by: Principal,
): Promise<string> {
  const now = clock.now()
  const count = async (since: EpochMs, of?: string): Promise<number> => {
    let rows = tx
      .of<DriftTables>(project)
      .select('oob_drift_repairs')
      .select(each => each.fn.countAll<number>().as('count'))
      .where('at', '>', formatTime(since))
    if (of !== undefined) rows = rows.where('guid', '=', of)
    return Number((await rows.executeTakeFirstOrThrow()).count)
  }
  if ((await count(now - DAY, guid)) >= REPAIRS_A_DAY)
    throw problem('drift-repair-limit', `it was repaired ${REPAIRS_A_DAY} times within a day`, { of: 'device' })
  if ((await count(now - MINUTE)) >= REPAIRS_A_MINUTE)
    throw problem('drift-repair-limit', `${REPAIRS_A_MINUTE} devices were repaired within a minute`, { of: 'project' })
  const id = newUlid(now, random)
  const row = { id, guid, at: formatTime(now), by: by.id, outcome: 'running' as const, done: '[]', failed: '[]' }
  await tx.of<DriftTables>(project).insert('oob_drift_repairs', row).execute()
  await tx
    .of<DriftTables>(project)
    .remove('oob_drift_repairs')
    .where('at', '<', formatTime(now - REPAIRS_KEPT_MS))
    .execute()
  return id
}

export type EndOfRepair = {
  readonly id: string
  readonly by: Principal
  readonly reason: string | undefined
  readonly repaired: Repaired
}

export async function endRepair(kernel: Kernel, tx: Tx, { project, guid }: DeviceKey, end: EndOfRepair): Promise<void> {
  const { id, by, reason, repaired } = end
  const done = repaired.done.map(({ do: kind, says }) => `${kind}: ${says}`)
  const failed = repaired.failed.map(({ do: kind, why }) => `${kind}: ${why}`)
  const isDone = failed.length === 0 && repaired.stopped === undefined
  await tx
    .of<DriftTables>(project)
    .update('oob_drift_repairs', {
      outcome: isDone ? 'done' : 'failed',
      done: JSON.stringify(done),
      failed: JSON.stringify(failed),
    })
    .where('id', '=', id)
    .execute()
  const stopped = repaired.stopped === undefined ? {} : { stopped: repaired.stopped }
  await kernel.audit.append(tx, {
    chain: projectChain(project),
    principal: by,
    action: 'oob.drift.repair',
    target: guid,
    outcome: 'done',
    ...(reason === undefined ? {} : { reason }),
    detail: { repair: id, done, failed, ...stopped },
  })
  await kernel.events.emit(tx, {
    project,
    type: 'oob.drift',
    subject: guid,
    data: { state: isDone ? 'repaired' : 'repair-failed', repair: id, done, failed, ...stopped },
  })
}
