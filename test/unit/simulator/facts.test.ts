// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { type AmtKind, factsOf } from '../../../simulator/facts.ts'
import { MODELS } from '../../../simulator/models.ts'

const fleet = (count: number, seed = 'test') =>
  Array.from({ length: count }, (_, at) => factsOf({ seed, index: at + 1 }))

describe('the facts of simulated machines', () => {
  it('are the same for the same seed and number', () => {
    expect(factsOf({ seed: 'a', index: 7 })).toEqual(factsOf({ seed: 'a', index: 7 }))
  })

  it('differ from seed to seed', () => {
    const [one, other] = [factsOf({ seed: 'a', index: 7 }), factsOf({ seed: 'b', index: 7 })]

    expect(one.uuid).not.toBe(other.uuid)
    expect(one.machineId).not.toBe(other.machineId)
    expect(one.hostname).not.toBe(other.hostname)
  })

  it('never give two machines the same identity', () => {
    const facts = fleet(2_000)

    for (const key of ['uuid', 'serial', 'machineId', 'hostname'] as const) {
      expect(new Set(facts.map(each => each[key])).size, key).toBe(facts.length)
    }
    const macs = facts.flatMap(each => each.nics.map(nic => nic.mac))
    expect(new Set(macs).size).toBe(macs.length)
    const disks = facts.flatMap(each => each.disks.map(disk => disk.serial))
    expect(new Set(disks).size).toBe(disks.length)
    const addresses = facts.map(each => each.nics[0]?.ipv4)
    expect(new Set(addresses).size).toBe(addresses.length)
  })

  it('have addresses that belong to nobody', () => {
    const [first = 0] = factsOf({ seed: 'a', index: 1 }).nics.map(nic => Number.parseInt(nic.mac.slice(0, 2), 16))

    expect(first & 0b11).toBe(0b10)
  })

  it('show the shares of AMT already in twenty hosts', () => {
    const counts: Record<AmtKind, number> = { vpro: 0, ism: 0, none: 0, unknown: 0 }
    for (const { amt } of fleet(20)) counts[amt.kind]++

    expect(counts.vpro).toBeGreaterThanOrEqual(11)
    expect(counts.vpro).toBeLessThanOrEqual(13)
    expect(counts.ism).toBeGreaterThanOrEqual(3)
    expect(counts.none).toBeGreaterThanOrEqual(2)
    expect(counts.unknown).toBeGreaterThanOrEqual(1)
  })

  it('give AMT only to models that can have it', () => {
    for (const { amt, model } of fleet(300)) {
      if (amt.kind !== 'unknown') expect(model.amt.skus, model.name).toContain(amt.kind)
    }
  })

  it('use every model', () => {
    expect(new Set(fleet(300).map(each => each.model.name))).toEqual(new Set(MODELS.map(each => each.name)))
  })

  it('take the model that is asked for', () => {
    expect(factsOf({ seed: 'a', index: 1, model: 'edge-server' }).model.cpu.name).toContain('Xeon')
  })

  it('refuse a model that does not exist, and name those that do', () => {
    expect(() => factsOf({ seed: 'a', index: 1, model: 'toaster' })).toThrow(/toaster; there are shop-floor-box/)
  })
})
