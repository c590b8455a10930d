// SPDX-License-Identifier: Apache-2.0
/** The frames that open a redirection session, both ways: start, authenticate, end. Pure; all numbers are little-endian. */
import { concat } from './bytes.ts'

export const START = 0x10
export const START_REPLY = 0x11
export const END = 0x12
export const AUTHENTICATE = 0x13
export const AUTHENTICATE_REPLY = 0x14

export type Mode = 'kvm' | 'sol' | 'ider'

export const AUTH = { query: 0, password: 1, kerberos: 2, legacyDigest: 3, digest: 4 } as const

export type ClientFrame =
  /** `mode` is missing when the four letters are none we know. */
  | { readonly kind: 'start'; readonly mode: Mode | undefined; readonly bytes: Uint8Array }
  | { readonly kind: 'authenticate'; readonly type: number; readonly data: Uint8Array }
  | { readonly kind: 'end'; readonly bytes: Uint8Array }

export type DeviceFrame =
  | { readonly kind: 'started'; readonly status: number; readonly bytes: Uint8Array }
  | { readonly kind: 'authenticated'; readonly status: number; readonly type: number; readonly data: Uint8Array }

/** A frame and how many bytes it took; `wait` when it is not complete; `bad` when it never will be. */
export type Read<Frame> = { readonly frame: Frame; readonly size: number } | 'wait' | 'bad'

/** Far beyond any frame with eight short strings; what announces more is not a frame. */
const MAX_AUTH_DATA = 4_096

const MODES: Readonly<Record<string, Mode>> = { 'SOL ': 'sol', KVMR: 'kvm', IDER: 'ider' }

/** Reads a frame of the side that opens. */
export function readClientFrame(bytes: Uint8Array): Read<ClientFrame> {
  switch (bytes[0]) {
    case undefined:
      return 'wait'
    case START: {
      if (bytes.length < 8) return 'wait'
      const letters = Buffer.from(bytes.subarray(4, 8)).toString('latin1')
      return { frame: { kind: 'start', mode: MODES[letters], bytes: bytes.subarray(0, 8) }, size: 8 }
    }
    case END:
      return bytes.length < 4 ? 'wait' : { frame: { kind: 'end', bytes: bytes.subarray(0, 4) }, size: 4 }
    case AUTHENTICATE: {
      const data = authData(bytes)
      if (typeof data === 'string') return data
      return { frame: { kind: 'authenticate', type: bytes[4] ?? 0, data }, size: 9 + data.length }
    }
    default:
      return 'bad'
  }
}

/** Reads a frame of the device. A refusal to start may be as short as its status. */
export function readDeviceFrame(bytes: Uint8Array): Read<DeviceFrame> {
  switch (bytes[0]) {
    case undefined:
      return 'wait'
    case START_REPLY: {
      if (bytes.length < 4) return 'wait'
      const status = bytes[1] ?? 0xff
      if (status !== 0) return { frame: { kind: 'started', status, bytes }, size: bytes.length }
      const size = 13 + (bytes[12] ?? 0)
      if (bytes.length < 13 || bytes.length < size) return 'wait'
      return { frame: { kind: 'started', status, bytes: bytes.subarray(0, size) }, size }
    }
    case AUTHENTICATE_REPLY: {
      const data = authData(bytes)
      if (typeof data === 'string') return data
      const frame = { kind: 'authenticated', status: bytes[1] ?? 0xff, type: bytes[4] ?? 0, data } as const
      return { frame, size: 9 + data.length }
    }
    default:
      return 'bad'
  }
}

function authData(bytes: Uint8Array): Uint8Array | 'wait' | 'bad' {
  if (bytes.length < 9) return 'wait'
  const length = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt32LE(5)
  if (length > MAX_AUTH_DATA) return 'bad'
  return bytes.length < 9 + length ? 'wait' : bytes.subarray(9, 9 + length)
}

const START_BYTES: Readonly<Record<Mode, readonly [number, string]>> = {
  sol: [0, 'SOL '],
  kvm: [1, 'KVMR'],
  ider: [0, 'IDER'],
}

export function startFrame(mode: Mode): Uint8Array {
  const [second, letters] = START_BYTES[mode]
  return concat([Uint8Array.of(START, second, 0, 0), Buffer.from(letters, 'latin1')])
}

export function authenticateFrame(type: number, data: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(AUTHENTICATE, 0, 0, 0, type), u32(data.length), data])
}

export function authenticateReply(status: number, type: number, data: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(AUTHENTICATE_REPLY, status, 0, 0, type), u32(data.length), data])
}

/** Strings with a length of one byte each, one after the other. Throws a RangeError for one of more than 255 bytes. */
export function packStrings(texts: readonly string[]): Uint8Array {
  return concat(
    texts.flatMap(text => {
      const bytes = Buffer.from(text, 'utf8')
      if (bytes.length > 255) throw new RangeError('a string of redirection has at most 255 bytes')
      return [Uint8Array.of(bytes.length), bytes]
    }),
  )
}

/** The strings of {@link packStrings}; one that is cut short ends the list. */
export function unpackStrings(data: Uint8Array): readonly string[] {
  const texts: string[] = []
  for (let at = 0; at < data.length; ) {
    const end = at + 1 + (data[at] ?? 0)
    if (end > data.length) break
    texts.push(Buffer.from(data.subarray(at + 1, end)).toString('utf8'))
    at = end
  }
  return texts
}

function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
