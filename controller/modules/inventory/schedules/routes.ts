// SPDX-License-Identifier: Apache-2.0
/** Routes over schedules of both kinds: all that hold somewhere, and when they open next. */
import { type Static, Type } from 'typebox'
import { type EpochMs, formatTime, HOST_ID_PATTERN, SECOND } from '../../../../plugins/contract/index.ts'
import type { Http } from '../../../http/http.ts'
import { failures, InProject, Time } from '../../../http/schemas.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { problem } from '../../../query/problems.ts'
import type { Engine } from '../engine/engine.ts'
import type { Row } from '../engine/kind.ts'
import { resourceSchema } from '../engine/schemas.ts'
import { type Opening, upcoming } from './effect.ts'
import { choiceOf, parameters, REPEATED, SINGLE } from './kinds.ts'
import { localTime } from './local-time.ts'
import { UTC, windowAt } from './occurrences.ts'
import {
  type Choice,
  type RepeatedRow,
  repeatedTimes,
  rowsFor,
  type SingleRow,
  scheduledFor,
  singleTimes,
} from './stored.ts'
import { REPEATED_TABLE, SINGLE_TABLE } from './tables.ts'

const Asked = {
  hostId: Type.Optional(parameters.hostId),
  siteId: Type.Optional(parameters.siteId),
  regionId: Type.Optional(parameters.regionId),
} as const

const ListQuery = Type.Object(
  {
    ...Asked,
    unixEpoch: Type.Optional(parameters.unixEpoch),
    pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })),
    cursor: Type.Optional(Type.String({ maxLength: 200, description: 'nextCursor of the page before' })),
  },
  { additionalProperties: false },
)

const UpcomingQuery = Type.Object(
  {
    ...Asked,
    hostId: Type.Optional(Type.String({ pattern: HOST_ID_PATTERN })),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'At most so many; 10 unless told' })),
  },
  { additionalProperties: false },
)

const Occurrence = Type.Object({
  scheduleId: Type.String(),
  name: Type.String(),
  scheduleStatus: Type.String(),
  targetId: Type.String({ description: 'The host, site or region whose schedule it is' }),
  open: Type.Boolean({ description: 'It is open now' }),
  startTime: Time,
  endTime: Type.Optional(Time),
  startSeconds: Type.Integer({ description: 'Unix seconds' }),
  endSeconds: Type.Optional(
    Type.Integer({ description: 'Unix seconds; without it the window is open until it is ended' }),
  ),
  timezone: Type.String(),
  localStart: Type.String({ description: 'Local time of the time zone, with its offset' }),
  localEnd: Type.Optional(Type.String()),
})

export type ScheduleRoutes = { readonly kernel: Kernel; readonly engine: Engine }

export function scheduleRoutes(http: Http, parts: ScheduleRoutes): void {
  listRoute(http, parts)
  upcomingRoute(http, parts)
}

function listRoute(http: Http, { kernel, engine }: ScheduleRoutes): void {
  const shown = (name: string) => Type.Array(resourceSchema(engine.kind(name)))
  http.get(
    '/v1/projects/:project/schedules',
    {
      config: { access: 'inventory.read' },
      schema: {
        tags: ['schedules'],
        summary: 'List single and repeated schedules together, the single ones first',
        params: InProject,
        querystring: ListQuery,
        response: {
          200: Type.Object({
            singleSchedules: shown(SINGLE),
            repeatedSchedules: shown(REPEATED),
            totalElements: Type.Integer(),
            hasNext: Type.Boolean(),
            nextCursor: Type.Optional(Type.String()),
          }),
          ...failures,
        },
      },
    },
    async ({ params: { project }, query }) => {
      const { store } = kernel
      const choice = await choiceOf(engine, store, { project, asked: query })
      const page = pageOf(await openRows(kernel, project, choice), query)
      const render = (kind: string) =>
        engine.resources(store, {
          project,
          kind,
          rows: page.rows.filter(each => each.kind === kind).map(({ row }) => row),
        })
      return {
        singleSchedules: await render(SINGLE),
        repeatedSchedules: await render(REPEATED),
        totalElements: page.total,
        hasNext: page.next !== undefined,
        ...(page.next === undefined ? {} : { nextCursor: page.next }),
      } as never // the schema above says what is sent
    },
  )
}

type Kept = { readonly kind: string; readonly row: Row }

/** Rows of the choice, those only that are open at its time if it has one. */
async function openRows({ store }: Kernel, project: string, choice: Choice): Promise<readonly Kept[]> {
  const at = choice.at === undefined ? undefined : choice.at * SECOND
  const singles = await rowsFor<SingleRow>(store, { project, table: SINGLE_TABLE, choice })
  const repeated = await rowsFor<RepeatedRow>(store, { project, table: REPEATED_TABLE, choice })
  return [
    ...singles
      .filter(row => at === undefined || windowAt(singleTimes(row), at) !== undefined)
      .map(row => ({ kind: SINGLE, row })),
    ...repeated
      .filter(row => at === undefined || windowAt(repeatedTimes(row), at) !== undefined)
      .map(row => ({ kind: REPEATED, row })),
  ]
}

function pageOf(all: readonly Kept[], { pageSize = 20, offset = 0, cursor }: Static<typeof ListQuery>) {
  const from = cursor === undefined ? 0 : after(all, cursor)
  const start = from + offset
  const rows = all.slice(start, start + pageSize)
  const last = rows.at(-1)
  return {
    rows,
    total: all.length,
    next: start + pageSize < all.length && last !== undefined ? last.row.id : undefined,
  }
}

/** The place behind the row a cursor names, also when it has gone meanwhile. */
function after(all: readonly Kept[], cursor: string): number {
  const kind = /^singlesche-[0-9a-f]{8}$/.test(cursor) ? SINGLE : REPEATED
  if (kind === REPEATED && !/^repeatedsche-[0-9a-f]{8}$/.test(cursor)) throw problem('cursor-invalid')
  const found = all.findIndex(({ kind: own, row }) =>
    kind === SINGLE ? own === REPEATED || row.id > cursor : own === REPEATED && row.id > cursor,
  )
  return found === -1 ? all.length : found
}

function upcomingRoute(http: Http, { kernel, engine }: ScheduleRoutes): void {
  http.get(
    '/v1/projects/:project/schedules/upcoming',
    {
      config: { access: 'inventory.read' },
      schema: {
        tags: ['schedules'],
        summary: 'When schedules open next, those that are open now first',
        params: InProject,
        querystring: UpcomingQuery,
        response: {
          200: Type.Object({ now: Time, occurrences: Type.Array(Occurrence), totalElements: Type.Integer() }),
          ...failures,
        },
      },
    },
    async ({ params: { project }, query }) => {
      const choice = await choiceOf(engine, kernel.store, { project, asked: query })
      const now = kernel.clock.now()
      const openings = upcoming(await scheduledFor(kernel.store, project, choice), now, query.count ?? 10)
      const occurrences = openings.map(opening => occurrenceOf(opening, now))
      return { now: formatTime(now), occurrences, totalElements: occurrences.length }
    },
  )
}

/** One opening, in UTC and in the local time of its schedule. */
export function occurrenceOf({ schedule, occurrence }: Opening, now: EpochMs): Static<typeof Occurrence> {
  const { start, end } = occurrence
  const timezone = ('timezone' in schedule.times ? schedule.times.timezone : undefined) ?? UTC
  return {
    scheduleId: schedule.id,
    name: schedule.name,
    scheduleStatus: schedule.status,
    targetId: schedule.target,
    open: start <= now && (end === undefined || now < end),
    startTime: formatTime(start),
    startSeconds: start / SECOND,
    timezone,
    localStart: localTime(start, timezone),
    ...(end === undefined
      ? {}
      : { endTime: formatTime(end), endSeconds: end / SECOND, localEnd: localTime(end, timezone) }),
  }
}
