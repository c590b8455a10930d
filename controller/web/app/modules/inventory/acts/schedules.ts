// SPDX-License-Identifier: Apache-2.0
/** Acts on schedules, single and repeated. */
import { defineAct, quoted, reasonFlag } from '../../../acts/act.ts'
import { type Call, call } from '../../../api/call.ts'

export const STATUSES = {
  SCHEDULE_STATUS_MAINTENANCE: 'maintenance',
  SCHEDULE_STATUS_OS_UPDATE: 'osupdate',
  SCHEDULE_STATUS_SHIPPING: 'shipping',
  SCHEDULE_STATUS_FIRMWARE_UPDATE: 'firmware-update',
  SCHEDULE_STATUS_CLUSTER_UPDATE: 'cluster-update',
} as const
export type Status = keyof typeof STATUSES

export type Target = {
  readonly targetHostId?: string
  readonly targetSiteId?: string
  readonly targetRegionId?: string
}
type Common = Target & { readonly name?: string; readonly scheduleStatus?: Status }
export type SingleBody = Common & { readonly startSeconds?: number; readonly endSeconds?: number | null }
export type RepeatedBody = Common & {
  readonly durationSeconds?: number
  readonly cronMinutes?: string
  readonly cronHours?: string
  readonly cronDayMonth?: string
  readonly cronMonth?: string
  readonly cronDayWeek?: string
  readonly timezone?: string
}

type Whole<B> = B & { readonly scheduleStatus: Status }
type NewSingle = Whole<SingleBody> & { readonly startSeconds: number }
type NewRepeated = Whole<Required<Omit<RepeatedBody, keyof Common>> & Common>

export type NewSchedule =
  | { readonly project: string; readonly kind: 'single'; readonly body: NewSingle }
  | { readonly project: string; readonly kind: 'repeated'; readonly body: NewRepeated }
export type ScheduleChange = { readonly project: string; readonly id: string } & (
  | { readonly kind: 'single'; readonly body: SingleBody }
  | { readonly kind: 'repeated'; readonly body: RepeatedBody }
)

const OPTIONS = {
  targetHostId: 'target',
  targetSiteId: 'target',
  targetRegionId: 'target',
  scheduleStatus: 'maintenance-type',
  startSeconds: 'start-time',
  endSeconds: 'end-time',
  cronDayWeek: 'day-of-week',
  cronDayMonth: 'day-of-month',
  cronMonth: 'months',
  cronHours: 'hour',
  cronMinutes: 'minute',
  durationSeconds: 'duration',
  timezone: 'timezone',
} as const

/** The members of a body as options, each on its place whatever order they came in. */
function flags(body: SingleBody & RepeatedBody): string {
  return Object.entries(OPTIONS)
    .flatMap(([member, option]) => {
      const value = body[member as keyof typeof OPTIONS] // the names of OPTIONS
      return value === undefined || value === null ? [] : [` --${option} ${quoted(spelled(member, value))}`]
    })
    .join('')
}

function spelled(member: string, value: string | number): string {
  if (member === 'scheduleStatus') return STATUSES[value as Status] // its own schema
  if (member === 'startSeconds' || member === 'endSeconds')
    return new Date(Number(value) * 1_000).toISOString().replace('.000Z', 'Z')
  return String(value)
}

export const createSchedule = defineAct<NewSchedule>({
  name: 'schedule.create',
  riskClass: 1,
  permission: 'inventory.write',
  cli: ({ kind, body: { name, ...rest } }) =>
    `muster schedule create${name === undefined ? '' : ` ${quoted(name)}`}${kind === 'repeated' ? ' --frequency-type repeated' : ''}${flags(rest)}`,
  calls: ({ project, kind, body }) => [
    kind === 'single'
      ? call('POST', '/v1/projects/{projectName}/schedules/single', {
          path: { projectName: project },
          body: body as never, // an end of null is left out of new ones by who makes them
        })
      : call('POST', '/v1/projects/{projectName}/schedules/repeated', { path: { projectName: project }, body }),
  ],
  example: {
    project: 'default',
    kind: 'repeated',
    body: {
      name: 'tuesday nights',
      scheduleStatus: 'SCHEDULE_STATUS_MAINTENANCE',
      targetSiteId: 'site-1a2b3c4d',
      durationSeconds: 7_200,
      cronMinutes: '0',
      cronHours: '22',
      cronDayMonth: '*',
      cronMonth: '*',
      cronDayWeek: '2',
      timezone: 'Europe/Berlin',
    },
  },
})

/** The command line has no option for a name, nor for taking an end away; a document can say both. */
function changeLine({ id, body }: ScheduleChange): string {
  if (body.name !== undefined || ('endSeconds' in body && body.endSeconds === null))
    return `echo ${quoted(JSON.stringify(body))} | muster schedule set ${id} -f -`
  return `muster schedule set ${id}${flags(body)}`
}

export const changeSchedule = defineAct<ScheduleChange>({
  name: 'schedule.change',
  riskClass: 1,
  permission: 'inventory.write',
  cli: changeLine,
  calls: ({ project, kind, id, body }) => [
    kind === 'single'
      ? call('PATCH', '/v1/projects/{projectName}/schedules/single/{resourceId}', {
          path: { projectName: project, resourceId: id },
          body: body as never, // a null takes the end away, which the description does not say
        })
      : call('PATCH', '/v1/projects/{projectName}/schedules/repeated/{resourceId}', {
          path: { projectName: project, resourceId: id },
          body,
        }),
  ],
  example: {
    project: 'default',
    kind: 'single',
    id: 'singlesche-1a2b3c4d',
    body: { startSeconds: 4_076_812_800, endSeconds: 4_076_841_600, targetHostId: 'host-1a2b3c4d' },
  },
})

type Deletion = { readonly project: string; readonly id: string; readonly kind: 'single' | 'repeated' }

export const deleteSchedule = defineAct<Deletion>({
  name: 'schedule.delete',
  riskClass: 2,
  permission: 'inventory.write',
  cli: ({ id, reason }) => `muster schedule rm ${id}${reasonFlag({ reason })} -y`,
  calls: ({ project, id, kind, reason }): readonly Call[] => [
    kind === 'single'
      ? call('DELETE', '/v1/projects/{projectName}/schedules/single/{resourceId}', {
          path: { projectName: project, resourceId: id },
          query: { reason },
        })
      : call('DELETE', '/v1/projects/{projectName}/schedules/repeated/{resourceId}', {
          path: { projectName: project, resourceId: id },
          query: { reason },
        }),
  ],
  example: { project: 'default', kind: 'repeated', id: 'repeatedsche-1a2b3c4d', reason: 'the line is gone' },
})
