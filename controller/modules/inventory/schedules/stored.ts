// SPDX-License-Identifier: Apache-2.0
/** Schedules as they lie in the database, and those a question is about. */
import type { Db } from '../../../store/store.ts'
import type { Row } from '../engine/kind.ts'
import { isFor } from '../targets.ts'
import type { Scheduled } from './effect.ts'
import type { RepeatedTimes, SingleTimes } from './occurrences.ts'
import type { ScheduleStatus } from './rules.ts'
import { REPEATED_TABLE, SINGLE_TABLE, TARGETS } from './tables.ts'

type Common = Row & {
  readonly name: string | null
  readonly status: ScheduleStatus
  readonly target_host: string | null
  readonly target_site: string | null
  readonly target_region: string | null
}

export type SingleRow = Common & { readonly start_seconds: number; readonly end_seconds: number | null }

export type RepeatedRow = Common & {
  readonly duration_seconds: number
  readonly cron_minutes: string
  readonly cron_hours: string
  readonly cron_day_month: string
  readonly cron_month: string
  readonly cron_day_week: string
  readonly timezone: string | null
}

/** Which schedules: of these places, open at this time (Unix seconds); each only if told. */
export type Choice = { readonly chain: readonly string[] | undefined; readonly at: number | undefined }

export function singleTimes(row: SingleRow): SingleTimes {
  return { startSeconds: row.start_seconds, endSeconds: row.end_seconds ?? undefined }
}

export function repeatedTimes(row: RepeatedRow): RepeatedTimes {
  return {
    durationSeconds: row.duration_seconds,
    cronMinutes: row.cron_minutes,
    cronHours: row.cron_hours,
    cronDayMonth: row.cron_day_month,
    cronMonth: row.cron_month,
    cronDayWeek: row.cron_day_week,
    timezone: row.timezone ?? undefined,
  }
}

export type Stored = {
  readonly project: string
  readonly table: typeof SINGLE_TABLE | typeof REPEATED_TABLE
  readonly choice: Choice
}

/** Rows of the places chosen, by id; whether they are open is not asked here. */
export async function rowsFor<R extends Common>(db: Db, { project, table, choice }: Stored): Promise<readonly R[]> {
  let rows = db.of<Record<string, Common>>(project).select(table).selectAll().orderBy('id')
  const { chain } = choice
  if (chain !== undefined) rows = rows.where(isFor(table, TARGETS, chain))
  return (await rows.execute()) as unknown as readonly R[] // the table's own columns
}

/** All schedules of these places, of both kinds, in the form the rules read. */
export async function scheduledFor(db: Db, project: string, choice: Choice): Promise<readonly Scheduled[]> {
  const singles = await rowsFor<SingleRow>(db, { project, table: SINGLE_TABLE, choice })
  const repeated = await rowsFor<RepeatedRow>(db, { project, table: REPEATED_TABLE, choice })
  return [
    ...singles.map(row => ({ ...scheduled(row), times: singleTimes(row) })),
    ...repeated.map(row => ({ ...scheduled(row), times: repeatedTimes(row) })),
  ]
}

function scheduled(row: Common): Omit<Scheduled, 'times'> {
  const target = row.target_host ?? row.target_site ?? row.target_region ?? ''
  return { id: row.id, name: row.name ?? '', status: row.status, target }
}
