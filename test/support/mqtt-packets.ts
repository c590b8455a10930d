// SPDX-License-Identifier: Apache-2.0
/** The few packets of MQTT 3.1.1 that a light host says and hears, as bytes. */

export type Heard =
  | { readonly kind: 'connack'; readonly code: number }
  | { readonly kind: 'suback' | 'puback' | 'pingresp' | 'other' }
  | {
      readonly kind: 'publish'
      readonly topic: string
      readonly payload: Buffer
      readonly packetId: number | undefined
    }

type Will = { readonly topic: string; readonly payload: string }

export const mqttPacket = {
  /** Clean session, keep-alive of a minute, will with QoS 1 that is retained. */
  connect: (clientId: string, will: Will): Buffer =>
    packet(0x10, [text('MQTT'), Buffer.from([4, 0x2e, 0, 60]), text(clientId), text(will.topic), text(will.payload)]),
  subscribe: (filters: readonly string[]): Buffer =>
    packet(0x82, [Buffer.from([0, 1]), ...filters.flatMap(filter => [text(filter), Buffer.from([1])])]),
  publish: (topic: string, payload: string, packetId: number): Buffer =>
    packet(0x32, [text(topic), Buffer.from([packetId >> 8, packetId & 255]), Buffer.from(payload)]),
  puback: (packetId: number): Buffer => packet(0x40, [Buffer.from([packetId >> 8, packetId & 255])]),
  ping: (): Buffer => packet(0xc0, []),
}

/** Whole packets, and the bytes that are not one yet. */
export function splitPackets(bytes: Buffer): { readonly packets: readonly Heard[]; readonly rest: Buffer } {
  const packets: Heard[] = []
  let rest = bytes
  for (;;) {
    const head = headOf(rest)
    if (head === undefined || rest.length < head.begins + head.length) return { packets, rest }
    packets.push(read(rest[0] ?? 0, rest.subarray(head.begins, head.begins + head.length)))
    rest = rest.subarray(head.begins + head.length)
  }
}

function headOf(bytes: Buffer): { readonly begins: number; readonly length: number } | undefined {
  let length = 0
  for (let at = 1; at < 5; at++) {
    const byte = bytes[at]
    if (byte === undefined) return undefined
    length += (byte & 127) * 128 ** (at - 1)
    if (byte < 128) return { begins: at + 1, length }
  }
  throw new Error('not a packet of MQTT')
}

function read(first: number, body: Buffer): Heard {
  switch (first >> 4) {
    case 2:
      return { kind: 'connack', code: body[1] ?? 255 }
    case 3: {
      const ends = 2 + body.readUInt16BE(0)
      const asks = (first & 6) !== 0
      const packetId = asks ? body.readUInt16BE(ends) : undefined
      return {
        kind: 'publish',
        topic: body.toString('utf8', 2, ends),
        payload: body.subarray(ends + (asks ? 2 : 0)),
        packetId,
      }
    }
    case 4:
      return { kind: 'puback' }
    case 9:
      return { kind: 'suback' }
    case 13:
      return { kind: 'pingresp' }
    default:
      return { kind: 'other' }
  }
}

function packet(first: number, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const head = [first]
  let length = body.length
  do {
    head.push((length % 128) | (length > 127 ? 128 : 0))
    length = Math.floor(length / 128)
  } while (length > 0)
  return Buffer.concat([Buffer.from(head), body])
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}
