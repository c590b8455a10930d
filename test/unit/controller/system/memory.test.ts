// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { createMemory, levelOf, marksOf, sharesOf } from '../../../../controller/system/memory.ts'
import { createFakeClock } from '../../../../simulator/clock.ts'

const MB = 2 ** 20
const marks = { softBytes: 600 * MB, hardBytes: 800 * MB }

describe('the level of memory', () => {
  it('rises at a mark, and falls only when clearly below it', () => {
    expect(levelOf('normal', 599 * MB, marks)).toBe('normal')
    expect(levelOf('normal', 600 * MB, marks)).toBe('soft')
    expect(levelOf('soft', 590 * MB, marks)).toBe('soft')
    expect(levelOf('soft', 550 * MB, marks)).toBe('normal')
    expect(levelOf('soft', 800 * MB, marks)).toBe('hard')
    expect(levelOf('hard', 750 * MB, marks)).toBe('hard')
    expect(levelOf('hard', 730 * MB, marks)).toBe('soft')
    expect(levelOf('hard', 100 * MB, marks)).toBe('normal')
  })

  it('is told once for each change, and its share holds while it holds', async () => {
    const clock = createFakeClock(0)
    let used = 100
    const memory = createMemory({ clock, marks, read: () => used * MB })
    const told: string[] = []
    const stop = memory.watch(({ level }) => told.push(level))

    for (const next of [100, 610, 590, 610, 590, 900, 780, 100]) {
      used = next
      await clock.advance(1_000)
      if (next === 590) expect(memory.use()).toBe(0.75)
      if (next === 780) expect(memory.use()).toBe(1)
    }
    stop()
    used = 900
    await clock.advance(5_000)

    expect(told).toEqual(['soft', 'hard', 'normal'])
  })
})

describe('the marks', () => {
  it('are shares of what the process may use, unless they are configured', () => {
    expect(marksOf({}, 1_000 * MB)).toEqual({ softBytes: 700 * MB, hardBytes: 950 * MB })
    expect(marksOf({ hardMb: 950 }, 4_000 * MB)).toEqual({ softBytes: 700 * MB, hardBytes: 950 * MB })
    expect(marksOf({ softMb: 900, hardMb: 400 }, 1_000 * MB)).toEqual({ softBytes: 400 * MB, hardBytes: 400 * MB })
    expect(marksOf().hardBytes).toBeGreaterThan(0)
  })

  it('shed telemetry first, then read slowly, then let nobody in', () => {
    const { quiet, slow, refuse, shed } = sharesOf({ level: 'normal', rssBytes: 0, ...marks })

    expect([quiet, slow, refuse, shed]).toEqual([quiet, slow, refuse, shed].toSorted((a, b) => a - b))
    expect(quiet).toBeGreaterThan(0.75)
    expect(refuse).toBe(1)
  })
})
