// SPDX-License-Identifier: Apache-2.0
/** The messages of the AMT port forwarding protocol, from the side of the management engine. */

/** What the server may send. */
export type ServerMessage =
  | { readonly kind: 'disconnect'; readonly reason: number }
  | { readonly kind: 'service-accept'; readonly service: string }
  | { readonly kind: 'userauth-failure'; readonly methods: string }
  | { readonly kind: 'userauth-success' }
  | { readonly kind: 'request-success'; readonly port: number }
  | { readonly kind: 'request-failure' }
  | {
      readonly kind: 'channel-open'
      readonly type: string
      readonly sender: number
      readonly window: number
      readonly target: string
      readonly targetPort: number
      readonly originator: string
      readonly originatorPort: number
    }
  | {
      readonly kind: 'channel-confirmation'
      readonly recipient: number
      readonly sender: number
      readonly window: number
    }
  | { readonly kind: 'channel-failure'; readonly recipient: number; readonly reason: number }
  | { readonly kind: 'window-adjust'; readonly recipient: number; readonly bytes: number }
  | { readonly kind: 'channel-data'; readonly recipient: number; readonly data: Buffer }
  | { readonly kind: 'channel-close'; readonly recipient: number }
  | { readonly kind: 'keepalive-request'; readonly cookie: number }
  | { readonly kind: 'keepalive-reply'; readonly cookie: number }
  | { readonly kind: 'keepalive-options'; readonly intervalSeconds: number; readonly timeoutSeconds: number }
  | { readonly kind: 'protocol-version' }

/** The server broke the protocol; the firmware drops the tunnel. */
export class ApfError extends Error {}

const MAX_STRING = 2048
const MAX_DATA = 1024 * 1024

/** Reads one message from the front; `undefined` while it is not complete. `portReply`: a success carries a port. */
export function readMessage(
  bytes: Buffer,
  portReply: boolean,
): { readonly message: ServerMessage; readonly length: number } | undefined {
  const cursor = new Cursor(bytes)
  const type = cursor.byte()
  if (type === undefined) return undefined
  const message = body(type, cursor, portReply)
  return cursor.short || message === undefined ? undefined : { message, length: cursor.at }
}

function body(type: number, cursor: Cursor, portReply: boolean): ServerMessage | undefined {
  switch (type) {
    case 1: {
      const reason = cursor.u32()
      cursor.skip(2)
      return { kind: 'disconnect', reason }
    }
    case 6:
      return { kind: 'service-accept', service: cursor.string() }
    case 51: {
      const methods = cursor.string()
      cursor.skip(1)
      return { kind: 'userauth-failure', methods }
    }
    case 52:
      return { kind: 'userauth-success' }
    case 81:
      return { kind: 'request-success', port: portReply ? cursor.u32() : 0 }
    case 82:
      return { kind: 'request-failure' }
    case 208:
      return { kind: 'keepalive-request', cookie: cursor.u32() }
    case 209:
      return { kind: 'keepalive-reply', cookie: cursor.u32() }
    case 210:
      return { kind: 'keepalive-options', intervalSeconds: cursor.u32(), timeoutSeconds: cursor.u32() }
    case 192:
      cursor.skip(92)
      return { kind: 'protocol-version' }
    default:
      return channelBody(type, cursor)
  }
}

function channelBody(type: number, cursor: Cursor): ServerMessage {
  switch (type) {
    case 90: {
      const head = { type: cursor.string(), sender: cursor.u32(), window: cursor.u32() }
      cursor.skip(4)
      const target = { target: cursor.string(), targetPort: cursor.u32() }
      return { kind: 'channel-open', ...head, ...target, originator: cursor.string(), originatorPort: cursor.u32() }
    }
    case 91: {
      const message = { recipient: cursor.u32(), sender: cursor.u32(), window: cursor.u32() }
      cursor.skip(4)
      return { kind: 'channel-confirmation', ...message }
    }
    case 92: {
      const message = { recipient: cursor.u32(), reason: cursor.u32() }
      cursor.skip(8)
      return { kind: 'channel-failure', ...message }
    }
    case 93:
      return { kind: 'window-adjust', recipient: cursor.u32(), bytes: cursor.u32() }
    case 94:
      return { kind: 'channel-data', recipient: cursor.u32(), data: cursor.bytes(MAX_DATA) }
    case 97:
      return { kind: 'channel-close', recipient: cursor.u32() }
    default:
      throw new ApfError(`message ${type} is not known`)
  }
}

class Cursor {
  readonly #bytes: Buffer
  at = 0
  /** Something lay beyond the end; what was read since is not meant. */
  short = false

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  byte(): number | undefined {
    return this.#bytes[this.at++]
  }

  u32(): number {
    return this.#has(4) ? this.#bytes.readUInt32BE(this.at - 4) : 0
  }

  skip(count: number): void {
    this.#has(count)
  }

  string(): string {
    return this.bytes(MAX_STRING).toString('latin1')
  }

  bytes(limit: number): Buffer {
    const length = this.u32()
    if (length > limit) throw new ApfError(`${length} bytes are too many`)
    return this.#has(length) ? this.#bytes.subarray(this.at - length, this.at) : Buffer.alloc(0)
  }

  #has(count: number): boolean {
    if (this.short || this.at + count > this.#bytes.length) this.short = true
    else this.at += count
    return !this.short
  }
}

function u32s(type: number, ...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(1 + 4 * values.length)
  bytes[0] = type
  values.forEach((value, index) => {
    bytes.writeUInt32BE(value >>> 0, 1 + 4 * index)
  })
  return bytes
}

function u32(value: number): Buffer {
  return u32s(0, value).subarray(1)
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1')
  return Buffer.concat([u32(bytes.length), bytes])
}

/** Why a device dials. */
export const TRIGGER = { user: 1, alert: 2, provisioning: 3, periodic: 4 } as const

/** `uuid` as it is printed; on the wire its first three groups are little-endian. */
export function protocolVersion(uuid: string, trigger: number): Buffer {
  const id = Buffer.from(uuid.replaceAll('-', ''), 'hex')
  id.subarray(0, 4).reverse()
  id.subarray(4, 6).reverse()
  id.subarray(6, 8).reverse()
  return Buffer.concat([u32s(192, 1, 0, trigger), id, Buffer.alloc(64)])
}

export function serviceRequest(service: string): Buffer {
  return Buffer.concat([Buffer.of(5), string(service)])
}

export function userauthPassword(user: string, password: string): Buffer {
  return Buffer.concat([
    Buffer.of(50),
    string(user),
    string('pfwd@amt.intel.com'),
    string('password'),
    Buffer.of(0),
    string(password),
  ])
}

export function tcpipForward(address: string, port: number): Buffer {
  return Buffer.concat([Buffer.of(80), string('tcpip-forward'), Buffer.of(1), string(address), u32(port)])
}

export function channelConfirmation(recipient: number, sender: number, window: number): Buffer {
  return u32s(91, recipient, sender, window, 0xffff_ffff)
}

/** Reasons: 1 prohibited, 2 connect failed, 3 unknown type, 4 resource shortage. */
export function channelFailure(recipient: number, reason: number): Buffer {
  return u32s(92, recipient, reason, 0, 0)
}

export function windowAdjust(recipient: number, bytes: number): Buffer {
  return u32s(93, recipient, bytes)
}

export function channelData(recipient: number, data: Buffer): Buffer {
  return Buffer.concat([u32s(94, recipient, data.length), data])
}

export function channelClose(recipient: number): Buffer {
  return u32s(97, recipient)
}

export function keepaliveRequest(cookie: number): Buffer {
  return u32s(208, cookie)
}

export function keepaliveReply(cookie: number): Buffer {
  return u32s(209, cookie)
}

export function keepaliveOptionsReply(intervalSeconds: number, timeoutSeconds: number): Buffer {
  return u32s(211, intervalSeconds, timeoutSeconds)
}

export function disconnect(reason: number): Buffer {
  return Buffer.concat([u32s(1, reason), Buffer.alloc(2)])
}
