// SPDX-License-Identifier: Apache-2.0
/** The fields of a repeated schedule, as EIM takes them: `*`, or numbers within bounds. Pure. */

/** The least and the greatest number of each field. */
export const CRON_BOUNDS = {
  cronMinutes: [0, 59],
  cronHours: [0, 23],
  cronDayMonth: [1, 31],
  cronMonth: [1, 12],
  cronDayWeek: [0, 6],
} as const

/** Whether a field is `*`, or a list of numbers within the bounds, without spaces or leading zeros. */
export function isCronField(text: string, [low, high]: readonly [number, number]): boolean {
  if (text === '*') return true
  return text.split(',').every(each => /^(0|[1-9]\d?)$/.test(each) && Number(each) >= low && Number(each) <= high)
}
