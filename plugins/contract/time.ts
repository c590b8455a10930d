// SPDX-License-Identifier: Apache-2.0
/** The forms time takes on the wire and in memory. */

/** Milliseconds since 1970-01-01T00:00:00Z, as `Date.now()` counts them. */
export type EpochMs = number

/** RFC 3339 §5.6 in UTC with milliseconds, the only form we write: `2026-11-21T04:31:00.000Z`. */
export type Rfc3339 = string

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export const RFC3339_PATTERN = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$'

const rfc3339 = new RegExp(RFC3339_PATTERN)

/** Writes a time as RFC 3339 UTC. */
export function formatTime(at: EpochMs): Rfc3339 {
  return new Date(at).toISOString()
}

/** Reads RFC 3339; `undefined` when the text is not one, or names a day or hour that does not exist. */
export function parseTime(text: string): EpochMs | undefined {
  if (!rfc3339.test(text)) return undefined
  const at = Date.parse(text)
  if (Number.isNaN(at)) return undefined
  return isRealDay(text) ? at : undefined
}

// Date.parse rolls 31 February over into March instead of refusing it.
function isRealDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number)
  return month >= 1 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

const DURATION_UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY }

/** Reads what people type: `90s`, `15m`, `1h`, `30d`, `1h30m`; `undefined` when it is not a duration. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(ms|s|m|h|d))+$/.test(text)) return undefined
  let total = 0
  for (const [, count = '', unit = ''] of text.matchAll(/(\d+)(ms|s|m|h|d)/g)) {
    total += Number(count) * (DURATION_UNITS[unit] ?? Number.NaN)
  }
  return Number.isSafeInteger(total) ? total : undefined
}

/** Writes a length of time in its largest fitting unit, as tables show ages: `4m`, `3h`, `12d`. */
export function formatAge(lengthMs: number): string {
  const length = Math.max(0, lengthMs)
  if (length < MINUTE) return `${Math.floor(length / SECOND)}s`
  if (length < HOUR) return `${Math.floor(length / MINUTE)}m`
  if (length < 2 * DAY) return `${Math.floor(length / HOUR)}h`
  return `${Math.floor(length / DAY)}d`
}
