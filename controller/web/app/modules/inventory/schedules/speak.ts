// SPDX-License-Identifier: Apache-2.0
/** Schedules as sentences: "Every Tuesday at 22:00 for 2 h on site Lyon". Pure. */
import { t } from '../../../words/inventory/schedules.ts'
import { type Cron, cronLine, rhythmOf } from './sentence.ts'

export type Spoken = Cron & { readonly durationSeconds: number; readonly timezone?: string | undefined }

/** When it repeats, and where as far as it is said. */
export function repeatSentence(schedule: Spoken, where = ''): string {
  const { durationSeconds, timezone } = schedule
  const rhythm = rhythmOf(schedule)
  const tail = `${t.for(lengthWords(durationSeconds))}${where}${t.zone(timezone ?? 'UTC')}`
  if (rhythm === undefined) return `${t.cron(cronLine(schedule))}${tail}`
  const { every, weekdays, monthdays, months, times } = rhythm
  const days =
    every === 'day' ? t.every.day() : every === 'week' ? t.every.week(monday(weekdays)) : t.every.month(monthdays)
  return `${days}${months.length === 0 ? '' : t.months(months)}${t.at(times)}${tail}`
}

/** Weeks begin on Monday, as in ISO 8601. */
export function monday(weekdays: readonly number[]): readonly number[] {
  return [...weekdays].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7))
}

export function lengthWords(seconds: number): string {
  return t.length(Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60)
}

/** Reads `2 h 30 min`, `90m`, `2:30`, `2`: hours unless told. `undefined` for what is none, or is none of 1 s to 24 h. */
export function readLength(text: string): number | undefined {
  const typed = text.trim().toLowerCase()
  const clock = /^(\d{1,2}):([0-5]\d)$/.exec(typed)
  const [, hours, minutes, seconds] =
    /^(?:(\d{1,2}(?:[.,]\d{1,2})?)\s*h(?:ours?)?)?\s*(?:(\d{1,4})\s*m(?:in(?:utes?)?)?)?\s*(?:(\d{1,5})\s*s)?$/.exec(
      typed,
    ) ?? []
  const plain = /^\d{1,2}$/.test(typed) ? Number(typed) * 3_600 : undefined
  const parts = [hours, minutes, seconds].map(part => Number((part ?? '0').replace(',', '.')))
  const [h = 0, m = 0, s = 0] = parts
  const total = clock === null ? (plain ?? h * 3_600 + m * 60 + s) : Number(clock[1]) * 3_600 + Number(clock[2]) * 60
  return typed !== '' && Number.isInteger(total) && total >= 1 && total <= 86_400 ? total : undefined
}

/** When a single one is open, by the reader's clock, and where as far as it is said. */
export function onceSentence({ startSeconds, endSeconds }: Once, where = ''): string {
  const zone = ownZone()
  const from = clockTime(startSeconds * 1_000, zone)
  const when = endSeconds === undefined ? t.onceOpen(from) : t.once(from, clockTime(endSeconds * 1_000, zone))
  return `${when}${where}${t.zone(zone)}`
}
type Once = { readonly startSeconds: number; readonly endSeconds?: number | undefined }

/** A moment by the clock of a place: `Tue 2026-11-24 22:00`. */
export function clockTime(at: number, timeZone: string): string {
  const parts = new Map(
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  const part = (type: string): string => parts.get(type as Intl.DateTimeFormatPartTypes) ?? '' // types of parts
  return `${part('weekday')} ${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`
}

/** The zone of whoever reads. */
export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}
