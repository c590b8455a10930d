// SPDX-License-Identifier: Apache-2.0
/** What the guard reads of packets as they pass. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameScanner } from '../../../../controller/bus/frames.ts'

const limits = { connectBytes: 4_096, packetBytes: 262_144 }

function lengthBytes(length: number): number[] {
  const bytes: number[] = []
  for (let rest = length; ; rest >>= 7) {
    if (rest < 128) return [...bytes, rest]
    bytes.push((rest & 127) | 128)
  }
}

function frame(head: number, length: number): Uint8Array {
  return Uint8Array.of(head, ...lengthBytes(length), ...new Uint8Array(length))
}

const CONNECT = frame(0x10, 20)

function faultAfterConnect(...bytes: number[]): string | undefined {
  const scanner = new FrameScanner(limits)
  scanner.scan(CONNECT, 10)
  return scanner.scan(Uint8Array.from(bytes), 10).fault
}

describe('the first packet', () => {
  it.each<[string, number[], string]>([
    ['a PUBLISH', [0x30, 2], 'not-connect'],
    ['a PINGREQ', [0xc0, 0], 'not-connect'],
    ['a CONNECT with flags', [0x11, 2], 'not-connect'],
    ['HTTP', [...Buffer.from('GET / HTTP/1.1\r\n')], 'not-connect'],
    ['TLS in TLS', [0x16, 0x03, 0x01], 'not-connect'],
    ['a CONNECT of 4,097 bytes', [0x10, ...lengthBytes(4_097)], 'connect-too-large'],
    ['a CONNECT of 256 MB', [0x10, 0xff, 0xff, 0xff, 0x7f], 'connect-too-large'],
    ['a length of five bytes', [0x10, 0x80, 0x80, 0x80, 0x80, 0x01], 'malformed-length'],
    ['a length without end', [0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 'malformed-length'],
  ])('is no %s', (_, bytes, fault) => {
    expect(new FrameScanner(limits).scan(Uint8Array.from(bytes), 10).fault).toBe(fault)
    const slow = new FrameScanner(limits)
    const faults = bytes.map(byte => slow.scan(Uint8Array.of(byte), 10).fault)
    expect(faults.find(each => each !== undefined)).toBe(fault)
  })

  it('of 4,096 bytes passes', () => {
    const scanner = new FrameScanner(limits)

    expect(scanner.scan(frame(0x10, 4_096), 1)).toEqual({ through: 4_099, packets: 1 })
    expect(scanner.connected).toBe(true)
  })

  it('is not through before its last byte', () => {
    const scanner = new FrameScanner(limits)

    scanner.scan(CONNECT.subarray(0, -1), 1)
    expect(scanner.connected).toBe(false)
    scanner.scan(CONNECT.subarray(-1), 1)

    expect(scanner.connected).toBe(true)
  })
})

describe('later packets', () => {
  it.each<[string, number[], string | undefined]>([
    ['a PUBLISH of QoS 0', [0x30, 2], undefined],
    ['a retained PUBLISH of QoS 1', [0x33, 2], undefined],
    ['a repeated PUBLISH of QoS 1', [0x3a, 2], undefined],
    ['a PUBLISH of QoS 2', [0x34, 2], 'qos-2'],
    ['a PUBLISH of QoS 3', [0x36, 2], 'malformed-header'],
    ['a PUBACK', [0x40, 2], undefined],
    ['a PUBREC', [0x50, 2], 'qos-2'],
    ['a PUBREL', [0x62, 2], 'qos-2'],
    ['a PUBCOMP', [0x70, 2], 'qos-2'],
    ['a SUBSCRIBE', [0x82, 2], undefined],
    ['a SUBSCRIBE with wrong flags', [0x80, 2], 'malformed-header'],
    ['an UNSUBSCRIBE', [0xa2, 2], undefined],
    ['a PINGREQ', [0xc0, 0], undefined],
    ['a DISCONNECT', [0xe0, 0], undefined],
    ['a second CONNECT', [0x10, 2], 'second-connect'],
    ['a CONNACK', [0x20, 2], 'malformed-header'],
    ['a SUBACK', [0x90, 2], 'malformed-header'],
    ['a PINGRESP', [0xd0, 0], 'malformed-header'],
    ['type 0', [0x00, 0], 'malformed-header'],
    ['type 15', [0xf0, 0], 'malformed-header'],
    ['256 KB', [0x30, ...lengthBytes(262_144)], undefined],
    ['256 KB and a byte', [0x30, ...lengthBytes(262_145)], 'packet-too-large'],
    ['256 MB', [0x30, 0xff, 0xff, 0xff, 0x7f], 'packet-too-large'],
    ['a length of five bytes', [0x30, 0xff, 0xff, 0xff, 0xff, 0x7f], 'malformed-length'],
  ])('%s: %s', (_, bytes, fault) => {
    expect(faultAfterConnect(...bytes)).toBe(fault)
  })

  it('say when their sender leaves', () => {
    const scanner = new FrameScanner(limits)
    scanner.scan(CONNECT, 1)

    expect(scanner.left).toBe(false)
    scanner.scan(frame(0xe0, 0), 1)

    expect(scanner.left).toBe(true)
  })

  it('are counted, and stopped before one too many, however the stream was cut', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 20 })
    fc.assert(
      fc.property(
        sizes,
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 5 }),
        (lengths, cuts, most) => {
          const stream = Buffer.concat([CONNECT, ...lengths.map(length => frame(0x30, length))])
          const scanner = new FrameScanner(limits)
          let packets = 0
          for (let at = 0, turn = 0; at < stream.byteLength; turn++) {
            const chunk = stream.subarray(at, at + (cuts[turn % cuts.length] ?? 1))
            const scanned = scanner.scan(chunk, most)
            expect(scanned.fault).toBeUndefined()
            expect(scanned.packets).toBeLessThanOrEqual(most)
            expect(scanned.through).toBeGreaterThan(0)
            packets += scanned.packets
            at += scanned.through
          }
          expect(packets).toBe(lengths.length + 1)
        },
      ),
    )
  })

  it('wait when none is allowed', () => {
    const scanner = new FrameScanner(limits)

    expect(scanner.scan(CONNECT, 0)).toEqual({ through: 0, packets: 0 })
  })
})
