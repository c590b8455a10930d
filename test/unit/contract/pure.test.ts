// SPDX-License-Identifier: Apache-2.0
/** The contract's small pure parts: canonical JSON, ids, times, topics, messages. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  asProblem,
  canonical,
  check,
  defineProblems,
  depthOf,
  findings,
  formatAge,
  formatTime,
  hostFilters,
  isHostId,
  isSegment,
  isUlid,
  MAX_BYTES,
  newHostId,
  newUlid,
  ownerOf,
  PresenceMessage,
  Problem,
  parseBounded,
  parseDuration,
  parseTime,
  parseTopic,
  problemFrom,
  readMessage,
  signedBytes,
  type Topic,
  topicOf,
} from '../../../plugins/contract/index.ts'

const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))

describe('canonical JSON', () => {
  it('writes the example of RFC 8785 §3.2.2 as it stands there', () => {
    const value = {
      // biome-ignore lint/correctness/noPrecisionLoss: the example of the standard has this number
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    }
    expect(canonical(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  it('sorts members by UTF-16 code units, as RFC 8785 §3.2.3 shows', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 }
    expect(Object.values(JSON.parse(canonical(value)))).toHaveLength(7)
    expect(canonical(value).match(/\d(?=[,}])/g)).toEqual(['2', '4', '6', '7', '1', '5', '3'])
  })

  it('does not depend on the order in which members were set, and reads back equal', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), value => {
        const shuffled = JSON.parse(JSON.stringify(value), (_, each) =>
          typeof each === 'object' && each !== null && !Array.isArray(each)
            ? Object.fromEntries(Object.entries(each).reverse())
            : each,
        )
        expect(canonical(shuffled)).toBe(canonical(value))
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('refuses what JSON cannot carry', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, '\ud800', () => 1, 1n, Symbol('x'), [undefined]]) {
      expect(() => canonical(value)).toThrow()
    }
  })

  it('binds a signature to its kind', () => {
    expect(signedBytes('command', { a: 1 })).not.toEqual(signedBytes('desired', { a: 1 }))
  })
})

describe('depth', () => {
  it('counts nesting and stops counting past the limit', () => {
    expect(depthOf(1, 9)).toBe(0)
    expect(depthOf([[[]]], 9)).toBe(3)
    let deep: unknown = {}
    for (let level = 0; level < 50_000; level++) deep = { deep }
    expect(depthOf(deep, 16)).toBe(17)
  })
})

describe('ids', () => {
  it('have the shapes they promise', () => {
    expect(isHostId(newHostId(random))).toBe(true)
    expect(isUlid(newUlid(Date.now(), random))).toBe(true)
  })

  it('of commands sort by time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 46 }), fc.integer({ min: 1, max: 1e9 }), (at, later) => {
        expect(newUlid(at, random) < newUlid(at + later, random)).toBe(true)
      }),
    )
  })

  it('of segments leave nothing that a topic could be built from', () => {
    for (const text of ['', '+', '#', 'a/b', 'A', '-a', 'a'.repeat(65), 'ä', 'a b', 'a\n', '$sys'])
      expect(isSegment(text)).toBe(false)
    for (const text of ['a', '0', 'os', 'hall-2', 'a'.repeat(64)]) expect(isSegment(text)).toBe(true)
  })
})

describe('times', () => {
  it('are read back as written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253402300799999 }), at => {
        expect(parseTime(formatTime(at))).toBe(at)
      }),
    )
  })

  it('that do not exist are refused', () => {
    for (const text of [
      '2026-02-30T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-01-01',
      '2026-01-01T25:00:00Z',
      'now',
      '',
      '2025-02-29T00:00:00Z',
    ]) {
      expect(parseTime(text)).toBeUndefined()
    }
    expect(parseTime('2024-02-29T12:00:00+01:00')).toBe(Date.UTC(2024, 1, 29, 11))
  })

  it('as people type them', () => {
    expect(parseDuration('1h30m')).toBe(5_400_000)
    expect(parseDuration('90s')).toBe(90_000)
    for (const text of ['', '1', 'h', '1 h', '-1h', '1.5h', '1y']) expect(parseDuration(text)).toBeUndefined()
    expect([0, 61_000, 3 * 3_600_000, 50 * 3_600_000].map(formatAge)).toEqual(['0s', '1m', '3h', '2d'])
  })
})

describe('topics', () => {
  const owner = { project: 'default', host: 'host-0a1b2c3d' }
  const stream = newUlid(0, random)
  const all: Topic[] = [
    ...(['presence', 'result', 'receipt'] as const).map(kind => ({ ...owner, kind })),
    ...(['desired', 'command', 'reported'] as const).map(kind => ({ ...owner, kind, section: 'os' })),
    { ...owner, kind: 'telemetry', stream: 'cpu' },
    ...(['up', 'down'] as const).map(kind => ({ ...owner, kind, stream })),
  ]

  it.each(all)('$kind is read back as spelled', topic => {
    expect(parseTopic(topicOf(topic))).toEqual(topic)
    expect(ownerOf(topicOf(topic))).toEqual(owner)
  })

  it('that are not ours are nobody’s', () => {
    const base = 'muster/1/default/host-0a1b2c3d'
    for (const text of [
      '',
      '/',
      base,
      `${base}/`,
      `${base}/presence/x`,
      `${base}/reported`,
      `${base}/reported/`,
      `${base}/reported/+`,
      `${base}/reported/os/x`,
      `${base}/nothing`,
      'muster/2/default/host-0a1b2c3d/presence',
      '$SYS/x',
      `${base}/stream/abc/up`,
      `muster/1/default/host-0a1b2c3dd/presence`,
      `muster/1//host-0a1b2c3d/presence`,
      `${base}/Reported/os`,
    ]) {
      expect([text, parseTopic(text)]).toEqual([text, undefined])
    }
  })

  it('a host subscribes to are four, and lie in its own tree', () => {
    expect(hostFilters(owner)).toHaveLength(4)
    for (const filter of hostFilters(owner)) expect(filter.startsWith('muster/1/default/host-0a1b2c3d/')).toBe(true)
  })
})

describe('messages', () => {
  it('are read when small, shallow, UTF-8 and of the schema, and are nothing otherwise', () => {
    const good = JSON.stringify({ state: 'offline', bootId: 'b', reason: 'lost' })
    const read = (bytes: Uint8Array) => readMessage(PresenceMessage, bytes, MAX_BYTES.presence)
    expect(read(Buffer.from(good))).toEqual(JSON.parse(good))
    expect(read(Buffer.from(good.padEnd(5_000)))).toBeUndefined()
    expect(read(Buffer.from([0x22, 0xff, 0x22]))).toBeUndefined()
    expect(read(Buffer.from('{"state":"offline"}'))).toBeUndefined()
    expect(parseBounded(Buffer.from(`${'['.repeat(17)}${']'.repeat(17)}`), 1_000)).toBeUndefined()
    expect(parseBounded(Buffer.from(`${'['.repeat(200_000)}`), 1_000_000)).toBeUndefined()
  })

  it('never throw, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), bytes => void readMessage(PresenceMessage, bytes, 4_096)))
  })

  it('that do not fit say where', () => {
    expect(findings(PresenceMessage, { state: 'offline', bootId: 'b', reason: 'lost' })).toEqual([])
    expect(() => check(PresenceMessage, { state: 'offline' }, 'presence')).toThrow(/presence: /)
  })
})

describe('problems', () => {
  const problem = defineProblems({
    'disk-full': { status: 507, title: 'The disk is full', retry: { afterMs: 5 }, next: 'make room' },
  })

  it('keep their shape over the wire', () => {
    const thrown = problem('disk-full', '12 MB left', { mount: '/var' })
    const back = problemFrom(JSON.parse(JSON.stringify(thrown)))
    expect(back).toBeInstanceOf(Problem)
    expect(back.toJSON()).toEqual(thrown.toJSON())
    expect(thrown.toJSON()).toMatchObject({
      type: '/problems/disk-full',
      status: 507,
      detail: '12 MB left',
      fields: { mount: '/var' },
    })
  })

  it('hide what was not meant to be seen', () => {
    const shown = JSON.stringify(asProblem(new Error('password is hunter2')))
    expect(shown).not.toContain('hunter2')
    expect(asProblem(new Error('x')).code).toBe('internal')
  })
})
