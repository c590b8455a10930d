// SPDX-License-Identifier: Apache-2.0
/** Schedules as sentences and as crons: what goes one way comes back the other. */
import { describe, expect, it } from 'vitest'
import { nextOccurrences } from '../../../controller/modules/inventory/schedules/occurrences.ts'
import {
  type Cron,
  cronOf,
  isField,
  type Rhythm,
  readDays,
  readTimes,
  rhythmOf,
} from '../../../controller/web/app/modules/inventory/schedules/sentence.ts'
import {
  lengthWords,
  readLength,
  repeatSentence,
} from '../../../controller/web/app/modules/inventory/schedules/speak.ts'
import { conflictsIn, openingsIn, type Timed } from '../../../controller/web/app/modules/inventory/schedules/week.ts'

const cron = (line: string): Cron => {
  const [cronMinutes = '', cronHours = '', cronDayMonth = '', cronMonth = '', cronDayWeek = ''] = line.split(' ')
  return { cronMinutes, cronHours, cronDayMonth, cronMonth, cronDayWeek }
}
const rhythm = (more: Partial<Rhythm>): Rhythm => ({
  every: 'day',
  weekdays: [],
  monthdays: [],
  months: [],
  times: ['22:00'],
  ...more,
})
const said = (line: string): string =>
  repeatSentence({ ...cron(line), durationSeconds: 7_200, timezone: 'Europe/Paris' }, ' on site Lyon')

describe('a rhythm', () => {
  it.each([
    ['0 22 * * *', rhythm({})],
    ['0 22 * * 2', rhythm({ every: 'week', weekdays: [2] })],
    ['30 6,18 * * 0,6', rhythm({ every: 'week', weekdays: [0, 6], times: ['06:30', '18:30'] })],
    ['0 3 1,15 * *', rhythm({ every: 'month', monthdays: [1, 15], times: ['03:00'] })],
    ['0 3 * 3,9 *', rhythm({ months: [3, 9], times: ['03:00'] })],
    ['0,30 7 * * *', rhythm({ times: ['07:00', '07:30'] })],
  ])('is the cron %s, and back', (line, expected) => {
    expect(cronOf(expected)).toEqual(cron(line))
    expect(rhythmOf(cron(line))).toEqual(expected)
  })

  it('has no cron when its times would open at others too', () => {
    expect(cronOf(rhythm({ times: ['06:00', '22:30'] }))).toBeUndefined()
    expect(cronOf(rhythm({ times: ['06:00', '06:30', '22:00', '22:30'] }))).toEqual(cron('0,30 6,22 * * *'))
  })

  it('has no cron without a day or a time', () => {
    expect(cronOf(rhythm({ every: 'week' }))).toBeUndefined()
    expect(cronOf(rhythm({ every: 'month' }))).toBeUndefined()
    expect(cronOf(rhythm({ times: [] }))).toBeUndefined()
  })

  it.each(['* 22 * * *', '0 * * * *', '0 22 1 * 1', '0,5,10,15,20,25,30,35,40,45,50,55 1,2 * * *'])(
    'is not what %s says',
    line => {
      expect(rhythmOf(cron(line))).toBeUndefined()
    },
  )

  it('opens when its sentence says, by the calendar of the controller', () => {
    const times = { ...cron('0 22 * * 2'), durationSeconds: 7_200, timezone: 'Europe/Berlin' }

    const [first] = nextOccurrences(times, Date.parse('2026-11-21T12:00:00Z'), 1)

    expect(new Date(first?.start ?? 0).toISOString()).toBe('2026-11-24T21:00:00.000Z')
    expect(repeatSentence(times)).toBe('Every Tuesday at 22:00 for 2 h, Europe/Berlin time')
  })
})

describe('a sentence', () => {
  it.each([
    ['0 22 * * 2', 'Every Tuesday at 22:00 for 2 h on site Lyon, Europe/Paris time'],
    ['0 22 * * 0,1', 'Every Monday and Sunday at 22:00 for 2 h on site Lyon, Europe/Paris time'],
    [
      '0 6,22 1,15 3 *',
      'On day 1 and 15 of the month in March at 06:00 and 22:00 for 2 h on site Lyon, Europe/Paris time',
    ],
    ['* * * * *', 'At * * * * * (cron) for 2 h on site Lyon, Europe/Paris time'],
  ])('of %s reads well', (line, words) => {
    expect(said(line)).toBe(words)
  })
})

describe('what people type', () => {
  it.each([
    ['22:00', ['22:00']],
    ['6:00, 22:00 6:00', ['06:00', '22:00']],
    ['24:00', undefined],
    ['', undefined],
    ['22:0', undefined],
  ])('of times %j is %j', (text, times) => {
    expect(readTimes(text)).toEqual(times)
  })

  it.each([
    ['1, 15-17', [1, 15, 16, 17]],
    ['32', undefined],
    ['5-3', undefined],
    ['', undefined],
  ])('of days %j is %j', (text, days) => {
    expect(readDays(text)).toEqual(days)
  })

  it.each([
    ['2 h', 7_200],
    ['2', 7_200],
    ['90m', 5_400],
    ['2 h 30 min', 9_000],
    ['1,5 h', 5_400],
    ['2:30', 9_000],
    ['45 s', 45],
    ['24 h', 86_400],
    ['25 h', undefined],
    ['0', undefined],
    ['', undefined],
    ['soon', undefined],
  ])('of lengths %j is %j', (text, seconds) => {
    expect(readLength(text)).toBe(seconds)
    if (seconds !== undefined) expect(readLength(lengthWords(seconds))).toBe(seconds)
  })

  it('of a field is what the controller takes', () => {
    expect(['*', '0', '0,59'].every(text => isField('cronMinutes', text))).toBe(true)
    expect(['', '60', '01', '1-5', '*/5', '1,'].some(text => isField('cronMinutes', text))).toBe(false)
    expect(isField('cronDayWeek', '7')).toBe(false)
  })
})

const NOON = Date.parse('2026-11-21T12:00:00Z')
const HOUR = 3_600_000
const single = (id: string, more: Partial<Timed> & { from: number; to: number }): Timed => ({
  id,
  name: id,
  status: 'SCHEDULE_STATUS_MAINTENANCE',
  target: 'site-1',
  times: { startSeconds: (NOON + more.from * HOUR) / 1_000, endSeconds: (NOON + more.to * HOUR) / 1_000 },
  ...more,
})
const meetings = (...schedules: readonly Timed[]) =>
  conflictsIn(schedules, {
    from: NOON,
    to: NOON + 48 * HOUR,
    chainOf: target => (target === 'host-1' ? ['host-1', 'site-1', 'region-1'] : [target, 'region-1']),
  })

describe('windows', () => {
  it('that are open when the week begins are in it', () => {
    const { times } = single('a', { from: -1, to: 1 })

    expect(openingsIn(times, NOON, NOON + HOUR)).toEqual([{ start: NOON - HOUR, end: NOON + HOUR }])
    expect(openingsIn(times, NOON + HOUR, NOON + 2 * HOUR)).toEqual([])
  })

  it('meet when one place lies within the other, and not otherwise', () => {
    const site = single('site', { from: 1, to: 3 })

    expect(meetings(site, single('host', { from: 2, to: 4, target: 'host-1' }))).toMatchObject([
      { at: NOON + 2 * HOUR },
    ])
    expect(meetings(site, single('region', { from: 2, to: 4, target: 'region-1' }))).toHaveLength(1)
    expect(meetings(site, single('other', { from: 2, to: 4, target: 'site-2' }))).toEqual([])
  })

  it('that only touch do not meet', () => {
    expect(meetings(single('a', { from: 1, to: 2 }), single('b', { from: 2, to: 3 }))).toEqual([])
  })

  it('for different things differ', () => {
    const [same] = meetings(single('a', { from: 1, to: 3 }), single('b', { from: 2, to: 3 }))
    const [other] = meetings(
      single('a', { from: 1, to: 3 }),
      single('b', { from: 2, to: 3, status: 'SCHEDULE_STATUS_SHIPPING' }),
    )

    expect([same?.differ, other?.differ]).toEqual([false, true])
  })
})
