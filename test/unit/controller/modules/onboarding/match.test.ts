// SPDX-License-Identifier: Apache-2.0
/** Which host a machine is, by its keys. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Keys, type Known, matchKeys, matchNamed } from '../../../../../controller/modules/onboarding/match.ts'
import type { HostId } from '../../../../../plugins/contract/index.ts'

const U = '11111111-2222-4333-8444-555555555555'
const V = '99999999-2222-4333-8444-555555555555'

function known(id: string, keys: Keys, more: Partial<Known> = {}): Known {
  const { uuid, serial } = keys
  const state = more.state ?? 'registered'
  return { id: `host-${id}` as HostId, state, desired: more.desired ?? state, uuid, serial }
}

const outcome = (keys: Keys, ...among: Known[]) => {
  const match = matchKeys(keys, among)
  const hosts = 'hosts' in match ? match.hosts : 'host' in match ? [match.host] : []
  return [match.kind, ...hosts.map(host => host.id)].join(' ')
}

describe('matching a registration', () => {
  it.each([
    ['nobody', {}, [known('a', { serial: 'S1' })], 'new'],
    ['both keys', { uuid: U, serial: 'S1' }, [known('a', { uuid: U, serial: 'S1' })], 'registered host-a'],
    [
      'keys in another case',
      { uuid: U.toUpperCase(), serial: 's1' },
      [known('a', { uuid: U, serial: 'S1' })],
      'registered host-a',
    ],
    ['its UUID, registered by that', { uuid: U, serial: 'S9' }, [known('a', { uuid: U })], 'registered host-a'],
    ['its serial, registered by that', { uuid: U, serial: 'S1' }, [known('a', { serial: 'S1' })], 'registered host-a'],
    ['its UUID, reporting no serial', { uuid: U }, [known('a', { uuid: U, serial: 'S1' })], 'registered host-a'],
    ['its serial, reporting no UUID', { serial: 'S1' }, [known('a', { uuid: U, serial: 'S1' })], 'registered host-a'],
    ['another serial', { uuid: U, serial: 'S2' }, [known('a', { uuid: U, serial: 'S1' })], 'mismatch host-a'],
    ['another UUID', { uuid: V, serial: 'S1' }, [known('a', { uuid: U, serial: 'S1' })], 'mismatch host-a'],
    [
      'two registrations',
      { uuid: U, serial: 'S1' },
      [known('a', { uuid: U }), known('b', { serial: 'S1' })],
      'mismatch host-a host-b',
    ],
    [
      'a registration and a host that came in before',
      { uuid: U, serial: 'S1' },
      [known('a', { uuid: U }, { state: 'onboarded' }), known('b', { serial: 'S1' })],
      'mismatch host-a host-b',
    ],
    [
      'one that is being deleted',
      { serial: 'S1' },
      [known('a', { serial: 'S1' }, { desired: 'deleted' })],
      'leaving host-a',
    ],
  ] as const)('by %s', (_, keys, among, expected) => {
    expect(outcome(keys, ...among)).toBe(expected)
  })
})

describe('matching a host that came in before', () => {
  const admitted = (id: string, keys: Keys) => known(id, keys, { state: 'onboarded' })
  it.each([
    [
      'its UUID, whatever its serial',
      { uuid: U, serial: 'S2' },
      [admitted('a', { uuid: U, serial: 'S1' })],
      'known host-a',
    ],
    ['its serial, where it has no UUID', { serial: 'S1' }, [admitted('a', { serial: 'S1' })], 'known host-a'],
    [
      'a serial that it shares with a machine of another UUID',
      { uuid: V, serial: 'S1' },
      [admitted('a', { uuid: U, serial: 'S1' })],
      'new',
    ],
    [
      'its UUID, beside one that shares its serial',
      { uuid: V, serial: 'S1' },
      [admitted('a', { uuid: U, serial: 'S1' }), admitted('b', { uuid: V, serial: 'S1' })],
      'known host-b',
    ],
  ] as const)('by %s', (_, keys, among, expected) => {
    expect(outcome(keys, ...among)).toBe(expected)
  })
})

describe('a token made for one host', () => {
  it('brings a machine to it unless a key contradicts it or it is another host', () => {
    const bare = known('a', {})
    expect(matchNamed({ uuid: U }, bare, [bare]).kind).toBe('registered')
    const serial = known('a', { serial: 'S1' })
    expect(matchNamed({ uuid: U }, serial, [serial]).kind).toBe('registered')
    expect(matchNamed({ uuid: U, serial: 'S2' }, serial, [])).toMatchObject({ kind: 'mismatch' })
    const other = known('b', { uuid: U }, { state: 'onboarded' })
    expect(matchNamed({ uuid: U }, bare, [other])).toMatchObject({ kind: 'mismatch', hosts: [bare, other] })
    const board = known('c', { uuid: V }, { state: 'onboarded' })
    expect(matchNamed({ uuid: U }, board, []).kind).toBe('known')
  })
})

it('never takes a machine for a registration that one of its keys contradicts', () => {
  const key = fc.option(fc.constantFrom('k1', 'k2', 'k3'), { nil: undefined })
  const host = fc.record({
    uuid: key,
    serial: key,
    state: fc.constantFrom('registered' as const, 'onboarded' as const),
  })
  fc.assert(
    fc.property(fc.record({ uuid: key, serial: key }), fc.array(host, { maxLength: 4 }), (keys, hosts) => {
      const given = keys as Keys // absent keys are undefined
      const match = matchKeys(
        given,
        hosts.map((each, at) => known(String(at), each as Keys, { state: each.state })),
      )
      if (match.kind !== 'registered') return
      const { uuid, serial } = match.host
      expect(uuid === undefined || given.uuid === undefined || uuid === given.uuid).toBe(true)
      expect(serial === undefined || given.serial === undefined || serial === given.serial).toBe(true)
      expect((uuid !== undefined && uuid === given.uuid) || (serial !== undefined && serial === given.serial)).toBe(
        true,
      )
    }),
  )
})

it('shows what a machine reported without control characters', () => {
  const match = matchKeys({ uuid: U, serial: 'S\u001b[31m2\n' }, [known('a', { uuid: U, serial: 'S1' })])
  expect(match).toMatchObject({
    why: 'Host Registration Failed due to mismatch of Serial Number, Reported Serial Number is: S?[31m2?',
  })
})
