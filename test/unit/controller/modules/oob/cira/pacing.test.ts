// SPDX-License-Identifier: Apache-2.0
/** Handshakes begin in turn, nobody is refused while there is room to wait, and failures are counted within a minute. */
import { describe, expect, it } from 'vitest'
import { Attempts } from '../../../../../../controller/modules/oob/cira/attempts.ts'
import { Pacing, type Turn } from '../../../../../../controller/modules/oob/cira/pacing.ts'
import { createFakeClock } from '../../../../../../simulator/clock.ts'

const limits = { waiting: 10_000, unauthenticated: 8, handshakesPerSecond: 100 }

describe('the pace', () => {
  it('is kept, and everybody comes in', async () => {
    const clock = createFakeClock(0)
    const pacing = new Pacing(clock, { ...limits, unauthenticated: 1_000 })
    let begun = 0
    for (let n = 0; n < 500; n++) {
      const turn: Turn | undefined = pacing.enter(`10.0.0.${n % 7}`, () => {
        begun++
        clock.after(5, () => turn?.done())
      })
    }

    expect(begun).toBe(10)
    await clock.advance(1_000)
    expect(begun).toBeGreaterThan(100)
    expect(begun).toBeLessThanOrEqual(111)
    await clock.advance(4_000)
    expect(begun).toBe(500)
    expect(pacing.waiting).toBe(0)
    expect(pacing.unauthenticated).toBe(0)
    expect(clock.pending).toBe(0)
  })

  it('leaves a quarter of the places to others than one address', async () => {
    const clock = createFakeClock(0)
    const pacing = new Pacing(clock, limits)
    const begun: string[] = []
    for (let n = 0; n < 20; n++) pacing.enter('attacker', () => void begun.push('attacker'))
    expect(begun).toHaveLength(6)

    pacing.enter('device', () => void begun.push('device'))

    expect(begun.at(-1)).toBe('device')
    expect(pacing.waiting).toBe(14)
  })

  it('moves up when a place is free, and passes over those who left', () => {
    const pacing = new Pacing(createFakeClock(0), { ...limits, unauthenticated: 2 })
    const begun: string[] = []
    const first = pacing.enter('a', () => void begun.push('first'))
    const second = pacing.enter('a', () => void begun.push('second'))
    pacing.enter('a', () => void begun.push('third'))
    second?.done()
    expect(begun).toEqual(['first'])

    first?.done()
    first?.done()

    expect(begun).toEqual(['first', 'third'])
    expect(pacing.unauthenticated).toBe(1)
  })

  it('refuses only whom there is no room for', () => {
    const pacing = new Pacing(createFakeClock(0), { ...limits, unauthenticated: 1, waiting: 2 })
    const enter = () => pacing.enter('a', () => {})

    expect([enter(), enter(), enter(), enter()].map(turn => turn !== undefined)).toEqual([true, true, true, false])
  })
})

describe('failures', () => {
  it('are forgotten a minute after the first of them', async () => {
    const clock = createFakeClock(0)
    const attempts = new Attempts(clock, 2, 60_000)
    attempts.failed('a')
    await clock.advance(59_000)
    attempts.failed('a')
    expect(attempts.exhausted('a')).toBe(true)
    expect(attempts.exhausted('b')).toBe(false)

    await clock.advance(1_000)

    expect(attempts.exhausted('a')).toBe(false)
  })
})
