// SPDX-License-Identifier: Apache-2.0
/** Maintenance windows in local time, over midnight and over the nights when clocks change. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findings, isOpen, isTimeZone, nextOpening, Windows } from '../../../plugins/contract/index.ts'

const berlin = (
  from: string,
  to: string,
  ...days: ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[]
): Windows => ({
  timeZone: 'Europe/Berlin',
  windows: [{ days, from, to }],
})
const at = (text: string) => Date.parse(text)

describe('a window', () => {
  it('is open inside and closed outside its local hours', () => {
    const windows = berlin('22:00', '23:30', 'mon')
    expect(isOpen(windows, at('2026-11-23T22:00:00+01:00'))).toBe(true)
    expect(isOpen(windows, at('2026-11-23T23:29:59+01:00'))).toBe(true)
    expect(isOpen(windows, at('2026-11-23T23:30:00+01:00'))).toBe(false)
    expect(isOpen(windows, at('2026-11-24T22:30:00+01:00'))).toBe(false)
  })

  it('over midnight belongs to the day it opens on', () => {
    const windows = berlin('22:00', '04:00', 'fri')
    expect(isOpen(windows, at('2026-11-28T03:59:00+01:00'))).toBe(true)
    expect(isOpen(windows, at('2026-11-27T03:59:00+01:00'))).toBe(false)
    expect(isOpen(windows, at('2026-11-27T23:00:00+01:00'))).toBe(true)
  })

  it('follows local time when clocks go forward and back', () => {
    const windows = berlin('01:00', '04:00', 'sun')
    expect(isOpen(windows, at('2026-03-29T01:30:00+02:00'))).toBe(false) // 00:30 local: it is still winter
    expect(isOpen(windows, at('2026-03-29T03:30:00+02:00'))).toBe(true)
    expect(isOpen(windows, at('2026-10-25T02:30:00+02:00'))).toBe(true)
    expect(isOpen(windows, at('2026-10-25T02:30:00+01:00'))).toBe(true) // the same hour again
  })

  it('that is absent leaves the host open at any time', () => {
    expect(isOpen({ timeZone: 'UTC', windows: [] }, 0)).toBe(true)
    expect(nextOpening({ timeZone: 'UTC', windows: [] }, 0)).toBeUndefined()
  })

  it('opens next when it says it does', () => {
    const days = fc.uniqueArray(fc.constantFrom('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'), { minLength: 1 })
    const clock = fc
      .tuple(fc.nat(23), fc.nat(59))
      .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)
    fc.assert(
      fc.property(
        days,
        clock,
        clock,
        fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') }),
        (which, from, to, now) => {
          fc.pre(from !== to)
          const windows = berlin(from, to, ...which)
          const next = nextOpening(windows, now)
          if (isOpen(windows, now)) {
            expect(next).toBeUndefined()
            return
          }
          expect(next).toBeGreaterThan(now)
          expect(isOpen(windows, next!)).toBe(true)
          expect(isOpen(windows, next! - 60_000)).toBe(false)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('with a wrong clock, an unknown day or a strange member is not one', () => {
    expect(findings(Windows, berlin('24:00', '01:00', 'mon'))).not.toEqual([])
    expect(findings(Windows, berlin('1:00', '02:00', 'mon'))).not.toEqual([])
    expect(findings(Windows, { ...berlin('01:00', '02:00', 'mon'), x: 1 })).not.toEqual([])
    expect(
      findings(Windows, { timeZone: 'UTC', windows: [{ days: ['someday'], from: '01:00', to: '02:00' }] }),
    ).not.toEqual([])
    expect([isTimeZone('Europe/Berlin'), isTimeZone('Mars/Olympus')]).toEqual([true, false])
  })
})
