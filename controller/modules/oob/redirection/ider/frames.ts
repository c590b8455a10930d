// SPDX-License-Identifier: Apache-2.0
/** Frames of storage redirection (IDE-R), both ways. Pure; numbers are little-endian unless SCSI says otherwise. */
import { concat } from '../bytes.ts'

export const IDER = {
  open: 0x40,
  openReply: 0x41,
  close: 0x42,
  closeReply: 0x43,
  ping: 0x44,
  pong: 0x45,
  reset: 0x46,
  resetDone: 0x47,
  features: 0x48,
  status: 0x49,
  error: 0x4a,
  heartbeat: 0x4b,
  command: 0x50,
  answer: 0x51,
  getData: 0x52,
  dataFromHost: 0x53,
  dataToHost: 0x54,
} as const

/** The two drives of a machine: the first is a floppy, the second a CD. */
export const FLOPPY = 0xa0
export const CD = 0xb0
export type Drive = typeof FLOPPY | typeof CD

export type DeviceFrame = { readonly sequence: number } & (
  | { readonly kind: 'opened'; readonly readBuffer: number; readonly protocol: number }
  | { readonly kind: 'closed' | 'ping' | 'pong' | 'reset' | 'error' | 'heartbeat' | 'written' }
  /** `type` 1: what it can; 2: what it does; 3: what came of a change. */
  | { readonly kind: 'status'; readonly type: number; readonly value: number }
  | { readonly kind: 'command'; readonly drive: Drive; readonly cdb: Uint8Array; readonly dma: boolean }
)

type Shape = { readonly size: number; readonly kind: DeviceFrame['kind'] }

const SHAPES: Readonly<Record<number, Shape>> = {
  [IDER.openReply]: { size: 30, kind: 'opened' },
  [IDER.closeReply]: { size: 8, kind: 'closed' },
  [IDER.ping]: { size: 8, kind: 'ping' },
  [IDER.pong]: { size: 8, kind: 'pong' },
  [IDER.reset]: { size: 9, kind: 'reset' },
  [IDER.status]: { size: 13, kind: 'status' },
  [IDER.error]: { size: 11, kind: 'error' },
  [IDER.heartbeat]: { size: 8, kind: 'heartbeat' },
  [IDER.command]: { size: 28, kind: 'command' },
  [IDER.dataFromHost]: { size: 14, kind: 'written' },
}

/** Reads one frame; `wait` when it is not complete, `bad` when its kind is unknown. */
export function readDeviceFrame(
  bytes: Uint8Array,
): { readonly frame: DeviceFrame; readonly size: number } | 'wait' | 'bad' {
  const [first] = bytes
  if (first === undefined) return 'wait'
  const shape = SHAPES[first]
  if (shape === undefined) return 'bad'
  if (bytes.length < shape.size) return 'wait'
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const size = shape.size + tailOf(view, first)
  if (bytes.length < size) return 'wait'
  return { frame: frameOf(view, shape.kind), size }
}

function tailOf(view: Buffer, first: number): number {
  if (first === IDER.openReply) return view[29] ?? 0
  return first === IDER.dataFromHost ? view.readUInt16LE(9) : 0
}

function frameOf(view: Buffer, kind: DeviceFrame['kind']): DeviceFrame {
  const sequence = view.readUInt32LE(4)
  switch (kind) {
    case 'opened':
      return { kind, sequence, readBuffer: view.readUInt16LE(16), protocol: view[21] ?? 0 }
    case 'status':
      return { kind, sequence, type: view[8] ?? 0, value: view.readUInt32LE(9) }
    case 'command': {
      const drive = ((view[14] ?? 0) & 0x10) === 0 ? FLOPPY : CD
      return { kind, sequence, drive, cdb: Uint8Array.from(view.subarray(16, 28)), dma: ((view[9] ?? 0) & 1) === 1 }
    }
    default:
      return { kind, sequence }
  }
}

/** When the drives appear to the machine. */
export type StartWhen = 'reboot' | 'graceful' | 'now'
const START_BITS: Readonly<Record<StartWhen, number>> = { reboot: 0x08, graceful: 0x10, now: 0x18 }
const ENABLE = 0x01
const TOGGLE = 3
const RX_TIMEOUT = 30_000
const HEARTBEAT = 20_000
const VERSION = 1

/** Numbers the frames of our side. */
export interface FrameWriter {
  open(): Uint8Array
  close(): Uint8Array
  pong(): Uint8Array
  resetDone(): Uint8Array
  enable(when: StartWhen): Uint8Array
  good(drive: Drive): Uint8Array
  /** A check condition (SPC-3 §4.5): sense key, additional code and qualifier. */
  failed(drive: Drive, sense: Sense): Uint8Array
  data(drive: Drive, data: Uint8Array, how: { readonly last: boolean; readonly dma: boolean }): Uint8Array
}

export type Sense = readonly [key: number, code: number, qualifier: number]

const COMPLETED = 2

export function createFrameWriter(): FrameWriter {
  let sequence = 0
  const frame = (kind: number, rest: readonly Uint8Array[], flags = 0): Uint8Array => {
    const head = Buffer.from([kind, 0, 0, flags, 0, 0, 0, 0])
    head.writeUInt32LE(sequence, 4)
    sequence = (sequence + 1) >>> 0
    return concat([head, ...rest])
  }
  const answer = (bytes: readonly number[]): Uint8Array =>
    frame(IDER.answer, [Uint8Array.from([...ZEROS, ...bytes])], COMPLETED)
  return {
    open: () => {
      const rest = Buffer.alloc(10)
      rest.writeUInt16LE(RX_TIMEOUT, 0)
      rest.writeUInt16LE(HEARTBEAT, 4)
      rest.writeUInt32LE(VERSION, 6)
      return frame(IDER.open, [rest])
    },
    close: () => frame(IDER.close, []),
    pong: () => frame(IDER.pong, []),
    resetDone: () => frame(IDER.resetDone, []),
    enable: when => frame(IDER.features, [Uint8Array.of(TOGGLE, ENABLE | START_BITS[when], 0, 0, 0)]),
    good: drive => answer([0xc5, 0, 3, 0, 0, 0, drive, 0x50, 0, 0, 0]),
    failed: (drive, [key, code, qualifier]) => answer([0x87, key << 4, 3, 0, 0, 0, drive, 0x51, key, code, qualifier]),
    data: (drive, data, { last, dma }) => {
      const head = Buffer.alloc(26)
      head.writeUInt16LE(data.length, 1)
      head.writeUInt8(dma ? 0xb4 : 0xb5, 4)
      head.writeUInt8(2, 6)
      head.writeUInt16LE(dma ? 0 : data.length, 8)
      head.writeUInt8(drive, 10)
      head.writeUInt8(0x58, 11)
      if (last)
        for (const [at, value] of [
          [12, 0x85],
          [14, 3],
          [18, drive],
          [19, 0x50],
        ] as const)
          head.writeUInt8(value, at)
      return frame(IDER.dataToHost, [head, data], (last ? COMPLETED : 0) + (dma ? 1 : 0))
    },
  }
}

const ZEROS = Array.from({ length: 12 }, () => 0)
