// SPDX-License-Identifier: Apache-2.0
/** Messages of serial-over-LAN once the session is open, both ways. Pure; numbers are little-endian. */
import { concat, createPending } from './bytes.ts'
import type { ClientStream } from './kvm.ts'

export const SOL = {
  settings: 0x20,
  settingsReply: 0x21,
  end: 0x22,
  endReply: 0x23,
  ping: 0x24,
  pong: 0x25,
  control: 0x27,
  toDevice: 0x28,
  status: 0x29,
  fromDevice: 0x2a,
  keepAlive: 0x2b,
} as const

/** What a message of one side needs to be whole, as far as is known yet; `undefined` when that side has no such kind. */
function sizeOf(bytes: Uint8Array, sizes: Readonly<Record<number, number>>, data: number): number | undefined {
  const [kind = -1] = bytes
  if (kind === data) return bytes.length < 10 ? 10 : 10 + (bytes[8] ?? 0) + 256 * (bytes[9] ?? 0)
  return sizes[kind]
}

const CLIENT_SIZES: Readonly<Record<number, number>> = {
  18: 4,
  [SOL.settings]: 24,
  [SOL.end]: 8,
  [SOL.ping]: 8,
  [SOL.pong]: 8,
  [SOL.control]: 14,
  [SOL.keepAlive]: 8,
}
const DEVICE_SIZES: Readonly<Record<number, number>> = {
  [SOL.settingsReply]: 23,
  [SOL.endReply]: 8,
  [SOL.ping]: 8,
  [SOL.pong]: 8,
  [SOL.status]: 10,
  [SOL.keepAlive]: 8,
}
const MAX_MESSAGE = 10 + 65_535
const SESSION_END = 0x12

export type SolMessage = { readonly kind: number; readonly bytes: Uint8Array }

export type SolCut = {
  readonly messages: readonly SolMessage[]
  /** What follows something that is no message of this side: from there on bytes are not looked at. */
  readonly lost?: Uint8Array
}

/** Cuts a stream of one side into whole messages. */
export interface SolReader {
  feed(data: Uint8Array): SolCut
}

export function createSolReader(side: 'client' | 'device'): SolReader {
  const pending = createPending(MAX_MESSAGE * 2)
  const [sizes, data] = side === 'client' ? [CLIENT_SIZES, SOL.toDevice] : [DEVICE_SIZES, SOL.fromDevice]
  let lost = false
  const next = (): SolMessage | 'wait' | 'lost' => {
    const bytes = pending.bytes
    if (bytes.length === 0) return 'wait'
    const size = sizeOf(bytes, sizes, data)
    if (size === undefined) return 'lost'
    if (bytes.length < size) return 'wait'
    pending.drop(size)
    return { kind: bytes[0] ?? 0, bytes: bytes.subarray(0, size) }
  }
  return {
    feed: fresh => {
      if (lost) return { messages: [], lost: fresh }
      const messages: SolMessage[] = []
      // Larger pieces are taken in parts, so that one piece may hold any number of messages.
      for (let at = 0; at < fresh.length; at += MAX_MESSAGE) {
        pending.add(fresh.subarray(at, at + MAX_MESSAGE))
        for (let one = next(); one !== 'wait'; one = next()) {
          lost = one === 'lost'
          if (one === 'lost') return { messages, lost: concat([pending.takeAll(), fresh.subarray(at + MAX_MESSAGE)]) }
          messages.push(one)
        }
      }
      return { messages }
    },
  }
}

/** What a device's data message carries. */
export function solPayload({ kind, bytes }: SolMessage): Uint8Array | undefined {
  return kind === SOL.fromDevice || kind === SOL.toDevice ? bytes.subarray(10) : undefined
}

/**
 * Follows a terminal's messages. Each is numbered; the keep-alives put in between take numbers of their own, so those of
 * the terminal move up.
 */
export function createSolStream(): ClientStream {
  const reader = createSolReader('client')
  let inserted = 0
  let last = -1
  let hadInput = false
  let ready = false
  const renumber = ({ kind, bytes }: SolMessage): Uint8Array => {
    if (kind === SESSION_END) return bytes
    const copy = Buffer.from(bytes)
    last = (copy.readUInt32LE(4) + inserted) >>> 0
    copy.writeUInt32LE(last, 4)
    return copy
  }
  return {
    get hadInput() {
      return hadInput
    },
    pass: data => {
      const { messages, lost } = reader.feed(data)
      hadInput = lost !== undefined || messages.some(({ kind }) => kind === SOL.toDevice)
      ready = lost === undefined && (ready || messages.some(({ kind }) => kind === SOL.control))
      return concat([...messages.map(renumber), lost ?? new Uint8Array(0)])
    },
    // Only whole messages go to the device, so there is never one to break in two.
    keepAlive: () => {
      if (!ready) return undefined
      inserted++
      last = (last + 1) >>> 0
      return solFrame(SOL.keepAlive, last)
    },
  }
}

/** A message: kind, three zero bytes, its number, and what follows. */
export function solFrame(kind: number, sequence: number, rest: Uint8Array = new Uint8Array(0)): Uint8Array {
  const head = Buffer.alloc(8)
  head[0] = kind
  head.writeUInt32LE(sequence >>> 0, 4)
  return concat([head, rest])
}
