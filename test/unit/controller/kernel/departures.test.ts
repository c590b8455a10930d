// SPDX-License-Identifier: Apache-2.0
/** Which departures wait, which are told at once, and that none is told twice or never. */
import { beforeEach, expect, it } from 'vitest'
import { createDepartures, type Departures, RETURN_WITHIN_MS } from '../../../../controller/kernel/departures.ts'
import type { Live } from '../../../../controller/kernel/presence.ts'
import { createFakeClock, type FakeClock } from '../../../../simulator/clock.ts'

let clock: FakeClock
let told: string[]
let departures: Departures
let write: (host: string) => Promise<void>

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: (text: string) => void told.push(text) }
const session = (host: string): Live => ({ peer: { host } }) as Live // all that is asked of one

beforeEach(() => {
  clock = createFakeClock(0)
  told = []
  write = async host => void told.push(host)
  departures = createDepartures({ clock, log, write: (live, reason) => write(`${live.peer.host} ${reason}`) })
})

it('tells at once of hosts that took leave or were turned out', async () => {
  await departures.begin(session('a'), 'stopped')
  await departures.begin(session('b'), 'certificate-expired')

  expect(told).toEqual(['a stopped', 'b certificate-expired'])
  expect(clock.pending).toBe(0)
})

it('waits for those whose link broke', async () => {
  await departures.begin(session('a'), 'lost')
  expect(told).toEqual([])
  expect([clock.pending, clock.nextIn]).toEqual([1, RETURN_WITHIN_MS])

  await clock.advance(RETURN_WITHIN_MS)
  await departures.settled()
  expect(told).toEqual(['a lost'])
})

it('leaves untold what came back, and tells it when its arrival failed', async () => {
  await departures.begin(session('a'), 'lost')
  const untold = departures.recall('a')
  expect(clock.pending).toBe(0)
  expect(departures.recall('a')).toBeUndefined()
  await departures.settled()
  expect(told).toEqual([])

  await untold!()
  expect(told).toEqual(['a lost'])
})

it('tells once, however often a link broke', async () => {
  await departures.begin(session('a'), 'lost')
  await departures.begin(session('a'), 'lost')
  await departures.begin(session('a'), 'stopped')

  expect(told).toEqual(['a stopped'])
  expect(clock.pending).toBe(0)
})

it('writes what waits before it is settled, and says what could not be written', async () => {
  await departures.begin(session('a'), 'lost')
  await departures.begin(session('b'), 'lost')
  write = async host => {
    if (host === 'a lost') throw new Error('the disk is full')
    told.push(host)
  }

  await departures.settled()
  expect(told.toSorted()).toEqual(['a departure was not written', 'b lost'])
  expect(clock.pending).toBe(0)
})
