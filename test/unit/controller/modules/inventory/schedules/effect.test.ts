// SPDX-License-Identifier: Apache-2.0
/** Which schedules hold for a host, and that each kind of window opens only what it is for. */
import { describe, expect, it } from 'vitest'
import {
  opens,
  type Scheduled,
  schedulesInEffect,
  schedulesOf,
  upcoming,
} from '../../../../../../controller/modules/inventory/schedules/effect.ts'
import {
  repeatedFindings,
  SCHEDULE_STATUSES,
  singleFindings,
  startFindings,
} from '../../../../../../controller/modules/inventory/schedules/rules.ts'

const single = (id: string, target: string, more: Partial<Scheduled> = {}): Scheduled => ({
  id,
  name: id,
  target,
  status: 'SCHEDULE_STATUS_MAINTENANCE',
  times: { startSeconds: 100, endSeconds: 200 },
  ...more,
})
const CHAIN = ['host-1', 'site-1', 'region-1', 'region-0']

describe('the schedules of a host', () => {
  const all = [single('far', 'region-0'), single('own', 'host-1'), single('other', 'host-2'), single('site', 'site-1')]

  it('are its own and those of the places around it, the nearest first', () => {
    expect(schedulesOf(all, CHAIN).map(({ id }) => id)).toEqual(['own', 'site', 'far'])
  })

  it('all apply: an own one does not do away with inherited ones', () => {
    expect(schedulesInEffect(all, CHAIN, 150_000).map(({ schedule }) => schedule.id)).toEqual(['own', 'site', 'far'])
    expect(schedulesInEffect(all, CHAIN, 200_000)).toEqual([])
  })
})

describe('a window', () => {
  it.each(SCHEDULE_STATUSES)('of %s opens its own kind and no other', status => {
    const all = [single('one', 'host-1', { status })]

    expect(SCHEDULE_STATUSES.filter(asked => opens(all, asked, 150_000))).toEqual([status])
  })

  it('is closed at another time', () => {
    const all = [single('one', 'host-1', { status: 'SCHEDULE_STATUS_OS_UPDATE' })]

    expect(opens(all, 'SCHEDULE_STATUS_OS_UPDATE', 99_999)).toBe(false)
    expect(opens(all, 'SCHEDULE_STATUS_OS_UPDATE', 200_000)).toBe(false)
  })
})

describe('what comes next', () => {
  const daily = {
    durationSeconds: 60,
    cronMinutes: '0',
    cronHours: '0',
    cronDayMonth: '*',
    cronMonth: '*',
    cronDayWeek: '*',
  }

  it('puts the openings of all schedules in order, with the one that is open now first', () => {
    const all = [single('daily', 'site-1', { times: daily }), single('now', 'host-1')]

    expect(upcoming(all, 150_000, 3).map(({ schedule, occurrence }) => [schedule.id, occurrence.start])).toEqual([
      ['now', 100_000],
      ['daily', 86_400_000],
      ['daily', 172_800_000],
    ])
  })

  it('tells an opening that begins right now once', () => {
    expect(upcoming([single('now', 'host-1')], 100_000, 3)).toHaveLength(1)
  })
})

describe('the rules of times', () => {
  it.each([
    [{ startSeconds: 100, endSeconds: 101 }, true],
    [{ startSeconds: 100 }, true],
    [{ startSeconds: 100, endSeconds: 100 }, false],
    [{ startSeconds: 100, endSeconds: 99 }, false],
  ])('take %j: %s', (times, fits) => {
    expect(singleFindings(times).length === 0).toBe(fits)
  })

  it.each([
    [101, true],
    [100, false],
    [99, false],
  ])('let a new schedule start at %i when it is 100: %s', (startSeconds, fits) => {
    expect(startFindings({ startSeconds }, 100_000).length === 0).toBe(fits)
  })

  const always = { ...{ cronMinutes: '*', cronHours: '*', cronDayMonth: '*', cronMonth: '*', cronDayWeek: '*' } }

  it.each([
    [{}, []],
    [{ cronMinutes: '0,15,59' }, []],
    [{ cronMinutes: '60' }, ['/cronMinutes']],
    [{ cronMinutes: '*/5' }, ['/cronMinutes']],
    [{ cronHours: '1-4' }, ['/cronHours']],
    [{ cronDayMonth: '0' }, ['/cronDayMonth']],
    [{ cronDayMonth: '32' }, ['/cronDayMonth']],
    [{ cronMonth: '13' }, ['/cronMonth']],
    [{ cronDayWeek: '7' }, ['/cronDayWeek']],
    [{ cronDayWeek: '1,,2' }, ['/cronDayWeek']],
    [{ timezone: 'Mars/Olympus' }, ['/timezone']],
    [{ timezone: 'Europe/Berlin' }, []],
  ])('find in %j what is wrong: %j', (given, expected) => {
    const wrong = repeatedFindings({ durationSeconds: 60, ...always, ...given })

    expect(wrong.map(({ pointer }) => pointer)).toEqual(expected)
  })
})
