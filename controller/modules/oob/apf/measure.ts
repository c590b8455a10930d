// SPDX-License-Identifier: Apache-2.0
/** Tells where a message ends before it is read, so that it is read once and whole. Pure. */
import { DISCONNECT, MAX_STRING, ProtocolError, TYPE } from './messages.ts'

/** Lengths that do not depend on the content; of data, the part before the data. */
const FIXED: Readonly<Record<number, number>> = {
  [TYPE.disconnect]: 7,
  [TYPE['userauth-success']]: 1,
  [TYPE['request-failure']]: 1,
  [TYPE['channel-confirmation']]: 17,
  [TYPE['channel-failure']]: 17,
  [TYPE['window-adjust']]: 9,
  [TYPE['channel-data']]: 9,
  [TYPE['channel-close']]: 5,
  [TYPE['protocol-version']]: 93,
  [TYPE['keepalive-request']]: 5,
  [TYPE['keepalive-reply']]: 5,
  [TYPE['keepalive-options-request']]: 9,
  [TYPE['keepalive-options-reply']]: 9,
}

/** A string, or so many bytes. */
type Field = 's' | number

const ENDPOINT: readonly Field[] = ['s', 4]
const REQUESTS: Readonly<Record<string, readonly Field[]>> = {
  'tcpip-forward': ENDPOINT,
  'cancel-tcpip-forward': ENDPOINT,
  'udp-send-to@amt.intel.com': [...ENDPOINT, ...ENDPOINT, 's'],
}
const NAME: readonly Field[] = ['s']
const CREDENTIAL: readonly Field[] = [1, 's']
const METHODS: readonly Field[] = ['s', 1]
const OPEN: readonly Field[] = ['s', 12, ...ENDPOINT, ...ENDPOINT]
const ACCOUNT: readonly Field[] = ['s', 's']

/**
 * How many bytes the message at `at` takes, as far as `end` tells: more than there are means that so many must be there
 * before more can be said. `success` is the length of REQUEST_SUCCESS, which depends on the request.
 * Throws a {@link ProtocolError} for types nobody knows and for strings that are too long.
 */
export function measure(bytes: Buffer, at: number, end: number, success: 1 | 5): number {
  const type = bytes[at] ?? 0
  const fixed = FIXED[type]
  if (fixed !== undefined) return fixed
  switch (type) {
    case TYPE['service-request']:
    case TYPE['service-accept']:
      return skip(bytes, at + 1, end, NAME) - at
    case TYPE['userauth-failure']:
      return skip(bytes, at + 1, end, METHODS) - at
    case TYPE['request-success']:
      return success
    case TYPE['channel-open']:
      return skip(bytes, at + 1, end, OPEN) - at
    case TYPE['global-request']:
      return globalRequest(bytes, at + 1, end) - at
    case TYPE['userauth-request']:
      return userauth(bytes, at + 1, end) - at
    default:
      throw new ProtocolError(DISCONNECT.protocolError, `message type ${type}`)
  }
}

function globalRequest(bytes: Buffer, at: number, end: number): number {
  const afterName = skip(bytes, at, end, NAME)
  if (afterName > end) return afterName
  const rest = REQUESTS[bytes.toString('latin1', at + 4, afterName)]
  return rest === undefined ? afterName + 1 : skip(bytes, afterName + 1, end, rest)
}

function userauth(bytes: Buffer, at: number, end: number): number {
  const method = skip(bytes, at, end, ACCOUNT)
  if (method > end) return method
  const after = skip(bytes, method, end, NAME)
  if (after > end) return after
  const name = bytes.toString('latin1', method + 4, after)
  if (name === 'none') return after
  if (name === 'password') return skip(bytes, after, end, CREDENTIAL)
  throw new ProtocolError(DISCONNECT.noMoreMethods, 'a login method other than password and none')
}

/** Where the fields end, or the first place beyond `end` that must be there to go on. */
function skip(bytes: Buffer, from: number, end: number, fields: readonly Field[]): number {
  let at = from
  for (const field of fields) {
    if (field !== 's') {
      at += field
      continue
    }
    if (at + 4 > end) return at + 4
    const length = bytes.readUInt32BE(at)
    if (length > MAX_STRING) throw new ProtocolError(DISCONNECT.protocolError, `a string of ${length} bytes`)
    at += 4 + length
    if (at > end) return at
  }
  return at
}
