// SPDX-License-Identifier: Apache-2.0
/** Who gets in at all, how refusals are told of, and when a host becomes suspicious. */
import { describe, expect, it } from 'vitest'
import { Bucket, Buckets } from '../../../../controller/bus/bucket.ts'
import type { Refusal } from '../../../../controller/bus/bus.ts'
import { type Entry, Fences, groupOf, type Place } from '../../../../controller/bus/fences.ts'
import { DEFAULT_BUS_LIMITS } from '../../../../controller/bus/limits.ts'
import { Refusals } from '../../../../controller/bus/refusals.ts'
import { Suspicion } from '../../../../controller/bus/suspicion.ts'
import { MINUTE, SECOND } from '../../../../plugins/contract/index.ts'
import { createFakeClock } from '../../../../simulator/clock.ts'

function fences(trustLoopback = false) {
  const clock = createFakeClock(0)
  const made = new Fences({ clock, limits: DEFAULT_BUS_LIMITS, trustLoopback })
  return { clock, fences: made, enter: (address: string) => summary(made.enter(address)) }
}

function summary(entry: Entry): string | Place {
  return 'refused' in entry ? entry.refused : entry.place
}

function leave(entry: string | Place): void {
  if (typeof entry === 'string') throw new Error(entry)
  entry.leave()
}

describe('half-open connections', () => {
  it('are ten from one address, and its others are refused until one is through', () => {
    const { enter } = fences()
    const entries = Array.from({ length: 10 }, () => enter('192.0.2.1'))

    expect(enter('192.0.2.1')).toBe('half-open-address')
    expect(typeof enter('192.0.2.2')).toBe('object')
    leave(entries[0]!)
    leave(entries[0]!)

    expect(typeof enter('192.0.2.1')).toBe('object')
    expect(enter('192.0.2.1')).toBe('half-open-address')
  })

  it('are two hundred from all', async () => {
    const { clock, fences: all, enter } = fences()
    for (let count = 0; count < 200; count++) enter(`192.0.2.${count}`)
    await clock.advance(SECOND)

    expect(enter('198.51.100.1')).toBe('half-open')
    expect(all.halfOpen).toBe(200)
  })
})

describe('attempts to connect', () => {
  it('are thirty a minute from one address', async () => {
    const { clock, enter } = fences()
    for (let count = 0; count < 30; count++) leave(enter('192.0.2.1'))

    expect(enter('192.0.2.1')).toBe('connect-rate-address')
    await clock.advance(2 * SECOND)
    leave(enter('192.0.2.1'))

    expect(enter('192.0.2.1')).toBe('connect-rate-address')
  })

  it('are two hundred a second from all, of which a refused address takes none', async () => {
    const { clock, enter } = fences()
    for (let count = 0; count < 30; count++) leave(enter('192.0.2.1'))
    for (let count = 0; count < 1_000; count++) enter('192.0.2.1')
    for (let count = 0; count < 170; count++) leave(enter(`198.51.100.${count}`))

    expect(enter('203.0.113.1')).toBe('connect-rate')
    await clock.advance(SECOND)

    leave(enter('203.0.113.1'))
  })

  it('are six a minute of one host', async () => {
    const { clock, fences: all } = fences()
    const tries = Array.from({ length: 7 }, () => all.mayConnect('host-0000000a'))

    expect(tries).toEqual([true, true, true, true, true, true, false])
    expect(all.mayConnect('host-0000000b')).toBe(true)
    await clock.advance(10 * SECOND)

    expect(all.mayConnect('host-0000000a')).toBe(true)
  })

  it('from this machine are counted with the others unless they are trusted', () => {
    const strict = fences(false)
    const trusting = fences(true)

    for (let count = 0; count < 100; count++) trusting.enter('::ffff:127.0.0.1')
    for (let count = 0; count < 10; count++) strict.enter('127.0.0.1')

    expect(typeof trusting.enter('127.0.0.1')).toBe('object')
    expect(strict.enter('127.0.0.1')).toBe('half-open-address')
  })
})

describe('an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['127.0.0.1', 'loopback'],
    ['127.1.2.3', 'loopback'],
    ['::1', 'loopback'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0db8:0000::2', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ])('%s counts for %s', (address, group) => {
    expect(groupOf(address)).toBe(group)
  })
})

describe('buckets', () => {
  it('fill up to the brim and no further', () => {
    const bucket = new Bucket({ perSecond: 2, burst: 3 }, 0)
    for (let count = 0; count < 3; count++) expect(bucket.take(0)).toBe(true)

    expect(bucket.take(0)).toBe(false)
    expect(bucket.waitFor(1, 0)).toBe(500)
    expect(bucket.take(500)).toBe(true)
    expect(bucket.available(60_000)).toBe(3)
    expect(bucket.isFull(60_000)).toBe(true)
  })

  it('are kept for so many keys, and forgotten when they are full again', async () => {
    const clock = createFakeClock(0)
    const buckets = new Buckets({ perSecond: 1, burst: 1 }, clock, 2)
    expect([buckets.take('a'), buckets.take('a')]).toEqual([true, false])

    buckets.take('b')
    expect(buckets.take('a')).toBe(false)
    buckets.take('c')

    expect(buckets.take('a')).toBe(false)
    expect(buckets.take('b')).toBe(true)
    await clock.advance(MINUTE)
    buckets.sweep()
    expect(buckets.take('a')).toBe(true)
  })
})

describe('refusals', () => {
  it('are told of once, and then by their number', () => {
    const told: Refusal[] = []
    const refusals = new Refusals(refusal => told.push(refusal))
    for (let count = 0; count < 5; count++) refusals.add({ code: 'tls', address: '192.0.2.1' })
    refusals.add({ code: 'tls', address: '192.0.2.2' })
    expect(told.length).toBe(2)

    refusals.sweep()
    refusals.sweep()
    refusals.add({ code: 'tls', address: '192.0.2.1' })

    expect(told.slice(2)).toEqual([
      { code: 'tls', address: '192.0.2.1', detail: '4 more of these' },
      { code: 'tls', address: '192.0.2.1' },
    ])
    expect(refusals.counts).toEqual({ tls: 7 })
  })

  it('of very many callers are told of by their code alone', () => {
    const told: Refusal[] = []
    const refusals = new Refusals(refusal => told.push(refusal))

    for (let count = 0; count < 5_000; count++) refusals.add({ code: 'connect-rate', address: String(count) })

    expect(told.length).toBe(1_001)
    expect(refusals.counts).toEqual({ 'connect-rate': 5_000 })
  })
})

describe('suspicion', () => {
  it('falls on a host at its third knock within a minute, and then begins anew', async () => {
    const clock = createFakeClock(0)
    const suspicion = new Suspicion(clock, 3)
    const knock = () => suspicion.note('host-0000000a')

    expect([knock(), suspicion.note('host-0000000b'), knock(), knock(), knock()]).toEqual([
      false,
      false,
      false,
      true,
      false,
    ])
  })

  it('fades', async () => {
    const clock = createFakeClock(0)
    const suspicion = new Suspicion(clock, 3)
    const knocks: boolean[] = []

    for (let count = 0; count < 6; count++) {
      knocks.push(suspicion.note('host-0000000a'))
      suspicion.sweep()
      await clock.advance(31 * SECOND)
    }

    expect(knocks).toEqual([false, false, false, false, false, false])
  })
})
