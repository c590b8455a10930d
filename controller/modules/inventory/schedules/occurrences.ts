// SPDX-License-Identifier: Apache-2.0
/** When schedules open: single ones and repeated ones, as pure functions of their times and a moment. */
import { Cron } from 'croner'
import { type EpochMs, SECOND } from '../../../../plugins/contract/time.ts'
import { isTimeZone } from '../../../../plugins/contract/window.ts'

/** One opening; without an end it stays open until somebody ends the schedule. */
export type Occurrence = { readonly start: EpochMs; readonly end: EpochMs | undefined }

/** Times of a single schedule, in Unix seconds. */
export type SingleTimes = { readonly startSeconds: number; readonly endSeconds?: number | undefined }

/** Times of a repeated schedule: each field is `*` or numbers separated by commas, read in the time zone. */
export type RepeatedTimes = {
  readonly durationSeconds: number
  readonly cronMinutes: string
  readonly cronHours: string
  readonly cronDayMonth: string
  readonly cronMonth: string
  /** 0 is Sunday. */
  readonly cronDayWeek: string
  /** IANA name; UTC when it is absent. */
  readonly timezone?: string | undefined
}

export type Times = SingleTimes | RepeatedTimes

export const UTC = 'UTC'
const MOST_OCCURRENCES = 1_000
const EVERY_MINUTE = Array.from({ length: 60 }, (_, minute) => minute).join(',')

/**
 * The next openings that start at or after a moment, soonest first; at most a thousand.
 *
 * A repeated schedule is read as Vixie cron reads it, in local time. When both day of month and day of week are
 * restricted, a day that satisfies either of them counts. A day that a month does not have is left out. A local time
 * that the clock change skips opens at the first moment after the gap; one that comes twice opens once, the first
 * time; only when the hours are `*` does each real hour open. The length is real time whatever the clocks do.
 */
export function nextOccurrences(times: Times, from: EpochMs, count: number): readonly Occurrence[] {
  const wanted = Math.min(Math.max(0, Math.floor(count)), MOST_OCCURRENCES)
  if (wanted === 0) return []
  if ('startSeconds' in times) {
    const only = singleOccurrence(times)
    return only.start >= from ? [only] : []
  }
  // The reading of a cron goes on from the second after the moment it is given.
  const before = new Date(Math.ceil(from / SECOND) * SECOND - SECOND)
  return cronOf(times)
    .nextRuns(wanted, before)
    .map(start => repeatedOccurrence(times, start))
}

/** The opening that contains a moment: its start belongs to it, its end does not. The latest one where several do. */
export function windowAt(times: Times, at: EpochMs): Occurrence | undefined {
  const latest = 'startSeconds' in times ? singleOccurrence(times) : lastStarted(times, at)
  if (latest === undefined || at < latest.start) return undefined
  return latest.end === undefined || at < latest.end ? latest : undefined
}

/** Tells whether a text is the IANA name of a time zone this runtime knows; offsets such as `+02:00` are not names. */
export function isZoneName(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(text) && isTimeZone(text)
}

function singleOccurrence({ startSeconds, endSeconds }: SingleTimes): Occurrence {
  return { start: startSeconds * SECOND, end: endSeconds === undefined ? undefined : endSeconds * SECOND }
}

function repeatedOccurrence({ durationSeconds }: RepeatedTimes, start: Date): Occurrence {
  return { start: start.getTime(), end: start.getTime() + durationSeconds * SECOND }
}

function lastStarted(times: RepeatedTimes, at: EpochMs): Occurrence | undefined {
  // What started at this very second has started.
  const after = new Date(Math.floor(at / SECOND) * SECOND + SECOND)
  const [start] = cronOf(times).previousRuns(1, after)
  return start === undefined ? undefined : repeatedOccurrence(times, start)
}

function cronOf(times: RepeatedTimes): Cron {
  const { cronMinutes, cronHours, cronDayMonth, cronMonth, cronDayWeek, timezone } = times
  // Written out, "every minute of the second hour" is a list of fixed times: it is moved and not repeated by the clocks.
  const minutes = cronMinutes === '*' && cronHours !== '*' ? EVERY_MINUTE : cronMinutes
  return new Cron([minutes, cronHours, cronDayMonth, cronMonth, cronDayWeek].join(' '), {
    mode: '5-part',
    timezone: timezone ?? UTC,
    fixedTimeRule: 'no-wildcard',
    domAndDow: false,
    paused: true,
  })
}
