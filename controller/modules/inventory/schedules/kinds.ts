// SPDX-License-Identifier: Apache-2.0
/** Single and repeated schedules: when a host, or all of a site or region, may be disturbed and what for. */
import { type Expression, type SqlBool, sql } from 'kysely'
import { type Static, Type } from 'typebox'
import type { Clock } from '../../../../plugins/contract/index.ts'
import { type Finding, HOST_ID_PATTERN, problem, SECOND } from '../../../../plugins/contract/index.ts'
import type { Db, Tx } from '../../../store/store.ts'
import { chainOf } from '../chain.ts'
import type { Engine } from '../engine/engine.ts'
import { type Act, type Cell, type Draft, defineKind, type Kind, type Member } from '../engine/kind.ts'
import { isFor, targetsSettled } from '../targets.ts'
import { windowAt } from './occurrences.ts'
import { repeatedFindings, SCHEDULE_STATUSES, singleFindings, startFindings } from './rules.ts'
import { type Choice, type RepeatedRow, repeatedTimes, rowsFor, type SingleRow, singleTimes } from './stored.ts'
import { REPEATED_TABLE, SINGLE_TABLE, TARGETS } from './tables.ts'

export const SINGLE = 'singleSchedule'
export const REPEATED = 'repeatedSchedule'

const common: Readonly<Record<string, Member>> = {
  scheduleStatus: {
    is: 'column',
    column: 'status',
    schema: Type.Enum([...SCHEDULE_STATUSES]),
    required: true,
  },
  name: {
    is: 'column',
    column: 'name',
    schema: Type.String({ maxLength: 50, pattern: '^$|^[a-zA-Z-_0-9./: ]+$' }),
    searched: true,
  },
  targetHost: { is: 'reference', to: 'host', column: 'target_host', writes: 'targetHostId' },
  targetSite: { is: 'reference', to: 'site', column: 'target_site', writes: 'targetSiteId' },
  targetRegion: { is: 'reference', to: 'region', column: 'target_region', writes: 'targetRegionId' },
}

/** What may be asked of every list of schedules. */
export const parameters = {
  hostId: Type.String({ pattern: HOST_ID_PATTERN, description: 'Those of this host, its site and its regions' }),
  siteId: Type.String({ pattern: '^site-[0-9a-f]{8}$', description: 'Those of this site and its regions' }),
  regionId: Type.String({ pattern: '^region-[0-9a-f]{8}$', description: 'Those of this region and those around it' }),
  unixEpoch: Type.String({
    pattern: '^[0-9]{1,11}$',
    description: 'Those that are open at this time, in Unix seconds',
  }),
} as const
const Asked = Type.Object({
  hostId: Type.Optional(parameters.hostId),
  siteId: Type.Optional(parameters.siteId),
  regionId: Type.Optional(parameters.regionId),
  unixEpoch: Type.Optional(parameters.unixEpoch),
})
export type AskedOfSchedules = Static<typeof Asked>

export type ScheduleParts = { readonly engine: () => Engine; readonly clock: Pick<Clock, 'now'> }

const Seconds = Type.Integer({ minimum: 1, maximum: 4_294_967_295, description: 'Unix seconds' })
const cron = (column: string, pattern: string, says: string): Member => ({
  is: 'column',
  column,
  schema: Type.String({ pattern, maxLength: 200, description: says }),
  required: true,
})

export function singleSchedule({ engine, clock }: ScheduleParts): Kind {
  return defineKind({
    name: SINGLE,
    words: ['single schedule', 'single schedules'],
    prefix: 'singlesche',
    table: SINGLE_TABLE,
    places: [{ path: '/schedules/single' }],
    plural: 'singleSchedules',
    tag: 'schedules',
    verbs: ['list', 'get', 'create', 'put', 'patch', 'delete'],
    members: {
      ...common,
      startSeconds: { is: 'column', column: 'start_seconds', form: 'integer', schema: Seconds, required: true },
      endSeconds: { is: 'column', column: 'end_seconds', form: 'integer', schema: Seconds },
      singleScheduleID: { is: 'alias' },
    },
    parameters,
    narrow: async ({ db, project, asked }) => {
      const choice = await choiceOf(engine(), db, { project, asked: asked as AskedOfSchedules }) // by the parameters above
      return narrowed(choice, SINGLE_TABLE, openSingles(choice.at))
    },
    check: async (_tx, draft) => {
      const times = singleTimes(draft.next as SingleRow) // written from the members above
      const fresh = draft.present === undefined ? startFindings(times, clock.now()) : []
      return settled(draft, [...fresh, ...singleFindings(times)])
    },
  })
}

export function repeatedSchedule({ engine }: ScheduleParts): Kind {
  return defineKind({
    name: REPEATED,
    words: ['repeated schedule', 'repeated schedules'],
    prefix: 'repeatedsche',
    table: REPEATED_TABLE,
    places: [{ path: '/schedules/repeated' }],
    plural: 'repeatedSchedules',
    tag: 'schedules',
    verbs: ['list', 'get', 'create', 'put', 'patch', 'delete'],
    members: {
      ...common,
      durationSeconds: {
        is: 'column',
        column: 'duration_seconds',
        form: 'integer',
        schema: Type.Integer({ minimum: 1, maximum: 86_400, description: 'Seconds' }),
        required: true,
      },
      cronMinutes: cron('cron_minutes', '^([*]|([0-9]|([1-5][0-9]))((,([0-9]|([1-5][0-9])))*))$', '0 to 59'),
      cronHours: cron('cron_hours', '^([*]|([0-9]|1[0-9]|2[0-3])((,([0-9]|1[0-9]|2[0-3]))*))$', '0 to 23'),
      cronDayMonth: cron(
        'cron_day_month',
        '^([*]|([1-9]|([12][0-9])|3[01])((,([1-9]|([12][0-9])|3[01]))*))$',
        '1 to 31; where days of the week are given too, a day that is either counts',
      ),
      cronMonth: cron('cron_month', '^([*]|([1-9]|1[012])((,([1-9]|1[012]))*))$', '1 to 12'),
      cronDayWeek: cron('cron_day_week', '^([*]|([0-6])((,([0-6]))*))$', '0 to 6, 0 is Sunday'),
      timezone: {
        is: 'column',
        column: 'timezone',
        own: true,
        schema: Type.String({ maxLength: 64, description: 'IANA name, such as Europe/Berlin; UTC unless told' }),
      },
      repeatedScheduleID: { is: 'alias' },
    },
    parameters,
    narrow: async ({ db, project, asked }) => {
      const choice = await choiceOf(engine(), db, { project, asked: asked as AskedOfSchedules }) // by the parameters above
      if (choice.at === undefined) return narrowed(choice, REPEATED_TABLE)
      // Only the calendar can tell which are open.
      const rows = await rowsFor<RepeatedRow>(db, { project, table: REPEATED_TABLE, choice })
      const open = rows.filter(row => windowAt(repeatedTimes(row), (choice.at ?? 0) * SECOND) !== undefined)
      return idIn(
        REPEATED_TABLE,
        open.map(({ id }) => id),
      )
    },
    check: async (_tx, draft) => settled(draft, repeatedFindings(repeatedTimes(draft.next as RepeatedRow))), // as above
  })
}

/** Whose schedules and those of which moment are asked for. Throws `invalid` when two things are named. */
export async function choiceOf(
  engine: Engine,
  db: Db,
  { project, asked }: { readonly project: string; readonly asked: AskedOfSchedules },
): Promise<Choice> {
  const { hostId, siteId, regionId, unixEpoch } = asked
  const named = Object.entries({ hostId, siteId, regionId }).filter(([, id]) => id !== undefined)
  if (named.length > 1) {
    const message = 'ask for one host, site or region'
    const findings = named.map(([name]) => ({ pointer: `/querystring/${name}`, message }))
    throw problem('invalid', message, { findings })
  }
  const chain = await chainOf(engine, db, project, { host: hostId, site: siteId, region: regionId })
  return { chain, at: unixEpoch === undefined ? undefined : Number(unixEpoch) }
}

function settled(draft: Draft, findings: readonly Finding[]): Readonly<Record<string, Cell>> {
  const inBody = findings.map(({ pointer, message }) => ({ pointer: `/body${pointer}`, message }))
  return targetsSettled(TARGETS, draft, inBody)
}

type Condition = Expression<SqlBool>

function narrowed({ chain }: Choice, table: string, more?: Condition): Condition | undefined {
  const placed = chain === undefined ? undefined : isFor(table, TARGETS, chain)
  if (placed === undefined) return more
  return more === undefined ? placed : sql<SqlBool>`${placed} and ${more}`
}

function openSingles(at: number | undefined): Condition | undefined {
  if (at === undefined) return undefined
  const [start, end] = [sql.ref(`${SINGLE_TABLE}.start_seconds`), sql.ref(`${SINGLE_TABLE}.end_seconds`)]
  return sql<SqlBool>`(${start} <= ${at} and (${end} is null or ${end} > ${at}))`
}

function idIn(table: string, ids: readonly string[]): Condition {
  return ids.length === 0 ? sql<SqlBool>`1 = 0` : sql<SqlBool>`${sql.ref(`${table}.id`)} in (${sql.join([...ids])})`
}

/** Removes the schedules of a host that goes away; those of its places stay. */
export async function dropSchedulesOf(
  engine: Engine,
  tx: Tx,
  { act, host }: { readonly act: Act; readonly host: string },
): Promise<void> {
  for (const [kind, table] of [
    [SINGLE, SINGLE_TABLE],
    [REPEATED, REPEATED_TABLE],
  ] as const) {
    const rows = await rowsFor(tx, { project: act.project, table, choice: { chain: [host], at: undefined } })
    for (const { id } of rows) await engine.remove(tx, act, { kind, id })
  }
}
