// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { collectAfterRushes } from '../../../../controller/system/garbage.ts'
import { createFakeClock } from '../../../../simulator/clock.ts'

const MB = 2 ** 20

function heapOf(needs: number) {
  const clock = createFakeClock(0)
  const state = { heap: needs, cpu: 0, collections: 0 }
  const parts = {
    clock,
    heapBytes: () => state.heap * MB,
    cpuMs: () => state.cpu,
    collect: () => {
      state.collections++
      state.heap = needs
    },
  }
  const pass = async (heap: number, cpu: number): Promise<number> => {
    state.heap = heap
    state.cpu += cpu
    await clock.advance(10_000)
    return state.collections
  }
  return { parts, pass }
}

it('collects once when a rush is over, and not while it lasts', async () => {
  const { parts, pass } = heapOf(100)
  const stop = collectAfterRushes(parts)

  expect(await pass(250, 9_000)).toBe(0)
  expect(await pass(300, 2_100)).toBe(0)
  expect(await pass(300, 500)).toBe(1)
  expect(await pass(101, 500)).toBe(1)
  stop()
})

it('leaves alone what is not worth a pause', async () => {
  const { parts, pass } = heapOf(100)
  const stop = collectAfterRushes(parts)

  expect(await pass(131, 100)).toBe(0)
  expect(await pass(133, 100)).toBe(1)
  stop()
  expect(await pass(300, 100)).toBe(1)
})

it('does nothing where the process may not', async () => {
  const { parts, pass } = heapOf(100)
  collectAfterRushes({ ...parts, collect: undefined })

  expect(await pass(300, 100)).toBe(0)
})
