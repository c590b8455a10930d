// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClock } from '../../../../agent/system/clock.ts'
import { DAY } from '../../../../plugins/contract/index.ts'

const clock = createClock()
const never = new AbortController().signal

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a wait', () => {
  it('may be longer than one timer can hold', () => {
    let rung = false
    clock.after(60 * DAY, () => {
      rung = true
    })

    vi.advanceTimersByTime(60 * DAY - 1)
    expect(rung).toBe(false)
    vi.advanceTimersByTime(1)
    expect(rung).toBe(true)
  })

  it('can be forgotten, also in its second part', () => {
    let rung = 0
    const ring = (): void => {
      rung += 1
    }
    clock.after(1_000, ring)()
    const forget = clock.after(60 * DAY, ring)
    vi.advanceTimersByTime(40 * DAY)
    forget()

    vi.advanceTimersByTime(100 * DAY)

    expect(rung).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a sleep', () => {
  it('ends when its time has come, and leaves nothing on the signal', async () => {
    const wanted = new AbortController()
    const sleeping = clock.sleep(1_000, wanted.signal)

    vi.advanceTimersByTime(1_000)

    await expect(sleeping).resolves.toBeUndefined()
    wanted.abort()
  })

  it('ends with the reason when it is no longer wanted', async () => {
    const wanted = new AbortController()
    const sleeping = clock.sleep(1_000, wanted.signal)
    const why = new Error('stop')
    wanted.abort(why)

    await expect(sleeping).rejects.toBe(why)
    await expect(clock.sleep(1, wanted.signal)).rejects.toBe(why)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('of no length ends at once', async () => {
    const sleeping = clock.sleep(-5, never)
    vi.advanceTimersByTime(0)

    await expect(sleeping).resolves.toBeUndefined()
  })
})

it('tells the time, and a time that only rises', () => {
  vi.useRealTimers()
  const [before, wall] = [clock.monotonic(), clock.now()]

  expect(clock.monotonic()).toBeGreaterThanOrEqual(before)
  expect(Math.abs(wall - Date.now())).toBeLessThan(1_000)
})
