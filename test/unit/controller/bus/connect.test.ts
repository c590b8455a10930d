// SPDX-License-Identifier: Apache-2.0
/** What a host may say in its CONNECT, and what a session remembers. */
import { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { PeerIdentity } from '../../../../controller/bus/bus.ts'
import { type Connect, refusalOf } from '../../../../controller/bus/connect.ts'
import { DEFAULT_BUS_LIMITS } from '../../../../controller/bus/limits.ts'
import { Session } from '../../../../controller/bus/session.ts'
import { SECOND } from '../../../../plugins/contract/index.ts'
import { createFakeClock } from '../../../../simulator/clock.ts'

const identity: PeerIdentity = {
  installation: 'i',
  project: 'plant',
  host: 'host-0000000a',
  epoch: 0,
  fingerprint: 'f',
  serial: 's',
  notBefore: 0,
  notAfter: Number.MAX_SAFE_INTEGER,
}
const good: Connect = { protocolId: 'MQTT', protocolVersion: 4, clientId: identity.host, clean: true, keepalive: 60 }
const presence = 'muster/1/plant/host-0000000a/presence'
const will = { topic: presence, payload: Buffer.from('x'), qos: 1, retain: true }

describe('a CONNECT', () => {
  it.each<[string, Partial<Connect>, string | undefined, number | undefined]>([
    ['as it should be', {}, undefined, undefined],
    ['with its presence as will', { will }, undefined, undefined],
    ['with keep-alive 30', { keepalive: 30 }, undefined, undefined],
    ['with keep-alive 120', { keepalive: 120 }, undefined, undefined],
    ['with keep-alive 29', { keepalive: 29 }, 'keep-alive', 2],
    ['with keep-alive 121', { keepalive: 121 }, 'keep-alive', 2],
    ['without keep-alive', { keepalive: 0 }, 'keep-alive', 2],
    ['of MQTT 5', { protocolVersion: 5 }, 'protocol-version', undefined],
    ['of MQTT 3.1', { protocolId: 'MQIsdp', protocolVersion: 3 }, 'protocol-version', undefined],
    ['of a bridge', { protocolVersion: 132 }, 'protocol-version', undefined],
    ['in the name of another', { clientId: 'host-0000000b' }, 'client-id', undefined],
    ['without a name', { clientId: '' }, 'client-id', undefined],
    ['with a name beginning alike', { clientId: 'host-0000000a1' }, 'client-id', undefined],
    ['with a user name', { username: 'root' }, 'password', 4],
    ['with an empty user name', { username: '' }, 'password', 4],
    ['with a password', { password: Buffer.from('x') }, 'password', 4],
    ['that wants its session kept', { clean: false }, 'session-not-clean', 2],
    ['with the will of another', { will: { ...will, topic: presence.replace('0a/', '0b/') } }, 'foreign-will', 5],
    ['with a result as will', { will: { ...will, topic: presence.replace('presence', 'result') } }, 'foreign-will', 5],
    ['with a will of QoS 2', { will: { ...will, qos: 2 } }, 'qos-2', 5],
    ['with a large will', { will: { ...will, payload: 'ä'.repeat(2_049) } }, 'will-too-large', 5],
  ])('%s: %s', (_, more, code, returnCode) => {
    const refusal = refusalOf({ ...good, ...more }, identity, DEFAULT_BUS_LIMITS)

    expect([refusal?.code, refusal?.returnCode]).toEqual([code, returnCode])
  })
})

describe('a session', () => {
  function session(limits: Partial<typeof DEFAULT_BUS_LIMITS> = {}) {
    const clock = createFakeClock(0)
    const guard = { stream: new Duplex(), pause: () => {}, resume: () => {} }
    const start = { identity, address: '192.0.2.1', transport: 'tls', guard, connection: 1 } as const
    const place = { leave: () => {} }
    return { clock, session: new Session({ ...start, place }, { ...DEFAULT_BUS_LIMITS, ...limits }, clock) }
  }

  it.each([
    ['presence', 5],
    ['reported', 20],
    ['result', 50],
    ['telemetry', 20],
    ['desired', 0],
    ['receipt', 0],
  ] as const)('may say %s %i times at once', (kind, burst) => {
    const { session: one } = session()

    expect(Array.from({ length: burst + 1 }, () => one.mayPublish(kind))).toEqual([...Array(burst).fill(true), false])
  })

  it('may report once a second in the long run', async () => {
    const { clock, session: one } = session()
    let passed = 0
    for (let count = 0; count < 100; count++) {
      if (one.mayPublish('reported')) passed++
      await clock.advance(SECOND / 2)
    }

    expect(passed).toBeGreaterThanOrEqual(68)
    expect(passed).toBeLessThanOrEqual(71)
  })

  it('asks for eight different filters, and for a ninth when it has given one back', () => {
    const { session: one } = session()
    const ask = (count: number) => one.mayAsk(`filter ${count}`)

    expect([1, 2, 3, 4, 5, 6, 7, 8, 8, 9].map(ask)).toEqual([...Array(9).fill(true), false])
    one.drop('filter 3')

    expect(ask(9)).toBe(true)
  })

  it('numbers packets anew, and never one that is not acknowledged', () => {
    const { session: one } = session({ unacknowledged: 3 })
    const heard: [number, boolean][] = []
    const open = (name: number) => one.openPacket(given => heard.push([name, given]))
    const ids = [open(1), open(2), open(3)]

    expect(ids).toEqual([1, 2, 3])
    expect(open(4)).toBeUndefined()
    one.acknowledged(2)
    one.acknowledged(2)
    one.acknowledged(9)
    expect(open(4)).toBe(4)
    one.end()

    expect(heard).toEqual([
      [2, true],
      [1, false],
      [3, false],
      [4, false],
    ])
  })

  it('skips the numbers that are still open when it begins again at 1', () => {
    const { session: one } = session({ unacknowledged: 10 })
    one.openPacket(() => {})
    for (let count = 0; count < 65_534; count++) one.acknowledged(one.openPacket(() => {})!)

    expect(one.openPacket(() => {})).toBe(2)
  })
})
