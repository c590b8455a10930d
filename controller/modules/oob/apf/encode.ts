// SPDX-License-Identifier: Apache-2.0
/** Writes messages of the AMT Port Forwarding protocol as bytes. Pure. */
import { writeGuid } from './guid.ts'
import { type ChannelOpen, type DatagramRequest, type Endpoint, MAX_U32, type Message, TYPE } from './messages.ts'

/** Where the reserved word of the channel messages must be all ones. */
const RESERVED = MAX_U32

/** Writes one message. Throws a RangeError for numbers beyond 32 bits and for a GUID that is none. */
export function encode(message: Message): Buffer {
  switch (message.kind) {
    case 'disconnect':
      return words(TYPE.disconnect, 7, message.reason)
    case 'service-request':
    case 'service-accept':
      return new Writer(TYPE[message.kind], 5 + size(message.service)).text(message.service).done()
    case 'userauth-request':
      return userauth(message)
    case 'userauth-failure':
      return new Writer(TYPE[message.kind], 6 + size(message.methods))
        .text(message.methods)
        .flag(message.partial)
        .done()
    case 'userauth-success':
    case 'request-failure':
      return Buffer.of(TYPE[message.kind])
    case 'global-request':
      return globalRequest(message)
    case 'request-success':
      return message.port === undefined ? Buffer.of(TYPE[message.kind]) : words(TYPE[message.kind], 5, message.port)
    case 'channel-open':
      return channelOpen(message)
    case 'channel-confirmation':
      return words(TYPE[message.kind], 17, message.recipient, message.sender, message.window, RESERVED)
    case 'channel-failure':
      return words(TYPE[message.kind], 17, message.recipient, message.reason, 0, 0)
    case 'window-adjust':
      return words(TYPE[message.kind], 9, message.recipient, message.bytes)
    case 'channel-data':
      return encodeData(message.recipient, message.data)
    case 'channel-close':
      return words(TYPE[message.kind], 5, message.recipient)
    case 'protocol-version':
      return protocolVersion(message)
    case 'keepalive-request':
    case 'keepalive-reply':
      return words(TYPE[message.kind], 5, message.cookie)
    case 'keepalive-options-request':
    case 'keepalive-options-reply':
      return words(TYPE[message.kind], 9, message.interval, message.timeout)
  }
}

/** CHANNEL_DATA with its payload copied once, so that both leave in one write. */
export function encodeData(recipient: number, data: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(9 + data.length)
  bytes[0] = TYPE['channel-data']
  bytes.writeUInt32BE(recipient, 1)
  bytes.writeUInt32BE(data.length, 5)
  bytes.set(data, 9)
  return bytes
}

function words(type: number, length: number, ...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(length)
  bytes[0] = type
  let at = 1
  for (const value of values) at = bytes.writeUInt32BE(value, at)
  return bytes
}

function userauth(message: Message & { kind: 'userauth-request' }): Buffer {
  const { user, service, method } = message
  const password = message.method === 'password' ? message.password : undefined
  const length = 13 + size(user) + size(service) + size(method) + (password === undefined ? 0 : 5 + password.length)
  const writer = new Writer(TYPE[message.kind], length).text(user).text(service).text(method)
  return (password === undefined ? writer : writer.flag(false).bytes(password)).done()
}

function globalRequest(message: Message & { kind: 'global-request' }): Buffer {
  if (message.request === 'udp-send-to@amt.intel.com') return datagram(message)
  if (message.request === 'unknown') {
    const { name, wantReply } = message
    return new Writer(TYPE[message.kind], 6 + size(name)).text(name).flag(wantReply).done()
  }
  const length = 6 + size(message.request) + sizeOf(message)
  return new Writer(TYPE[message.kind], length).text(message.request).flag(message.wantReply).endpoint(message).done()
}

function datagram({ kind, request, wantReply, destination, originator, payload }: DatagramRequest): Buffer {
  const length = 6 + size(request) + sizeOf(destination) + sizeOf(originator) + 4 + payload.length
  return new Writer(TYPE[kind], length)
    .text(request)
    .flag(wantReply)
    .endpoint(destination)
    .endpoint(originator)
    .bytes(payload)
    .done()
}

function channelOpen({ kind, type, sender, window, target, originator }: ChannelOpen): Buffer {
  return new Writer(TYPE[kind], 17 + size(type) + sizeOf(target) + sizeOf(originator))
    .text(type)
    .word(sender)
    .word(window)
    .word(RESERVED)
    .endpoint(target)
    .endpoint(originator)
    .done()
}

function protocolVersion({ major, minor, trigger, guid }: Message & { kind: 'protocol-version' }): Buffer {
  const bytes = words(TYPE['protocol-version'], 93, major, minor, trigger)
  writeGuid(guid, bytes, 13)
  return bytes
}

const size = (text: string): number => Buffer.byteLength(text)
const sizeOf = ({ address }: Endpoint): number => 8 + size(address)

/** Fills a message from left to right. */
class Writer {
  readonly #buffer: Buffer
  #at = 1

  constructor(type: number, length: number) {
    this.#buffer = Buffer.allocUnsafe(length)
    this.#buffer[0] = type
  }

  word(value: number): this {
    this.#at = this.#buffer.writeUInt32BE(value, this.#at)
    return this
  }

  flag(value: boolean): this {
    this.#buffer[this.#at++] = value ? 1 : 0
    return this
  }

  text(value: string): this {
    const length = this.#buffer.write(value, this.#at + 4)
    this.#buffer.writeUInt32BE(length, this.#at)
    this.#at += 4 + length
    return this
  }

  bytes(value: Uint8Array): this {
    this.word(value.length)
    this.#buffer.set(value, this.#at)
    this.#at += value.length
    return this
  }

  endpoint({ address, port }: Endpoint): this {
    return this.text(address).word(port)
  }

  done(): Buffer {
    return this.#buffer
  }
}
