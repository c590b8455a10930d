// SPDX-License-Identifier: Apache-2.0
/** Openings of schedules around clock changes, ends of months and the edges of windows. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isZoneName,
  nextOccurrences,
  type RepeatedTimes,
  windowAt,
} from '../../../../../../controller/modules/inventory/schedules/occurrences.ts'

const at = (text: string): number => Date.parse(text)
const text = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : new Date(ms).toISOString())

function repeated(cron: string, timezone?: string, durationSeconds = 3_600): RepeatedTimes {
  const [cronMinutes = '*', cronHours = '*', cronDayMonth = '*', cronMonth = '*', cronDayWeek = '*'] = cron.split(' ')
  return { durationSeconds, cronMinutes, cronHours, cronDayMonth, cronMonth, cronDayWeek, timezone }
}

const starts = (times: RepeatedTimes, from: string, count: number): string[] =>
  nextOccurrences(times, at(from), count).map(({ start }) => new Date(start).toISOString().replace('.000Z', 'Z'))

describe('repeated schedules', () => {
  const cases: readonly [title: string, times: RepeatedTimes, from: string, expected: readonly string[]][] = [
    [
      'keep their local time over the change to summer time in Berlin',
      repeated('0 4 * * *', 'Europe/Berlin'),
      '2027-03-27T00:00:00Z',
      ['2027-03-27T03:00:00Z', '2027-03-28T02:00:00Z', '2027-03-29T02:00:00Z'],
    ],
    [
      'open at 03:00 local on the day that has no 02:30 in Berlin',
      repeated('30 2 * * *', 'Europe/Berlin'),
      '2027-03-27T12:00:00Z',
      ['2027-03-28T01:00:00Z', '2027-03-29T00:30:00Z'],
    ],
    [
      'open once on the day that has 02:30 twice in Berlin',
      repeated('30 2 * * *', 'Europe/Berlin'),
      '2027-10-30T12:00:00Z',
      ['2027-10-31T00:30:00Z', '2027-11-01T01:30:00Z'],
    ],
    [
      'open once where several hours are listed and one of them comes twice',
      repeated('30 2,14 * * *', 'Europe/Berlin'),
      '2027-10-30T22:00:00Z',
      ['2027-10-31T00:30:00Z', '2027-10-31T13:30:00Z'],
    ],
    [
      'open once after the gap where several listed times fall into it',
      repeated('0,30 2 * * *', 'Europe/Berlin'),
      '2027-03-28T00:00:00Z',
      ['2027-03-28T01:00:00Z', '2027-03-29T00:00:00Z'],
    ],
    [
      'open once after the gap where every minute of the missing hour is asked for',
      repeated('* 2 * * *', 'Europe/Berlin'),
      '2027-03-28T00:58:00Z',
      ['2027-03-28T01:00:00Z', '2027-03-29T00:00:00Z'],
    ],
    [
      'do not repeat the minutes of an hour that comes twice',
      repeated('* 2 * * *', 'Europe/Berlin'),
      '2027-10-31T00:58:00Z',
      ['2027-10-31T00:58:00Z', '2027-10-31T00:59:00Z', '2027-11-01T01:00:00Z'],
    ],
    [
      'open in each real hour where every hour is asked for',
      repeated('0 * * * *', 'Europe/Berlin'),
      '2027-10-30T23:30:00Z',
      ['2027-10-31T00:00:00Z', '2027-10-31T01:00:00Z', '2027-10-31T02:00:00Z'],
    ],
    [
      'open at 03:00 local on the day that has no 02:30 in New York',
      repeated('30 2 * * *', 'America/New_York'),
      '2027-03-13T12:00:00Z',
      ['2027-03-14T07:00:00Z', '2027-03-15T06:30:00Z'],
    ],
    [
      'open once on the day that has 01:30 twice in New York',
      repeated('30 1 * * *', 'America/New_York'),
      '2027-11-06T12:00:00Z',
      ['2027-11-07T05:30:00Z', '2027-11-08T06:30:00Z'],
    ],
    [
      'open after a gap of half an hour on Lord Howe Island',
      repeated('15 2 * * *', 'Australia/Lord_Howe'),
      '2027-10-02T00:00:00Z',
      ['2027-10-02T15:30:00Z', '2027-10-03T15:15:00Z'],
    ],
    [
      'open once where half an hour comes twice on Lord Howe Island',
      repeated('45 1 * * *', 'Australia/Lord_Howe'),
      '2027-04-03T00:00:00Z',
      ['2027-04-03T14:45:00Z', '2027-04-04T15:15:00Z'],
    ],
    [
      'follow an offset of half an hour in Kolkata',
      repeated('30 9 * * *', 'Asia/Kolkata'),
      '2027-04-03T00:00:00Z',
      ['2027-04-03T04:00:00Z', '2027-04-04T04:00:00Z'],
    ],
    [
      'leave out months without a 31st',
      repeated('0 0 31 * *'),
      '2027-01-31T00:00:01Z',
      ['2027-03-31T00:00:00Z', '2027-05-31T00:00:00Z', '2027-07-31T00:00:00Z'],
    ],
    [
      'open on the 29th of February of leap years only',
      repeated('0 0 29 2 *'),
      '2027-01-01T00:00:00Z',
      ['2028-02-29T00:00:00Z', '2032-02-29T00:00:00Z'],
    ],
    [
      'take a day that is either, where day of month and day of week are both given',
      repeated('0 0 13 * 5'),
      '2027-01-01T00:00:01Z',
      ['2027-01-08T00:00:00Z', '2027-01-13T00:00:00Z', '2027-01-15T00:00:00Z'],
    ],
    [
      'take the local day at the end of a month, not the day in UTC',
      repeated('30 0 1 * *', 'Asia/Kolkata'),
      '2027-01-15T00:00:00Z',
      ['2027-01-31T19:00:00Z', '2027-02-28T19:00:00Z'],
    ],
    [
      'read Sunday as 0',
      repeated('0 0 * * 0'),
      '2027-01-01T00:00:00Z',
      ['2027-01-03T00:00:00Z', '2027-01-10T00:00:00Z'],
    ],
    ['go by UTC without a time zone', repeated('30 2 * * *'), '2027-03-28T00:00:00Z', ['2027-03-28T02:30:00Z']],
    ['never open on a day that no month has', repeated('0 0 30 2 *'), '2027-01-01T00:00:00Z', []],
  ]

  it.each(cases)('%s', (_title, times, from, expected) => {
    expect(starts(times, from, Math.max(1, expected.length))).toEqual(expected)
  })

  it('count an opening at the very moment that is asked for', () => {
    expect(starts(repeated('0 0 * * *'), '2027-01-02T00:00:00Z', 1)).toEqual(['2027-01-02T00:00:00Z'])
    expect(starts(repeated('0 0 * * *'), '2027-01-02T00:00:00.001Z', 1)).toEqual(['2027-01-03T00:00:00Z'])
  })

  it('last their length in real time, also over a clock change', () => {
    const [over] = nextOccurrences(repeated('0 1 * * *', 'Europe/Berlin', 7_200), at('2027-03-27T12:00:00Z'), 1)

    expect(text(over?.start)).toBe('2027-03-28T00:00:00.000Z')
    expect(text(over?.end)).toBe('2027-03-28T02:00:00.000Z')
  })

  it('give at most a thousand openings', () => {
    expect(nextOccurrences(repeated('* * * * *'), 0, 1_000_000)).toHaveLength(1_000)
    expect(nextOccurrences(repeated('* * * * *'), 0, -1)).toEqual([])
  })
})

describe('the window at a moment', () => {
  const nightly = repeated('30 23 * * *', 'Europe/Berlin', 7_200)

  it.each([
    ['2027-06-01T21:29:59.999Z', undefined],
    ['2027-06-01T21:30:00Z', '2027-06-01T21:30:00.000Z'],
    ['2027-06-01T23:29:59.999Z', '2027-06-01T21:30:00.000Z'],
    ['2027-06-01T23:30:00Z', undefined],
  ])('at %s started at %s', (moment, start) => {
    expect(text(windowAt(nightly, at(moment))?.start)).toBe(start)
  })

  it('is the latest where openings overlap', () => {
    const hourly = repeated('0 * * * *', undefined, 7_200)

    expect(windowAt(hourly, at('2027-06-01T10:30:00Z'))).toEqual({
      start: at('2027-06-01T10:00:00Z'),
      end: at('2027-06-01T12:00:00Z'),
    })
  })

  it('is open after the gap on the day whose hour is missing', () => {
    const lost = repeated('30 2 * * *', 'Europe/Berlin')

    expect(text(windowAt(lost, at('2027-03-28T01:10:00Z'))?.start)).toBe('2027-03-28T01:00:00.000Z')
    expect(windowAt(lost, at('2027-03-28T02:10:00Z'))).toBeUndefined()
  })

  it('does not come back with the hour that comes twice', () => {
    const twice = repeated('30 2 * * *', 'Europe/Berlin', 600)

    expect(windowAt(twice, at('2027-10-31T00:35:00Z'))).toBeDefined()
    expect(windowAt(twice, at('2027-10-31T01:35:00Z'))).toBeUndefined()
  })

  it('contains exactly what the next openings say', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC']
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 60, max: 86_400 }),
        fc.integer({ min: at('2027-01-01T00:00:00Z'), max: at('2028-01-01T00:00:00Z') }),
        (zone, hour, minute, duration, from) => {
          const times = repeated(`${minute} ${hour} * * *`, zone, duration)
          const [next] = nextOccurrences(times, from, 1)
          if (next === undefined) return false
          const isOpen = (moment: number): boolean => windowAt(times, moment)?.start === next.start
          return next.start >= from && isOpen(next.start) && isOpen(next.start + 59_999) && !isOpen(next.start - 1)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('single schedules', () => {
  it('open once', () => {
    const times = { startSeconds: 100, endSeconds: 200 }

    expect(nextOccurrences(times, 100_000, 5)).toEqual([{ start: 100_000, end: 200_000 }])
    expect(nextOccurrences(times, 100_001, 5)).toEqual([])
  })

  it('contain their start and not their end', () => {
    const times = { startSeconds: 100, endSeconds: 200 }

    expect([99_999, 100_000, 199_999, 200_000].map(moment => windowAt(times, moment) !== undefined)).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  it('stay open for ever without an end', () => {
    expect(windowAt({ startSeconds: 100 }, 4_000_000_000_000)).toEqual({ start: 100_000, end: undefined })
  })
})

describe('names of time zones', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])('%s is one', name => {
    expect(isZoneName(name)).toBe(true)
  })
  it.each(['', '+02:00', 'Mars/Olympus', 'Europe/Berlin ', '../etc', 'x'.repeat(65)])('%j is none', name => {
    expect(isZoneName(name)).toBe(false)
  })
})
