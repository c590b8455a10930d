// SPDX-License-Identifier: Apache-2.0
/** Maintenance windows: when a host may be disturbed, as a pure function of the clock. */
import { type Static, Type } from 'typebox'
import { DAY, type EpochMs, MINUTE } from './time.ts'

export const Weekday = Type.Enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])
export type Weekday = Static<typeof Weekday>

const CLOCK_PATTERN = '^([01]\\d|2[0-3]):[0-5]\\d$'

/** A weekly window in local time; `to` before or equal to `from` runs into the next day. */
export const Window = Type.Object(
  {
    days: Type.Array(Weekday, { minItems: 1, maxItems: 7 }),
    from: Type.String({ pattern: CLOCK_PATTERN }),
    to: Type.String({ pattern: CLOCK_PATTERN }),
  },
  { additionalProperties: false },
)
export type Window = Static<typeof Window>

/** When this host may be disturbed. Without windows it may be disturbed at any time. */
export const Windows = Type.Object(
  {
    /** IANA name, such as `Europe/Berlin`. */
    timeZone: Type.String({ minLength: 1, maxLength: 64 }),
    windows: Type.Array(Window, { maxItems: 64 }),
  },
  { additionalProperties: false },
)
export type Windows = Static<typeof Windows>

/** Tells whether a name is a time zone this runtime knows. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const DAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** Tells whether the moment lies in a window; true when there is none. An unknown time zone throws a RangeError. */
export function isOpen({ timeZone, windows }: Windows, at: EpochMs): boolean {
  if (windows.length === 0) return true
  const local = localClock(timeZone)(at)
  return windows.some(window => covers(window, local))
}

/** When the next window opens (to the minute); `undefined` when one is open now or none opens within eight days. */
export function nextOpening({ timeZone, windows }: Windows, at: EpochMs): EpochMs | undefined {
  if (isOpen({ timeZone, windows }, at)) return undefined
  const clock = localClock(timeZone)
  const start = Math.ceil(at / MINUTE) * MINUTE
  for (let candidate = start; candidate <= start + 8 * DAY; ) {
    const local = clock(candidate)
    if (windows.some(window => covers(window, local))) return candidate
    candidate += stepTo(windows, local) * MINUTE
  }
  return undefined
}

/** Minutes to the nearest hour of opening, but never beyond the next full hour: clocks change on full hours. */
function stepTo(windows: readonly Window[], { minutes }: LocalClock): number {
  const untilHour = 60 - (minutes % 60)
  const ahead = windows.map(({ from }) => minutesOf(from) - minutes).filter(wait => wait > 0)
  return Math.min(untilHour, ...ahead)
}

type LocalClock = { readonly day: number; readonly minutes: number }

function localClock(timeZone: string): (at: EpochMs) => LocalClock {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return at => {
    const parts = format.formatToParts(at)
    const part = (type: string): string => parts.find(each => each.type === type)?.value ?? ''
    const day = DAYS.indexOf(part('weekday').toLowerCase() as Weekday) // en-GB prints exactly these words
    return { day, minutes: Number(part('hour')) * 60 + Number(part('minute')) }
  }
}

function covers({ days, from, to }: Window, { day, minutes }: LocalClock): boolean {
  const opens = minutesOf(from)
  const closes = minutesOf(to)
  const today = days.includes(DAYS[day] ?? 'mon')
  if (opens < closes) return today && minutes >= opens && minutes < closes
  const yesterday = days.includes(DAYS[(day + 6) % 7] ?? 'mon')
  return (today && minutes >= opens) || (yesterday && minutes < closes)
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}
