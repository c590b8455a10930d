// SPDX-License-Identifier: Apache-2.0
/** What a schedule may say of its times and its time zone. */
import { type EpochMs, type Finding, SECOND } from '../../../../plugins/contract/index.ts'
import { CRON_BOUNDS, isCronField } from './cron.ts'
import { isZoneName, type RepeatedTimes, type SingleTimes } from './occurrences.ts'

/** Kinds of windows; the first three are in EIM's API, the others in its inventory only. */
export const SCHEDULE_STATUSES = [
  'SCHEDULE_STATUS_UNSPECIFIED',
  'SCHEDULE_STATUS_MAINTENANCE',
  'SCHEDULE_STATUS_OS_UPDATE',
  'SCHEDULE_STATUS_SHIPPING',
  'SCHEDULE_STATUS_FIRMWARE_UPDATE',
  'SCHEDULE_STATUS_CLUSTER_UPDATE',
] as const
export type ScheduleStatus = (typeof SCHEDULE_STATUSES)[number]

/** The end comes after the start. */
export function singleFindings({ startSeconds, endSeconds }: SingleTimes): readonly Finding[] {
  if (endSeconds === undefined || endSeconds > startSeconds) return []
  return [{ pointer: '/endSeconds', message: `must be after startSeconds, which is ${startSeconds}` }]
}

/** A new schedule starts in the future; one that has started may still be changed and ended. */
export function startFindings({ startSeconds }: SingleTimes, now: EpochMs): readonly Finding[] {
  if (startSeconds * SECOND > now) return []
  return [
    {
      pointer: '/startSeconds',
      message: `must be in the future; now it is ${Math.floor(now / SECOND)} (Unix seconds)`,
    },
  ]
}

/** Each field is `*` or a list of numbers within its bounds, and the time zone has a name that is known. */
export function repeatedFindings(times: RepeatedTimes): readonly Finding[] {
  const wrong: Finding[] = []
  for (const [name, [low, high]] of Object.entries(CRON_BOUNDS)) {
    const text = times[name as keyof typeof CRON_BOUNDS] // its own names
    if (!isCronField(text, [low, high]))
      wrong.push({ pointer: `/${name}`, message: `must be * or numbers from ${low} to ${high} separated by commas` })
  }
  if (times.timezone !== undefined && !isZoneName(times.timezone))
    wrong.push({ pointer: '/timezone', message: 'must be the IANA name of a time zone, such as Europe/Berlin' })
  return wrong
}
