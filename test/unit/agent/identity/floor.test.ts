// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { formatSkew, openFloor, type TimeFloor } from '../../../../agent/identity/floor.ts'
import type { Clock } from '../../../../plugins/contract/index.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../../plugins/contract/index.ts'

const builtAt = Date.UTC(2026, 10, 1)
const real = Date.UTC(2026, 10, 21)

/** A machine whose wall clock is wrong by an offset that can change, while its monotonic clock is right. */
function machine(offset: number, memory: { floor?: number } = {}) {
  let elapsed = 0
  const state = { offset, writes: 0 }
  const clock: Pick<Clock, 'now' | 'monotonic'> = { now: () => real + elapsed + state.offset, monotonic: () => elapsed }
  const floor: TimeFloor = openFloor({
    clock: clock as Clock, // the floor waits for nothing
    builtAt,
    memory: {
      get: () => memory.floor,
      put: value => {
        memory.floor = value
        state.writes += 1
      },
    },
  })
  return { floor, memory, state, advance: (ms: number) => (elapsed += ms) }
}

describe('before the first session', () => {
  it('a clock that may be right is believed', () => {
    const { floor } = machine(0)

    expect(floor.trustedNow()).toBe(real)
    expect(floor.skewMs()).toBe(0)
    expect(floor.judgeAt()).toBeUndefined()
  })

  it('a clock at 1970 is not: it is no earlier than this program was built', () => {
    const { floor } = machine(-real)

    expect(floor.trustedNow()).toBe(builtAt)
    expect(floor.judgeAt()).toBe(builtAt)
  })

  it('nor earlier than the last time that was signed, also after a restart', () => {
    const before = machine(0)
    before.floor.seen(real - DAY)

    const { floor } = machine(-real, before.memory)

    expect(floor.floor()).toBe(real - DAY)
    expect(floor.trustedNow()).toBe(real - DAY)
  })
})

describe('during a session', () => {
  it.each([
    ['1970', -real],
    ['2099', Date.UTC(2099, 0, 1) - real],
    ['an hour ago', -HOUR],
  ])('time is that of the controller although the clock says %s', (_, offset) => {
    const { floor, advance, state } = machine(offset)
    floor.beginSession(real)

    advance(90 * SECOND)

    expect(floor.trustedNow()).toBe(real + 90 * SECOND)
    expect(floor.skewMs()).toBe(offset)
    expect(floor.judgeAt()).toBe(real + 90 * SECOND)
    state.offset = 0
    expect(floor.trustedNow()).toBe(real + 90 * SECOND)
    expect(floor.judgeAt()).toBeUndefined()
  })

  it.each([
    ['is right', 3 * SECOND, 3 * SECOND],
    ['is right, and the answer was written at once', 0, 0],
    ['is right, and the answer was written at the last moment', 10 * SECOND, 10 * SECOND],
    ['is behind', -1, 10 * SECOND],
    ['is ahead', 11 * SECOND, 10 * SECOND],
    ['is at 1970', -real, 10 * SECOND],
  ])('the time that an answer took is known when the clock %s, and else counted in full', (_, offset, took) => {
    const { floor, advance } = machine(offset)

    floor.beginSession(real, 10 * SECOND)
    advance(SECOND)

    expect(floor.trustedNow()).toBe(real + took + SECOND)
  })

  it('a small difference is left to the clock when certificates are judged', () => {
    const { floor } = machine(4 * MINUTE)
    floor.beginSession(real)

    expect(floor.skewMs()).toBe(4 * MINUTE)
    expect(floor.judgeAt()).toBeUndefined()
  })

  it('an old session head that is played again cannot turn time back', () => {
    const { floor } = machine(0)
    floor.beginSession(real)

    floor.beginSession(real - 30 * DAY)

    expect(floor.trustedNow()).toBeGreaterThanOrEqual(real)
  })
})

it('writes the floor down each hour, not each time', () => {
  const { floor, state, memory } = machine(0)

  for (let minute = 0; minute < 180; minute++) floor.seen(real + minute * MINUTE)

  expect(state.writes).toBe(3)
  expect(memory.floor).toBe(real + 120 * MINUTE)
  expect(floor.floor()).toBe(real + 179 * MINUTE)
})

it.each([
  [400, '+0.4 s'],
  [-1_250, '-1.3 s'],
  [0, '+0.0 s'],
  [5 * MINUTE, '+5 min'],
  [-3 * HOUR, '-3 h'],
  [-20_000 * DAY, '-20000 days'],
])('spells a skew of %i ms as %s', (skew, text) => {
  expect(formatSkew(skew)).toBe(text)
})
