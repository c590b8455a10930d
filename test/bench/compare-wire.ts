// SPDX-License-Identifier: Apache-2.0
/** The least of MQTT 3.1.1 over mutual TLS, so that the load costs little beside the broker it is put on. */
import { connect, type TLSSocket } from 'node:tls'

export type Dial = {
  readonly port: number
  readonly ca: string
  readonly cert: string
  readonly key: string
  readonly client: string
}

export interface Wire {
  /** Resolves when it is acknowledged (QoS 1). */
  publish(topic: string, payload: string): Promise<void>
  subscribe(filters: readonly string[]): Promise<void>
  onMessage(act: (topic: string, payload: Buffer) => void): void
  readonly closed: Promise<void>
  end(): void
}

const PUBLISH = 0x30
const TYPE = { connack: 2, publish: 3, puback: 4, suback: 9 } as const
const KEEP_ALIVE_S = 120

/** A full handshake and CONNECT; rejects when either is refused. */
export function openWire({ port, ca, cert, key, client }: Dial): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca, cert, key, minVersion: 'TLSv1.3' })
    socket.setNoDelay(true)
    const session = sessionOver(socket, () => resolve(session.wire))
    socket.once('secureConnect', () => socket.write(connectPacket(client)))
    socket.on('error', () => undefined)
    socket.once('close', () => {
      session.over()
      reject(new Error('closed'))
    })
  })
}

function sessionOver(socket: TLSSocket, onConnected: () => void) {
  const waiting = new Map<number, { resolve: () => void; reject: (why: Error) => void }>()
  const closed = Promise.withResolvers<void>()
  let hear: (topic: string, payload: Buffer) => void = () => undefined
  let last = 0
  let rest: Buffer = Buffer.alloc(0)
  const answered = (id: number): void => {
    waiting.get(id)?.resolve()
    waiting.delete(id)
  }
  const take = (first: number, body: Buffer): void => {
    const type = first >> 4
    if (type === TYPE.connack) body[1] === 0 ? onConnected() : socket.destroy()
    else if (type === TYPE.puback || type === TYPE.suback) answered(body.readUInt16BE(0))
    else if (type === TYPE.publish) {
      const length = body.readUInt16BE(0)
      const isAcknowledged = (first & 0x06) !== 0
      const from = 2 + length + (isAcknowledged ? 2 : 0)
      if (isAcknowledged) socket.write(Buffer.from([0x40, 2, body[2 + length] ?? 0, body[3 + length] ?? 0]))
      hear(body.toString('utf8', 2, 2 + length), body.subarray(from))
    }
  }
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (let packet = firstPacket(rest); packet !== undefined; packet = firstPacket(rest)) {
      take(rest[0] ?? 0, rest.subarray(packet.from, packet.to))
      rest = rest.subarray(packet.to)
    }
  })
  const ask = (make: (id: number) => Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      last = (last % 65_535) + 1
      waiting.set(last, { resolve, reject })
      socket.write(make(last))
    })
  const wire: Wire = {
    publish: (topic, payload) => ask(id => publishPacket(id, topic, payload)),
    subscribe: filters => ask(id => subscribePacket(id, filters)),
    onMessage: act => {
      hear = act
    },
    closed: closed.promise,
    end: () => void socket.end(Buffer.from([0xe0, 0])),
  }
  return {
    wire,
    over: () => {
      for (const { reject } of waiting.values()) reject(new Error('closed'))
      waiting.clear()
      closed.resolve()
    },
  }
}

function firstPacket(data: Buffer): { readonly from: number; readonly to: number } | undefined {
  let length = 0
  for (let at = 1; at <= 4 && at < data.length; at++) {
    const byte = data[at] ?? 0
    length += (byte & 0x7f) << (7 * (at - 1))
    if ((byte & 0x80) === 0) return data.length < at + 1 + length ? undefined : { from: at + 1, to: at + 1 + length }
  }
  return undefined
}

function packet(first: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const length: number[] = []
  let left = body.length
  do {
    length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0))
    left >>= 7
  } while (left > 0)
  return Buffer.concat([Buffer.from([first, ...length]), body])
}

function text(value: string): Buffer {
  return Buffer.concat([number(Buffer.byteLength(value)), Buffer.from(value)])
}

function number(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff])
}

function connectPacket(client: string): Buffer {
  return packet(0x10, text('MQTT'), Buffer.from([4, 0x02]), number(KEEP_ALIVE_S), text(client))
}

function publishPacket(id: number, topic: string, payload: string): Buffer {
  return packet(PUBLISH | 0x02, text(topic), number(id), Buffer.from(payload))
}

function subscribePacket(id: number, filters: readonly string[]): Buffer {
  return packet(0x82, number(id), ...filters.map(filter => Buffer.concat([text(filter), Buffer.from([1])])))
}
