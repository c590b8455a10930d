// SPDX-License-Identifier: Apache-2.0
/** Members of workloads as their workloads and instances show and remove them. */
import { type RawBuilder, sql } from 'kysely'
import type { SqlField } from '../../../query/query.ts'
import type { Db, Tx } from '../../../store/store.ts'
import type { Engine } from '../engine/engine.ts'
import type { Act, Members, Rendering, Row } from '../engine/kind.ts'

export const MEMBER = 'workloadMember'
const TABLE = 'inventory_workload_members'
type MemberRow = Row & { readonly workload: string; readonly instance: string }
type Tables = Record<string, Row>

/** From which side members are looked at. */
export type Side = 'workload' | 'instance'

/** Members of every given workload or instance, without what leads back to it. */
export async function membersOf(
  engine: Engine,
  side: Side,
  { db, project, rows, depth }: Rendering,
): Promise<ReadonlyMap<string, readonly Members[]>> {
  const found = await memberRows(db, project, { side, ids: rows.map(({ id }) => id) })
  const without = side === 'workload' ? ['workload'] : ['instance', 'member']
  const shown = await engine.resources(db, { project, kind: MEMBER, rows: found }, { depth: depth - 1, without })
  const bySide = new Map<string, Members[]>(rows.map(({ id }) => [id, []]))
  found.forEach((row, at) => {
    const member = shown[at]
    if (member !== undefined) bySide.get(row[side])?.push(member)
  })
  return bySide
}

/** Ends every membership of a workload or instance that goes away. */
export async function endMemberships(
  engine: Engine,
  tx: Tx,
  { act, side, id }: { readonly act: Act; readonly side: Side; readonly id: string },
): Promise<void> {
  for (const member of await memberRows(tx, act.project, { side, ids: [id] })) {
    await engine.remove(tx, act, { kind: MEMBER, id: member.id })
  }
}

async function memberRows(db: Db, project: string, { side, ids }: { side: Side; ids: readonly string[] }) {
  if (ids.length === 0) return []
  const rows = await db
    .of<Tables>(project)
    .select(TABLE)
    .selectAll()
    .where(side, 'in', [...ids])
    .orderBy('id')
    .execute()
  return rows as unknown as readonly MemberRow[] // the table's own columns
}

/** By what instances may be filtered through their memberships; `alias` is where the instances stand in the query. */
export function memberFields(alias: string): Readonly<Record<string, SqlField>> {
  // One that belongs to several is found by the first only.
  const first = (what: RawBuilder<unknown>) => () =>
    sql`(select ${what} from ${sql.table(TABLE)} as m join inventory_workloads as w on w.project = m.project and w.id = m.workload where m.project = ${sql.ref(`${alias}.project`)} and m.instance = ${sql.ref(`${alias}.id`)} order by m.id limit 1)`
  return {
    workloadMembers: { type: 'reference', sql: first(sql`m.id`) },
    'workloadMembers.resourceId': { type: 'id', sql: first(sql`m.id`) },
    'workloadMembers.workload': { type: 'reference', sql: first(sql`m.workload`) },
    'workloadMembers.workload.resourceId': { type: 'id', sql: first(sql`m.workload`) },
    'workloadMembers.workload.name': { type: 'text', sql: first(sql`w.name`) },
    'workloadMembers.workload.externalId': { type: 'text', sql: first(sql`w.external_id`) },
  }
}
