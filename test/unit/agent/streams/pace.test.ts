// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { createPace } from '../../../../agent/streams/pace.ts'
import { createFakeClock } from '../../../../simulator/clock.ts'

it('gives a burst at once, then so many a second, and the burst again after a rest', async () => {
  const clock = createFakeClock(0)
  const turn = createPace(clock, { burst: 5, perSecond: 10 })
  let turns = 0
  const ask = (count: number): void => {
    for (let each = 0; each < count; each++) void turn().then(() => turns++)
  }

  ask(20)
  await clock.advance(0)
  expect(turns).toBe(5)
  await clock.advance(1_000)
  expect(turns).toBe(15)
  await clock.advance(500)
  expect(turns).toBe(20)

  await clock.advance(10_000)
  ask(6)
  await clock.advance(0)
  expect(turns).toBe(25)
})
