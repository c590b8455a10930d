// SPDX-License-Identifier: Apache-2.0
/** Reads messages of the AMT Port Forwarding protocol out of a byte stream that is cut anywhere. Pure. */
import { guidOf } from './guid.ts'
import { measure } from './measure.ts'
import { DISCONNECT, type Endpoint, type Message, ProtocolError, TYPE } from './messages.ts'

export type DecoderLimits = {
  /** Longest CHANNEL_DATA, in bytes. */
  readonly maxData: number
  /** Bytes that may come in until {@link Decoder.lift} is called. */
  readonly budget?: number
  /** Whether REQUEST_SUCCESS answers a `tcpip-forward` and so carries its port; servers never ask for forwards. */
  readonly successHasPort?: boolean
}

const EMPTY = Buffer.alloc(0)

/**
 * Takes chunks and gives messages. Holds one unfinished message at most, and no payload: the data of one CHANNEL_DATA
 * comes in as many `channel-data` messages as it arrived in pieces, each a view of the chunk it came in.
 *
 * @example
 * decoder.push(chunk)
 * for (let message = decoder.next(); message !== undefined; message = decoder.next()) handle(message)
 */
export class Decoder {
  readonly #maxData: number
  readonly #success: 1 | 5
  #budget: number
  /** What was pushed and not yet read: `#chunk` from `#at`. */
  #chunk: Buffer = EMPTY
  #at = 0
  /** The beginning of a message whose end is not here yet. */
  #part: Buffer = EMPTY
  #partLength = 0
  /** What is still to come of the CHANNEL_DATA that has begun. */
  #dataLeft = 0
  #dataChannel = 0
  #dead = false

  constructor({ maxData, budget = Number.POSITIVE_INFINITY, successHasPort = false }: DecoderLimits) {
    this.#maxData = maxData
    this.#budget = budget
    this.#success = successHasPort ? 5 : 1
  }

  /** Ends the budget: the peer has logged in. */
  lift(): void {
    this.#budget = Number.POSITIVE_INFINITY
  }

  /** Takes the next bytes; they must not change afterwards. Throws a {@link ProtocolError} when the budget is spent. */
  push(chunk: Buffer): void {
    this.#budget -= chunk.length
    if (this.#budget < 0) throw this.#fail(DISCONNECT.protocolError, 'too many bytes before the login')
    const unread = this.#chunk.length - this.#at
    this.#chunk = unread === 0 ? chunk : Buffer.concat([this.#chunk.subarray(this.#at), chunk])
    this.#at = 0
  }

  /** The next message that is complete, or `undefined`. Throws a {@link ProtocolError}, and then nothing more comes. */
  next(): Message | undefined {
    if (this.#dead) return undefined
    if (this.#dataLeft > 0) return this.#piece()
    if (this.#partLength > 0) return this.#finish()
    const available = this.#chunk.length - this.#at
    if (available === 0) {
      this.#chunk = EMPTY
      this.#at = 0
      return undefined
    }
    const length = this.#measure(this.#chunk, this.#at, this.#chunk.length)
    if (length <= available) {
      const at = this.#at
      this.#at += length
      return this.#read(this.#chunk, at)
    }
    this.#keep(length)
    return undefined
  }

  /** Moves the rest of the chunk to the unfinished message, of which so many bytes are known to be needed. */
  #keep(needed: number): void {
    const rest = this.#chunk.subarray(this.#at)
    if (this.#partLength + rest.length > this.#part.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#part.length, 64))
      this.#part.copy(grown, 0, 0, this.#partLength)
      this.#part = grown
    }
    rest.copy(this.#part, this.#partLength)
    this.#partLength += rest.length
    this.#chunk = EMPTY
    this.#at = 0
  }

  /** Completes the unfinished message with no more of the chunk than it needs. */
  #finish(): Message | undefined {
    for (;;) {
      const length = this.#measure(this.#part, 0, this.#partLength)
      const missing = length - this.#partLength
      if (missing <= 0) break
      const chunk = this.#chunk
      const available = chunk.length - this.#at
      if (available < missing) {
        this.#keep(length)
        return undefined
      }
      const end = this.#at + missing
      this.#chunk = chunk.subarray(this.#at, end)
      this.#at = 0
      this.#keep(length)
      this.#chunk = chunk
      this.#at = end
    }
    const whole = this.#part
    this.#part = EMPTY
    this.#partLength = 0
    return this.#read(whole, 0)
  }

  #measure(bytes: Buffer, at: number, end: number): number {
    try {
      return measure(bytes, at, end, this.#success)
    } catch (thrown) {
      this.#drop()
      throw thrown
    }
  }

  #read(bytes: Buffer, at: number): Message {
    if (bytes[at] !== TYPE['channel-data']) {
      const message = read(bytes, at, this.#success)
      if (message.kind === 'global-request' && message.request === 'unknown') this.#drop()
      return message
    }
    const length = bytes.readUInt32BE(at + 5)
    if (length > this.#maxData) throw this.#fail(DISCONNECT.protocolError, `${length} bytes of data in one message`)
    this.#dataChannel = bytes.readUInt32BE(at + 1)
    this.#dataLeft = length
    return this.#piece() ?? { kind: 'channel-data', recipient: this.#dataChannel, data: EMPTY }
  }

  #piece(): Message | undefined {
    const length = Math.min(this.#dataLeft, this.#chunk.length - this.#at)
    if (length === 0) {
      this.#chunk = EMPTY
      this.#at = 0
      return undefined
    }
    const data = this.#chunk.subarray(this.#at, this.#at + length)
    this.#at += length
    this.#dataLeft -= length
    return { kind: 'channel-data', recipient: this.#dataChannel, data }
  }

  #fail(reason: number, detail: string): ProtocolError {
    this.#drop()
    return new ProtocolError(reason, detail)
  }

  #drop(): void {
    this.#dead = true
    this.#chunk = EMPTY
    this.#at = 0
    this.#part = EMPTY
    this.#partLength = 0
  }
}

/** Reads a message that is known to be complete. */
function read(bytes: Buffer, at: number, success: 1 | 5): Message {
  const word = (offset: number): number => bytes.readUInt32BE(at + offset)
  switch (bytes[at]) {
    case TYPE.disconnect:
      return { kind: 'disconnect', reason: word(1) }
    case TYPE['service-request']:
      return { kind: 'service-request', service: new Reader(bytes, at).text() }
    case TYPE['service-accept']:
      return { kind: 'service-accept', service: new Reader(bytes, at).text() }
    case TYPE['userauth-request']:
      return userauth(new Reader(bytes, at))
    case TYPE['userauth-failure']: {
      const reader = new Reader(bytes, at)
      return { kind: 'userauth-failure', methods: reader.text(), partial: reader.flag() }
    }
    case TYPE['userauth-success']:
      return { kind: 'userauth-success' }
    case TYPE['global-request']:
      return globalRequest(new Reader(bytes, at))
    case TYPE['request-success']:
      return success === 5 ? { kind: 'request-success', port: word(1) } : { kind: 'request-success' }
    case TYPE['request-failure']:
      return { kind: 'request-failure' }
    case TYPE['channel-open']:
      return channelOpen(new Reader(bytes, at))
    case TYPE['channel-confirmation']:
      return { kind: 'channel-confirmation', recipient: word(1), sender: word(5), window: word(9) }
    case TYPE['channel-failure']:
      return { kind: 'channel-failure', recipient: word(1), reason: word(5) }
    case TYPE['window-adjust']:
      return { kind: 'window-adjust', recipient: word(1), bytes: word(5) }
    case TYPE['channel-close']:
      return { kind: 'channel-close', recipient: word(1) }
    case TYPE['protocol-version']:
      return {
        kind: 'protocol-version',
        major: word(1),
        minor: word(5),
        trigger: word(9),
        guid: guidOf(bytes, at + 13),
      }
    case TYPE['keepalive-request']:
      return { kind: 'keepalive-request', cookie: word(1) }
    case TYPE['keepalive-reply']:
      return { kind: 'keepalive-reply', cookie: word(1) }
    case TYPE['keepalive-options-request']:
      return { kind: 'keepalive-options-request', interval: word(1), timeout: word(5) }
    case TYPE['keepalive-options-reply']:
      return { kind: 'keepalive-options-reply', interval: word(1), timeout: word(5) }
    default:
      throw new ProtocolError(DISCONNECT.protocolError, `message type ${bytes[at]}`)
  }
}

function userauth(reader: Reader): Message {
  const user = reader.text()
  const service = reader.text()
  if (reader.text() === 'none') return { kind: 'userauth-request', user, service, method: 'none' }
  reader.flag()
  return { kind: 'userauth-request', user, service, method: 'password', password: reader.copy() }
}

function globalRequest(reader: Reader): Message {
  const name = reader.text()
  const wantReply = reader.flag()
  const kind = 'global-request'
  switch (name) {
    case 'tcpip-forward':
    case 'cancel-tcpip-forward':
      return { kind, request: name, wantReply, ...reader.endpoint() }
    case 'udp-send-to@amt.intel.com': {
      const destination = reader.endpoint()
      return { kind, request: name, wantReply, destination, originator: reader.endpoint(), payload: reader.copy() }
    }
    default:
      return { kind, request: 'unknown', name, wantReply }
  }
}

function channelOpen(reader: Reader): Message {
  const type = reader.text()
  const sender = reader.word()
  const window = reader.word()
  reader.word() // reserved
  return { kind: 'channel-open', type, sender, window, target: reader.endpoint(), originator: reader.endpoint() }
}

/** Reads the fields of a complete message from left to right. */
class Reader {
  readonly #bytes: Buffer
  #at: number

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes
    this.#at = at + 1
  }

  word(): number {
    this.#at += 4
    return this.#bytes.readUInt32BE(this.#at - 4)
  }

  flag(): boolean {
    return this.#bytes[this.#at++] !== 0
  }

  text(): string {
    const length = this.word()
    this.#at += length
    return this.#bytes.toString('utf8', this.#at - length, this.#at)
  }

  /** A string as bytes of its own, so that it does not keep the chunk it came in alive. */
  copy(): Uint8Array {
    const length = this.word()
    this.#at += length
    return Uint8Array.prototype.slice.call(this.#bytes, this.#at - length, this.#at)
  }

  endpoint(): Endpoint {
    return { address: this.text(), port: this.word() }
  }
}
