// SPDX-License-Identifier: Apache-2.0
/** Moments as a clock on a wall shows them. */
import type { EpochMs } from '../../../../plugins/contract/index.ts'

/** RFC 3339 with the offset that holds there and then: `2027-03-28T03:00:00+02:00`. Throws a RangeError for an unknown zone. */
export function localTime(at: EpochMs, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
  })
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? ''
  // Some editions of the zone tables write Greenwich without an offset.
  const offset = part('timeZoneName').replace('GMT', '') || '+00:00'
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}${offset}`
}
