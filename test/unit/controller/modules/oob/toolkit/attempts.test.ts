// SPDX-License-Identifier: Apache-2.0
/** Counting attempts. */
import { describe, expect, it } from 'vitest'
import { createAttempts } from '../../../../../../controller/modules/oob/toolkit/attempts.ts'
import { createFakeClock } from '../../../../../../simulator/clock.ts'

describe('attempts', () => {
  it('are limited within a minute, by key, and do not count when they are taken back', async () => {
    const clock = createFakeClock(0)
    const attempts = createAttempts(clock)
    const take = (key: string) => attempts.take(key, 2)

    expect([take('a'), take('a'), take('a'), take('b')]).toEqual([true, true, false, true])
    attempts.refund('a')
    expect(take('a')).toBe(true)
    await clock.advance(59_999)
    expect(take('a')).toBe(false)
    await clock.advance(1)
    expect(take('a')).toBe(true)
  })

  it('forget the names that were silent longest rather than grow without end', () => {
    const attempts = createAttempts(createFakeClock(0))
    attempts.take('first', 1)
    for (let name = 0; name < 10_000; name++) attempts.take(String(name), 1)

    expect(attempts.take('first', 1)).toBe(true)
    expect(attempts.take('9999', 1)).toBe(false)
  })
})
