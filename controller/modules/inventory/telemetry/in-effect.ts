// SPDX-License-Identifier: Apache-2.0
/** The profiles that hold at a place, read from the database for the merge. */
import type { Db } from '../../../store/store.ts'
import type { Places } from '../chain.ts'
import { isFor } from '../targets.ts'
import { type LogLevel, type LogProfile, type Merged, type MetricProfile, mergeTelemetry } from './merge.ts'
import { LOG_GROUPS, LOG_PROFILES, METRIC_GROUPS, METRIC_PROFILES, TARGETS } from './tables.ts'

type GroupRow = { project: string; id: string; name: string; collector_kind: string; groups: string }
type ProfileRow = {
  project: string
  id: string
  target_instance: string | null
  target_site: string | null
  target_region: string | null
  collected: string
}
type LogRow = ProfileRow & { log_level: LogLevel }
type MetricRow = ProfileRow & { metrics_interval: number }

/** What is collected at a place: its own profiles and those of the places around it, the nearest first. */
export async function telemetryAt(db: Db, project: string, places: Places): Promise<Merged> {
  const near = (row: ProfileRow): number => places.indexOf(targetOf(row))
  const order = <R extends ProfileRow>(rows: readonly R[]) => rows.toSorted((one, other) => near(one) - near(other))
  const metrics = order(await profileRows<MetricRow>(db, { project, table: METRIC_PROFILES, places }))
  const logs = order(await profileRows<LogRow>(db, { project, table: LOG_PROFILES, places }))
  const metricGroups = await groupsOf(db, project, { table: METRIC_GROUPS, ids: metrics.map(each => each.collected) })
  const logGroups = await groupsOf(db, project, { table: LOG_GROUPS, ids: logs.map(each => each.collected) })
  return mergeTelemetry({
    metrics: metrics.flatMap((row): MetricProfile[] => {
      const group = metricGroups.get(row.collected)
      return group === undefined
        ? []
        : [{ id: row.id, target: targetOf(row), group, intervalSeconds: row.metrics_interval }]
    }),
    logs: logs.flatMap((row): LogProfile[] => {
      const group = logGroups.get(row.collected)
      return group === undefined ? [] : [{ id: row.id, target: targetOf(row), group, level: row.log_level }]
    }),
  })
}

function targetOf(row: ProfileRow): string {
  return row.target_instance ?? row.target_site ?? row.target_region ?? ''
}

type Wanted = {
  readonly project: string
  readonly table: typeof LOG_PROFILES | typeof METRIC_PROFILES
  readonly places: Places
}

async function profileRows<R extends ProfileRow>(db: Db, { project, table, places }: Wanted): Promise<readonly R[]> {
  if (places.length === 0) return []
  const rows = await db
    .of<Record<string, ProfileRow>>(project)
    .select(table)
    .selectAll()
    .where(isFor(table, TARGETS, places))
    .orderBy('id')
    .execute()
  return rows as unknown as readonly R[] // the table's own columns
}

async function groupsOf(
  db: Db,
  project: string,
  { table, ids }: { readonly table: typeof LOG_GROUPS | typeof METRIC_GROUPS; readonly ids: readonly string[] },
) {
  if (ids.length === 0) return new Map<string, MetricProfile['group']>()
  const rows = await db
    .of<Record<string, GroupRow>>(project)
    .select(table)
    .selectAll()
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(
    rows.map(({ id, name, collector_kind: collectorKind, groups }) => [
      id,
      { id, name, collectorKind, groups: JSON.parse(groups) as string[] }, // written from the schema of the member
    ]),
  )
}
