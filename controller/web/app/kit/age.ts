// SPDX-License-Identifier: Apache-2.0
/** Times as people say them. */
import { t } from '../words/kit.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A duration in its largest unit: `12 s`, `4 min`, `3 h`, `21 d`. */
export function spoken(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 90) return `${seconds} ${t.unit.second}`
  if (seconds < 90 * MINUTE) return `${Math.round(seconds / MINUTE)} ${t.unit.minute}`
  if (seconds < 36 * HOUR) return `${Math.round(seconds / HOUR)} ${t.unit.hour}`
  return `${Math.round(seconds / DAY)} ${t.unit.day}`
}

/** Whether this person reads times in UTC; set before the first paint, as colours are. */
export function prefersUtc(): boolean {
  return globalThis.document?.documentElement.dataset.time === 'utc'
}

/** ISO 8601 without the T, to the second, in UTC or in local time, as is preferred where nothing is said. */
export function absolute(at: string | number | Date, utc = prefersUtc()): string {
  const date = new Date(at)
  if (utc) return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return shifted.toISOString().slice(0, 19).replace('T', ' ')
}
