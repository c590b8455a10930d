// SPDX-License-Identifier: Apache-2.0
/** Repeated schedules as sentences say them, and as the five fields of a cron. Pure. */
import { CRON_BOUNDS, isCronField } from '../../../../../modules/inventory/schedules/cron.ts'

/** Each field is `*` or numbers separated by commas; day of week 0 is Sunday. */
export type Cron = {
  readonly cronMinutes: string
  readonly cronHours: string
  readonly cronDayMonth: string
  readonly cronMonth: string
  readonly cronDayWeek: string
}

/** Every day, on days of the week, or on days of the month; at times of the day; in all months where none is named. */
export type Rhythm = {
  readonly every: 'day' | 'week' | 'month'
  /** 0 is Sunday; of `week` only. */
  readonly weekdays: readonly number[]
  /** 1 to 31; of `month` only. */
  readonly monthdays: readonly number[]
  /** 1 to 12; empty for all. */
  readonly months: readonly number[]
  /** `22:00`. */
  readonly times: readonly string[]
}

export const CRON_FIELDS = Object.keys(CRON_BOUNDS) as readonly (keyof Cron)[] // what it was made of

/** Whether a field says what the controller takes. */
export function isField(name: keyof Cron, text: string): boolean {
  return isCronField(text, CRON_BOUNDS[name])
}

const TIME = /^([01]?\d|2[0-3]):([0-5]\d)$/

/** Times as people type them, `6:00, 22:00`, in order and each once; `undefined` when one is none. */
export function readTimes(text: string): readonly string[] | undefined {
  const parts = text
    .split(/[\s,;]+/)
    .filter(part => part !== '')
    .map(part => TIME.exec(part))
  if (parts.length === 0 || parts.includes(null)) return undefined
  return [...new Set(parts.map(part => `${part?.[1]?.padStart(2, '0')}:${part?.[2]}`))].sort()
}

/** Days of the month as people type them, `1, 15-17`; `undefined` when one is none. */
export function readDays(text: string): readonly number[] | undefined {
  const days = new Set<number>()
  for (const part of text.split(/[\s,;]+/).filter(each => each !== '')) {
    const [, first, last = first] = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(part) ?? []
    const [low, high] = [Number(first), Number(last)]
    if (!(low >= 1 && high <= 31 && low <= high)) return undefined
    for (let day = low; day <= high; day++) days.add(day)
  }
  return days.size === 0 ? undefined : [...days].sort((a, b) => a - b)
}

/**
 * The fields for a rhythm. `undefined` when it is not whole, or its times cannot be said: a cron opens at each of its
 * hours with each of its minutes, so `06:00` and `22:30` would open at `06:30` and `22:00` too.
 */
export function cronOf({ every, weekdays, monthdays, months, times }: Rhythm): Cron | undefined {
  if (times.length === 0) return undefined
  if (every === 'week' && weekdays.length === 0) return undefined
  if (every === 'month' && monthdays.length === 0) return undefined
  const [hours, minutes] = [0, 1].map(at => numbers(times.map(time => Number(time.split(':')[at]))))
  if (hours === undefined || minutes === undefined || hours.length * minutes.length !== new Set(times).size)
    return undefined
  return {
    cronMinutes: minutes.join(','),
    cronHours: hours.join(','),
    cronDayMonth: every === 'month' ? listed(monthdays, 31) : '*',
    cronMonth: months.length === 0 ? '*' : listed(months, 12),
    cronDayWeek: every === 'week' ? listed(weekdays, 7) : '*',
  }
}

function numbers(given: readonly number[]): readonly number[] {
  return [...new Set(given)].sort((a, b) => a - b)
}

function listed(given: readonly number[], all: number): string {
  const sorted = numbers(given)
  return sorted.length === all ? '*' : sorted.join(',')
}

/** The most times that a sentence still names one by one. */
const MOST_TIMES = 12

/**
 * The rhythm that fields say; `undefined` for what no sentence of ours says: every minute or hour, days of the week and
 * of the month at once.
 */
export function rhythmOf(cron: Cron): Rhythm | undefined {
  const [minutes, hours, monthdays, months, weekdays] = CRON_FIELDS.map(name => listOf(cron[name]))
  if (minutes === undefined || hours === undefined) return undefined
  if (monthdays !== undefined && weekdays !== undefined) return undefined
  if (hours.length * minutes.length > MOST_TIMES) return undefined
  const times = hours.flatMap(hour => minutes.map(minute => `${padded(hour)}:${padded(minute)}`))
  return {
    every: weekdays !== undefined ? 'week' : monthdays !== undefined ? 'month' : 'day',
    weekdays: weekdays ?? [],
    monthdays: monthdays ?? [],
    months: months ?? [],
    times: times.sort(),
  }
}

/** `undefined` for `*`. */
function listOf(field: string): readonly number[] | undefined {
  return field === '*' ? undefined : numbers(field.split(',').map(Number))
}

function padded(value: number): string {
  return String(value).padStart(2, '0')
}

/** The fields as one line, in the order of every cron. */
export function cronLine(cron: Cron): string {
  return CRON_FIELDS.map(name => cron[name]).join(' ')
}
