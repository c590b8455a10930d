// SPDX-License-Identifier: Apache-2.0
/** Schedules from the words of a line: lists without ranges, times of a zone as they stand on its clock. */
import { describe, expect, it } from 'vitest'
import { createOptions } from '../../../../../controller/cli/options.ts'
import { scheduleBody, targetBody } from '../../../../../controller/cli/resources/schedules.ts'

const body = (given: Record<string, string>) => scheduleBody(createOptions(given))

describe('a repeated schedule', () => {
  it('keeps the hours of its zone, whatever they are in UTC', () => {
    expect(
      body({
        frequency: 'monthly',
        dayOfMonth: '31,1-2',
        months: '1-2,12',
        hour: '0',
        duration: '2h',
        timezone: 'Pacific/Auckland',
      }),
    ).toEqual({
      cronMinutes: '0',
      cronHours: '0',
      cronDayMonth: '1,2,31',
      cronMonth: '1,2,12',
      cronDayWeek: '*',
      durationSeconds: 7_200,
      timezone: 'Pacific/Auckland',
    })
  })

  it('takes names of days, and ranges of them', () => {
    expect(body({ frequency: 'weekly', dayOfWeek: 'mon,wed-fri', hour: '2,14', minute: '30', duration: '60' })).toEqual(
      {
        cronMinutes: '30',
        cronHours: '2,14',
        cronDayMonth: '*',
        cronMonth: '*',
        cronDayWeek: '1,3,4,5',
        durationSeconds: 60,
      },
    )
  })

  it.each([
    { frequency: 'daily' },
    { frequency: 'weekly' },
    { frequency: 'weekly', dayOfWeek: 'mon', dayOfMonth: '1' },
    { frequency: 'weekly', dayOfWeek: 'fri-mon' },
    { frequency: 'weekly', dayOfWeek: 'someday' },
    { frequency: 'monthly', dayOfMonth: '0' },
    { frequency: 'monthly', dayOfMonth: '1', months: '13' },
    { frequency: 'monthly', dayOfMonth: '1', hour: '24' },
    { frequency: 'monthly', dayOfMonth: '1', duration: '25h' },
    { frequency: 'monthly', dayOfMonth: '1', timezone: 'Mars/Olympus' },
    { frequencyType: 'sometimes' },
  ])('is not understood: %j', given => {
    expect(() => body(given)).toThrow(expect.objectContaining({ code: 'usage' }))
  })
})

describe('a single schedule', () => {
  const at = (text: string) => Date.parse(text) / 1_000

  it.each([
    ['2027-01-15T08:00:00Z', 'UTC', '2027-01-15T08:00:00Z'],
    ['2027-01-15 08:00', 'UTC', '2027-01-15T08:00:00Z'],
    ['2027-01-15 08:00', 'Europe/Berlin', '2027-01-15T07:00:00Z'],
    ['2027-07-15T08:00', 'Europe/Berlin', '2027-07-15T06:00:00Z'],
    ['2027-07-15 00:30', 'Asia/Kolkata', '2027-07-14T19:00:00Z'],
    // The clock goes back at three: half past two is there twice, and the first is meant.
    ['2027-10-31 02:30', 'Europe/Berlin', '2027-10-31T00:30:00Z'],
    // The clock goes forward at two: half past two is not there.
    ['2027-03-28 02:30', 'Europe/Berlin', '2027-03-28T01:30:00Z'],
  ])('means %s of %s', (text, zone, utc) => {
    expect(body({ startTime: text, timezone: zone })).toEqual({ startSeconds: at(utc) })
  })

  it('has an end, or none, and says what it is for', () => {
    expect(
      body({ startTime: '2027-01-15T08:00:00Z', endTime: '2027-01-15T09:00:00Z', maintenanceType: 'osupdate' }),
    ).toEqual({
      startSeconds: at('2027-01-15T08:00:00Z'),
      endSeconds: at('2027-01-15T09:00:00Z'),
      scheduleStatus: 'SCHEDULE_STATUS_OS_UPDATE',
    })
  })

  it.each([
    { startTime: 'tomorrow' },
    { startTime: '2027-02-30T08:00:00Z' },
    { startTime: '2027-01-15T08:00:00Z', endTime: '2027-01-15T08:00:00Z' },
    { maintenanceType: 'picnic' },
  ])('is not understood: %j', given => {
    expect(() => body(given)).toThrow(expect.objectContaining({ code: 'usage' }))
  })
})

describe('a target', () => {
  it('is one member of three', () => {
    expect(targetBody('site-1a2b3c4d')).toEqual({ targetSiteId: 'site-1a2b3c4d' })
    expect(() => targetBody('os-1a2b3c4d')).toThrow(expect.objectContaining({ code: 'usage' }))
  })
})
