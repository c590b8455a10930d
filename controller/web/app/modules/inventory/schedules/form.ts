// SPDX-License-Identifier: Apache-2.0
/** What is typed into the form of a schedule, and the body it gives. Pure. */
import type { NewSchedule, RepeatedBody, ScheduleChange, SingleBody, Status, Target } from '../acts/schedules.ts'
import type { Place, Schedule, TargetKind } from './queries.ts'
import { CRON_FIELDS, type Cron, cronOf, isField, readDays, readTimes, rhythmOf } from './sentence.ts'
import { lengthWords, readLength } from './speak.ts'

export type Form = {
  readonly name: string
  readonly status: Status
  readonly targetKind: TargetKind
  readonly target: string
  readonly repeats: boolean
  readonly every: 'day' | 'week' | 'month' | 'cron'
  readonly weekdays: readonly number[]
  readonly monthdays: string
  readonly months: readonly number[]
  readonly times: string
  readonly cron: Cron
  readonly length: string
  readonly zone: string
  /** As a field of the browser has it, by the reader's clock: `2026-11-21T22:00`. */
  readonly from: string
  readonly to: string
}

const EVERY_NIGHT: Cron = { cronMinutes: '0', cronHours: '22', cronDayMonth: '*', cronMonth: '*', cronDayWeek: '*' }

export function emptyForm(zone: string, place?: Pick<Place, 'kind' | 'id'>): Form {
  return {
    name: '',
    status: 'SCHEDULE_STATUS_MAINTENANCE',
    targetKind: place?.kind ?? 'site',
    target: place?.id ?? '',
    repeats: true,
    every: 'week',
    weekdays: [2],
    monthdays: '1',
    months: [],
    times: '22:00',
    cron: EVERY_NIGHT,
    length: '2 h',
    zone,
    from: '',
    to: '',
  }
}

/** A schedule as the form shows it. */
export function formOf(schedule: Schedule, zone: string): Form {
  const { resource, place, times, status } = schedule
  const form = {
    ...emptyForm(zone, place),
    name: resource.name ?? '',
    status: status as Status, // one of no purpose reads as maintenance only when it is saved with one
  }
  if ('startSeconds' in times) {
    const [from, to] = [times.startSeconds, times.endSeconds].map(localText)
    return { ...form, repeats: false, from: from ?? '', to: to ?? '' }
  }
  const rhythm = rhythmOf(times)
  return {
    ...form,
    zone: times.timezone ?? 'UTC',
    length: lengthWords(times.durationSeconds),
    cron: Object.fromEntries(CRON_FIELDS.map(name => [name, times[name]])) as Cron, // of its fields
    ...(rhythm === undefined
      ? { every: 'cron' as const }
      : {
          every: rhythm.every,
          weekdays: rhythm.weekdays,
          monthdays: rhythm.monthdays.length === 0 ? '1' : rhythm.monthdays.join(', '),
          months: rhythm.months,
          times: rhythm.times.join(', '),
        }),
  }
}

function localText(seconds: number | undefined): string | undefined {
  if (seconds === undefined) return undefined
  const at = new Date(seconds * 1_000)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** The fields that the form says; `undefined` while it does not. */
export function cronIn(form: Form): Cron | undefined {
  if (form.every === 'cron') return CRON_FIELDS.every(name => isField(name, form.cron[name])) ? form.cron : undefined
  const monthdays = form.every === 'month' ? readDays(form.monthdays) : []
  const times = readTimes(form.times)
  if (monthdays === undefined || times === undefined) return undefined
  return cronOf({ every: form.every, weekdays: form.weekdays, monthdays, months: form.months, times })
}

export function secondsOf(local: string): number | undefined {
  const at = local === '' ? Number.NaN : new Date(local).getTime()
  return Number.isFinite(at) ? Math.floor(at / 1_000) : undefined
}

const NAME = /^[a-zA-Z-_0-9./: ]{0,50}$/

/** Times of the form, whatever else is missing. */
export function timesIn(form: Form): SingleBody | (Cron & { durationSeconds: number; timezone: string }) | undefined {
  if (!form.repeats) {
    const [startSeconds, endSeconds] = [secondsOf(form.from), secondsOf(form.to)]
    if (startSeconds === undefined || (form.to !== '' && endSeconds === undefined)) return undefined
    if (endSeconds !== undefined && endSeconds <= startSeconds) return undefined
    return { startSeconds, ...(endSeconds === undefined ? {} : { endSeconds }) }
  }
  const cron = cronIn(form)
  const durationSeconds = readLength(form.length)
  if (cron === undefined || durationSeconds === undefined) return undefined
  return { ...cron, durationSeconds, timezone: form.zone }
}

function targetOf({ targetKind, target }: Form): Target {
  if (targetKind === 'host') return { targetHostId: target }
  return targetKind === 'site' ? { targetSiteId: target } : { targetRegionId: target }
}

/** The input of the act that makes it; `undefined` while something is missing or wrong. */
export function newInput(form: Form, { project, now }: { project: string; now: number }): NewSchedule | undefined {
  const times = timesIn(form)
  if (times === undefined || form.target === '' || !NAME.test(form.name.trim())) return undefined
  const name = form.name.trim()
  const common = { scheduleStatus: form.status, ...targetOf(form), ...(name === '' ? {} : { name }) }
  if ('cronHours' in times) return { project, kind: 'repeated', body: { ...common, ...times } }
  const { startSeconds } = times
  if (startSeconds === undefined || startSeconds * 1_000 <= now) return undefined
  return { project, kind: 'single', body: { ...common, ...times, startSeconds } }
}

/** The input of the act that changes it: only what differs; `undefined` when nothing does. */
export function changeInput(
  form: Form,
  { project, schedule }: { project: string; schedule: Schedule },
): ScheduleChange | undefined {
  const times = timesIn(form)
  const name = form.name.trim()
  if (times === undefined || form.target === '' || !NAME.test(name)) return undefined
  const was: Readonly<Record<string, unknown>> = { ...schedule.resource, timezone: schedule.zone }
  const body: SingleBody & RepeatedBody = {
    ...(name === (schedule.resource.name ?? '') ? {} : { name }),
    ...(form.status === schedule.status ? {} : { scheduleStatus: form.status }),
    ...(form.target === schedule.target ? {} : targetOf(form)),
    ...Object.fromEntries(Object.entries(times).filter(([member, value]) => was[member] !== value)),
    ...('startSeconds' in times && times.endSeconds === undefined && was.endSeconds !== undefined
      ? { endSeconds: null }
      : {}),
  }
  if (Object.keys(body).length === 0) return undefined
  return { project, id: schedule.id, kind: schedule.kind, body }
}
