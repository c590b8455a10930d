// SPDX-License-Identifier: Apache-2.0
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { Fences } from '../../../../controller/bus/fences.ts'
import { DEFAULT_BUS_LIMITS } from '../../../../controller/bus/limits.ts'
import { createWaitingRoom } from '../../../../controller/bus/waiting-room.ts'
import { SECOND } from '../../../../plugins/contract/index.ts'
import { createFakeClock } from '../../../../simulator/clock.ts'

function room(more: { readonly most?: number; readonly waitMs?: number } = {}) {
  const clock = createFakeClock(0)
  const fences = new Fences({ clock, limits: DEFAULT_BUS_LIMITS, trustLoopback: true })
  const [served, refused]: [number[], string[]] = [[], []]
  const made = createWaitingRoom({
    clock,
    ...{ most: 20_000, waitMs: 40 * SECOND },
    ...more,
    enter: address => fences.enter(address),
    onPlace: (socket, place) => {
      served.push((socket as unknown as { number: number }).number)
      place.leave()
    },
    onRefused: (_, code) => refused.push(code),
  })
  const arrive = (number: number, remoteAddress = '127.0.0.1', destroyed = false): void =>
    made.arrive({ number, remoteAddress, destroyed } as unknown as Socket)
  return { clock, made, served, refused, arrive }
}

describe('ten thousand connections at once', () => {
  it('are all served within a minute, in the order in which they came, and none is refused', async () => {
    const { clock, made, served, refused, arrive } = room({ waitMs: 60 * SECOND })

    for (let number = 0; number < 10_000; number++) arrive(number)
    expect(served).toHaveLength(200)
    expect(made.waiting).toBe(9_800)
    for (let second = 0; second < 55; second++) await clock.advance(SECOND)

    expect(served).toEqual(Array.from({ length: 10_000 }, (_, number) => number))
    expect(refused).toEqual([])
  })
})

describe('the waiting room', () => {
  it('sends away who finds it full, who has waited too long, and who is over what one address may', async () => {
    const { clock, refused, arrive } = room({ most: 100, waitMs: 0 })

    for (let number = 0; number < 301; number++) arrive(number)
    expect(refused).toEqual(['connect-rate'])
    await clock.advance(SECOND)
    expect(refused.filter(code => code === 'connect-wait')).toHaveLength(100)
    for (let number = 0; number < 31; number++) arrive(number, '192.0.2.1')

    expect(refused.at(-1)).toBe('connect-rate-address')
  })

  it('forgets who hung up meanwhile without spending a turn on them', async () => {
    const { clock, served, arrive } = room()

    for (let number = 0; number < 200; number++) arrive(number)
    arrive(200, '127.0.0.1', true)
    arrive(201)
    await clock.advance(SECOND)

    expect(served.slice(200)).toEqual([201])
  })
})
