// SPDX-License-Identifier: Apache-2.0
/** Figures of the controller over time, and what its own page says of it. */
import { describe, expect, it } from 'vitest'
import { type Condition, concernsOf } from '../../../controller/kernel/concerns.ts'
import { createRecent } from '../../../controller/kernel/recent.ts'
import {
  growthPerDay,
  MOST,
  rates,
  type Sample,
  sized,
  withSample,
} from '../../../controller/web/app/modules/kernel/system/samples.ts'

const at = (seconds: number, more: Partial<Sample> = {}): Sample => ({
  at: seconds * 1_000,
  upMs: seconds * 1_000,
  memory: 1,
  loopMs: 1,
  connections: 1,
  messagesIn: 0,
  messagesOut: 0,
  database: 1_000,
  ...more,
})

describe('samples', () => {
  it('are rates between two of them, and nothing over a restart', () => {
    const samples = [
      at(0, { messagesIn: 10 }),
      at(5, { messagesIn: 60 }),
      at(10, { messagesIn: 61 }),
      at(15, { messagesIn: 5, upMs: 1_000 }),
    ]

    expect(rates(samples, 'messagesIn')).toEqual([undefined, 10, 0.2, undefined])
  })

  it('leave out what came twice, and forget the oldest', () => {
    let samples: readonly Sample[] = []
    for (let second = 0; second < MOST + 10; second++) samples = withSample(samples, at(second))

    expect(samples).toHaveLength(MOST)
    expect(withSample(samples, at(5))).toBe(samples)
  })

  it('tell growth once there is a minute to go by', () => {
    expect(growthPerDay([at(0), at(59, { database: 2_000 })])).toBeUndefined()
    expect(growthPerDay([at(0), at(60, { database: 1_010 })])).toBe(14_400)
  })

  it('are spoken with three digits', () => {
    const units = ['B', 'KiB', 'MiB']

    expect(sized(1_023, units)).toEqual({ value: 1_023, unit: 'B' })
    expect(sized(1_536, units)).toEqual({ value: 1.5, unit: 'KiB' })
    expect(sized(5_000 * 2 ** 20, units)).toEqual({ value: 5_000, unit: 'MiB' })
    expect(sized(-2_048, units)).toEqual({ value: -2, unit: 'KiB' })
  })
})

const DAY = 86_400_000
const fine: Condition = {
  now: 100 * DAY,
  eventLoopDelayMs: 3,
  underPressure: false,
  disk: { freeBytes: 50e9, totalBytes: 100e9 },
  databaseBytes: 1e9,
  walBytes: 0,
  installedAt: 99 * DAY,
  lastBackup: undefined,
  jobs: [],
  certificates: [],
}
const codes = (more: Partial<Condition>) => concernsOf({ ...fine, ...more }).map(({ code }) => code)

describe('what is wrong with a controller', () => {
  it('is nothing while it is fine', () => {
    expect(codes({})).toEqual([])
  })

  it.each<[string, Partial<Condition>]>([
    ['overloaded', { underPressure: true, eventLoopDelayMs: 2_500 }],
    ['slow', { eventLoopDelayMs: 800 }],
    ['disk-low', { disk: { freeBytes: 5e9, totalBytes: 100e9 } }],
    ['disk-low', { disk: { freeBytes: 15e9, totalBytes: 100e9 }, databaseBytes: 10e9 }],
    ['disk-full', { disk: { freeBytes: 1e9, totalBytes: 100e9 } }],
    ['wal-large', { walBytes: 1e9 }],
    ['backup-none', { installedAt: 90 * DAY }],
    ['backup-old', { installedAt: 0, lastBackup: 92 * DAY }],
    ['certificate-ending', { certificates: [{ title: 'Yours', notAfter: 105 * DAY }] }],
    ['certificate-over', { certificates: [{ title: 'Yours', notAfter: 99 * DAY }] }],
    ['job-failed', { jobs: [{ name: 'seal', at: '* * * * * *', error: 'no' }] }],
  ])('is %s', (code, more) => {
    expect(codes(more)).toEqual([code])
  })

  it('has the worst first', () => {
    const both = { lastBackup: 1, installedAt: 0, disk: { freeBytes: 1e9, totalBytes: 100e9 } }

    expect(concernsOf({ ...fine, ...both }).map(({ severity }) => severity)).toEqual(['failing', 'degraded'])
  })
})

describe('lately', () => {
  it('is what grew in the last ten minutes', () => {
    let now = 0
    let counts: Record<string, number> = { tls: 5 }
    const recent = createRecent({ clock: { monotonic: () => now } as never, read: () => counts })
    recent.look()
    expect(recent.growth()).toEqual({})

    counts = { tls: 7, 'client-id': 1 }
    expect(recent.growth()).toEqual({ tls: 2, 'client-id': 1 })

    for (now = 60_000; now <= 30 * 60_000; now += 60_000) recent.look()
    expect(recent.growth()).toEqual({})
  })
})
