// SPDX-License-Identifier: Apache-2.0
/** How long the link waits before it tries again. */
import { describe, expect, it } from 'vitest'
import { createBackoff, fraction, jittered } from '../../../../agent/link/backoff.ts'

const always = (byte: number) => (count: number) => new Uint8Array(count).fill(byte)
const settings = { firstMs: 1_000, maxMs: 60_000 }

describe('a back-off', () => {
  it('doubles its limit up to the longest wait', () => {
    const backoff = createBackoff({ ...settings, random: always(255) })

    const waits = Array.from({ length: 8 }, () => backoff.next())

    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
  })

  it('stays below a bound that is lower than its limit, which grows all the same', () => {
    const backoff = createBackoff({ ...settings, random: always(255) })

    expect([backoff.next(4_000), backoff.next(4_000), backoff.next(4_000), backoff.next(4_000)]).toEqual([
      1_000, 2_000, 4_000, 4_000,
    ])
    expect(backoff.next()).toBe(16_000)
  })

  it('draws from the whole stretch below the limit', () => {
    const backoff = createBackoff({ ...settings, random: always(0) })

    expect([backoff.next(), backoff.next()]).toEqual([0, 0])
  })

  it('starts over after a success', () => {
    const backoff = createBackoff({ ...settings, random: always(255) })
    for (let turn = 0; turn < 5; turn++) backoff.next()

    backoff.reset()

    expect(backoff.next()).toBe(1_000)
  })
})

describe('a draw', () => {
  it('is never as large as one', () => {
    expect(fraction(always(255))).toBeLessThan(1)
    expect(fraction(always(0))).toBe(0)
  })

  it('stays within a tenth of the length', () => {
    expect([jittered(1_000, always(0)), jittered(1_000, always(255))]).toEqual([900, 1_100])
  })
})
