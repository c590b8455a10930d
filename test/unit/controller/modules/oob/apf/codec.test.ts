// SPDX-License-Identifier: Apache-2.0
/** Messages of the tunnel protocol keep their bytes, however the stream is cut. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Decoder, type DecoderLimits } from '../../../../../../controller/modules/oob/apf/decode.ts'
import { encode } from '../../../../../../controller/modules/oob/apf/encode.ts'
import { type Message, ProtocolError, TYPE } from '../../../../../../controller/modules/oob/apf/messages.ts'
import { GUID, vectors } from './vectors.ts'

const LIMITS: DecoderLimits = { maxData: 1_048_576, successHasPort: true }

/** Everything that comes out of the chunks; pieces of one CHANNEL_DATA are put together again. */
function decode(chunks: readonly Buffer[], limits = LIMITS): Message[] {
  const decoder = new Decoder(limits)
  const messages: Message[] = []
  for (const chunk of chunks) {
    decoder.push(chunk)
    for (let message = decoder.next(); message !== undefined; message = decoder.next()) messages.push(message)
  }
  return messages
}

function joined(messages: readonly Message[]): Message[] {
  const all: Message[] = []
  for (const message of messages) {
    const last = all.at(-1)
    if (message.kind === 'channel-data' && last?.kind === 'channel-data') {
      all[all.length - 1] = { ...last, data: Buffer.concat([last.data, message.data]) }
    } else all.push(message)
  }
  return all
}

/** Buffers and byte arrays of the same bytes are the same to us. */
function plain(messages: readonly Message[]): unknown {
  return messages.map(message =>
    Object.fromEntries(
      Object.entries(message).map(([key, value]) => [
        key,
        value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
      ]),
    ),
  )
}

const singles = (bytes: Buffer): Buffer[] => Array.from(bytes, byte => Buffer.of(byte))

function failure(bytes: Buffer, limits: DecoderLimits = LIMITS): ProtocolError {
  try {
    decode([bytes], limits)
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(ProtocolError)
    return thrown as ProtocolError
  }
  throw new Error('it was taken')
}

describe('the vectors', () => {
  it('stand for all twenty types', () => {
    expect(new Set(vectors.map(({ type }) => type))).toEqual(new Set(Object.values(TYPE)))
    expect(Object.values(TYPE)).toHaveLength(20)
  })

  it.each(vectors.map(vector => [vector.type, vector.message.kind, vector] as const))(
    'writes and reads %i %s',
    (type, _kind, { message, bytes }) => {
      expect(bytes[0]).toBe(type)
      expect(encode(message).toString('hex')).toBe(bytes.toString('hex'))
      expect(plain(decode([bytes]))).toEqual(plain([message]))
      expect(plain(joined(decode(singles(bytes))))).toEqual(plain([message]))
    },
  )

  it('reads all of them out of one chunk', () => {
    const all = Buffer.concat(vectors.map(({ bytes }) => bytes))

    expect(plain(decode([all]))).toEqual(plain(vectors.map(({ message }) => message)))
  })

  it('writes a failed login in 14 bytes', () => {
    expect(encode({ kind: 'userauth-failure', methods: 'password', partial: false })).toHaveLength(14)
  })

  it('reads the answer to a cancelled forward without a port', () => {
    expect(decode([Buffer.from('5152', 'hex')], { maxData: 1 })).toEqual([
      { kind: 'request-success' },
      { kind: 'request-failure' },
    ])
  })
})

describe('any cut', () => {
  it('leaves the messages as they were', () => {
    const all = Buffer.concat(vectors.map(({ bytes }) => bytes))
    const expected = plain(vectors.map(({ message }) => message))
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 400 }), sizes => {
        const chunks: Buffer[] = []
        let at = 0
        for (let turn = 0; at < all.length; turn++) {
          const size = sizes[turn % sizes.length]!
          chunks.push(all.subarray(at, at + size))
          at += size
        }
        expect(plain(joined(decode(chunks)))).toEqual(expected)
      }),
    )
  })

  it('hands on data as it comes and keeps none of it', () => {
    const decoder = new Decoder(LIMITS)
    decoder.push(encode({ kind: 'channel-data', recipient: 7, data: Buffer.alloc(50_000, 1) }).subarray(0, 20_000))

    const first = decoder.next()

    expect(first).toMatchObject({ kind: 'channel-data', recipient: 7 })
    expect(first?.kind === 'channel-data' && first.data).toHaveLength(19_991)
    expect(decoder.next()).toBeUndefined()
  })
})

const word = fc.integer({ min: 0, max: 0xffff_ffff })
const text = fc.string({ unit: 'grapheme', maxLength: 60 })
const bytes = fc.uint8Array({ maxLength: 2_000 }).map(array => Buffer.from(array))
const endpoint = fc.record({ address: text, port: word })
const guid = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map(raw => Buffer.from(raw).toString('hex'))
  .map(digits => digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'))
const kind = <K extends string>(name: K) => fc.constant(name)

const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ kind: kind('disconnect'), reason: word }),
  fc.record({ kind: fc.constantFrom('service-request', 'service-accept'), service: text }),
  fc.record({ kind: kind('userauth-request'), user: text, service: text, method: kind('none') }),
  fc.record({ kind: kind('userauth-request'), user: text, service: text, method: kind('password'), password: bytes }),
  fc.record({ kind: kind('userauth-failure'), methods: text, partial: fc.boolean() }),
  fc.record({
    kind: kind('global-request'),
    request: fc.constantFrom('tcpip-forward', 'cancel-tcpip-forward'),
    wantReply: fc.boolean(),
    address: text,
    port: word,
  }),
  fc.record({
    kind: kind('global-request'),
    request: kind('udp-send-to@amt.intel.com'),
    wantReply: fc.boolean(),
    destination: endpoint,
    originator: endpoint,
    payload: bytes,
  }),
  fc.record({ kind: kind('request-success'), port: word }),
  fc.record({
    kind: kind('channel-open'),
    type: text,
    sender: word,
    window: word,
    target: endpoint,
    originator: endpoint,
  }),
  fc.record({ kind: kind('channel-confirmation'), recipient: word, sender: word, window: word }),
  fc.record({ kind: kind('channel-failure'), recipient: word, reason: word }),
  fc.record({ kind: kind('window-adjust'), recipient: word, bytes: word }),
  fc.record({ kind: kind('channel-data'), recipient: word, data: bytes }),
  fc.record({ kind: kind('channel-close'), recipient: word }),
  fc.record({ kind: kind('protocol-version'), major: word, minor: word, trigger: word, guid }),
  fc.record({ kind: fc.constantFrom('keepalive-request', 'keepalive-reply'), cookie: word }),
  fc.record({
    kind: fc.constantFrom('keepalive-options-request', 'keepalive-options-reply'),
    interval: word,
    timeout: word,
  }),
)

describe('any message', () => {
  it('is read as it was written', () => {
    fc.assert(fc.property(message, each => void expect(plain(decode([encode(each)]))).toEqual(plain([each]))))
  })

  it('is read as it was written byte by byte', () => {
    fc.assert(
      fc.property(message, each => void expect(plain(joined(decode(singles(encode(each)))))).toEqual(plain([each]))),
      { numRuns: 50 },
    )
  })
})

describe('a peer that breaks the protocol', () => {
  it.each([0, 2, 7, 49, 53, 83, 89, 95, 96, 98, 191, 207, 212, 250, 255])('is refused type %i', type => {
    expect(failure(Buffer.of(type)).reason).toBe(2)
  })

  it('is refused a string of more than 2,048 bytes as soon as its length is there', () => {
    expect(failure(Buffer.from('0500000801', 'hex')).reason).toBe(2)
    expect(decode([Buffer.from('0500000800', 'hex')])).toEqual([])
  })

  it('is refused data beyond the window as soon as its length is there', () => {
    expect(failure(Buffer.from('5e0000000100000011', 'hex'), { maxData: 16 }).reason).toBe(2)
    expect(decode([Buffer.from('5e0000000100000010', 'hex')], { maxData: 16 })).toHaveLength(1)
  })

  it('is refused more bytes than it may send before its login, and none after it', () => {
    const keepalive = Buffer.from('d000000001', 'hex')
    const decoder = new Decoder({ maxData: 1, budget: 12 })
    decoder.push(keepalive)
    decoder.push(keepalive)

    expect(() => decoder.push(keepalive)).toThrow(ProtocolError)

    const free = new Decoder({ maxData: 1, budget: 5 })
    free.push(keepalive)
    free.lift()
    free.push(keepalive)
    expect([free.next(), free.next()]).toHaveLength(2)
  })

  it('is told that there are no more methods than password and none', () => {
    const digest = `32${'00000000'.repeat(2)}00000006${Buffer.from('digest').toString('hex')}`

    expect(failure(Buffer.from(digest, 'hex')).reason).toBe(14)
  })

  it('is heard no more after a global request nobody knows', () => {
    const name = Buffer.from('keepalive@openssh.com')
    const request = Buffer.concat([Buffer.from([80, 0, 0, 0, name.length]), name, Buffer.from([1, 97, 0, 0, 0, 1])])

    expect(decode([request, Buffer.from('d000000001', 'hex')])).toEqual([
      { kind: 'global-request', request: 'unknown', name: 'keepalive@openssh.com', wantReply: true },
    ])
  })

  it('never causes anything but a protocol error, whatever it sends', () => {
    const mutated = fc
      .tuple(
        fc.array(fc.constantFrom(...vectors), { minLength: 1, maxLength: 6 }),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
      )
      .map(([picked, changes]) => {
        const stream = Buffer.concat(picked.map(vector => vector.bytes))
        for (const [at, byte] of changes) stream[at % stream.length] = byte
        return stream
      })
    const random = fc.uint8Array({ maxLength: 3_000 }).map(array => Buffer.from(array))
    fc.assert(
      fc.property(fc.oneof(mutated, random), fc.integer({ min: 1, max: 50 }), (stream, size) => {
        const chunks: Buffer[] = []
        for (let at = 0; at < stream.length; at += size) chunks.push(stream.subarray(at, at + size))
        try {
          const messages = decode(chunks)
          expect(messages.length).toBeLessThanOrEqual(stream.length)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(ProtocolError)
        }
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('a GUID', () => {
  it('is written with its first three groups swapped', () => {
    const bytes = encode({ kind: 'protocol-version', major: 1, minor: 0, trigger: 1, guid: GUID })

    expect(bytes.subarray(13, 29).toString('hex')).toBe('33221100554477668899aabbccddeeff')
    expect(() => encode({ kind: 'protocol-version', major: 1, minor: 0, trigger: 1, guid: 'none' })).toThrow(RangeError)
  })
})
