// SPDX-License-Identifier: Apache-2.0
/** Local times with the offset that holds there and then. */
import { expect, it } from 'vitest'
import { localTime } from '../../../../../../controller/modules/inventory/schedules/local-time.ts'

it.each([
  ['2027-03-28T00:59:59Z', 'Europe/Berlin', '2027-03-28T01:59:59+01:00'],
  ['2027-03-28T01:00:00Z', 'Europe/Berlin', '2027-03-28T03:00:00+02:00'],
  ['2027-01-01T00:00:00Z', 'America/New_York', '2026-12-31T19:00:00-05:00'],
  ['2027-01-01T00:00:00Z', 'Asia/Kolkata', '2027-01-01T05:30:00+05:30'],
  ['2027-07-01T00:00:00Z', 'Australia/Lord_Howe', '2027-07-01T10:30:00+10:30'],
  ['2027-01-01T00:00:00Z', 'UTC', '2027-01-01T00:00:00+00:00'],
])('shows %s in %s as %s', (at, zone, local) => {
  expect(localTime(Date.parse(at), zone)).toBe(local)
})
