// SPDX-License-Identifier: Apache-2.0
/** A machine with redirected drives, written from the byte layout alone: sends SCSI commands and collects what comes back. */
import { createHash } from 'node:crypto'
import type { Duplex } from 'node:stream'

export type ScsiReply = {
  readonly data: Buffer
  /** ATA status: 0x50 good, 0x51 with sense. */
  readonly status: number
  readonly sense: readonly number[]
  /** Sizes of the pieces it came in. */
  readonly pieces: readonly number[]
}

export function iderMachine(
  stream: Duplex,
  options: { readonly readBuffer?: number; readonly skipSequence?: boolean } = {},
) {
  let waiting = Buffer.alloc(0)
  let outgoing = options.skipSequence === true ? 1 : 0
  let expected = 0
  const frames: Buffer[] = []
  const problems: string[] = []
  let pieces: Buffer[] = []
  let answered: ((reply: ScsiReply) => void) | undefined
  const waits: { kind: number; go: (frame: Buffer) => void }[] = []
  const send = (kind: number, rest: Buffer = Buffer.alloc(0)) => {
    const head = Buffer.of(kind, 0, 0, 0, 0, 0, 0, 0)
    head.writeUInt32LE(outgoing++, 4)
    stream.write(Buffer.concat([head, rest]))
  }
  const sizeOf = (): number | undefined => {
    const fixed: Record<number, number> = { 64: 18, 66: 8, 68: 8, 69: 8, 71: 8, 72: 13, 75: 8, 81: 31, 82: 31 }
    const kind = waiting[0]!
    if (kind === 0x54) return waiting.length < 34 ? undefined : 34 + waiting.readUInt16LE(9)
    const size = fixed[kind]
    if (size === undefined) throw new Error(`no frame of a host: ${kind}`)
    return size
  }
  const onFrame = (frame: Buffer) => {
    frames.push(frame)
    if (frame.readUInt32LE(4) !== expected++) problems.push(`sequence ${frame.readUInt32LE(4)}`)
    if (frame[0] === 0x40) {
      const reply = Buffer.alloc(22)
      reply.writeUInt16LE(options.readBuffer ?? 8_192, 8)
      reply.writeUInt16LE(8_192, 10)
      send(0x41, reply)
    }
    if (frame[0] === 0x48) send(0x49, Buffer.of(2, 2, 0, 0, 0))
    if (frame[0] === 0x54) {
      pieces.push(frame.subarray(34))
      if ((frame[3]! & 2) === 2) settle({ status: frame[27]!, sense: [] })
    }
    if (frame[0] === 0x51) settle({ status: frame[27]!, sense: [...frame.subarray(28, 31)] })
    const at = waits.findIndex(each => each.kind === frame[0])
    if (at >= 0) waits.splice(at, 1)[0]!.go(frame)
  }
  const settle = ({ status, sense }: { status: number; sense: number[] }) => {
    const reply = { data: Buffer.concat(pieces), status, sense, pieces: pieces.map(each => each.length) }
    pieces = []
    answered?.(reply)
  }
  const scsi = (drive: 'cd' | 'floppy', cdb: readonly number[], dma = false): Promise<ScsiReply> => {
    const rest = Buffer.alloc(20)
    rest[1] = dma ? 1 : 0
    rest[6] = drive === 'cd' ? 0xb0 : 0xa0
    Buffer.from(cdb).copy(rest, 8)
    return new Promise(resolve => {
      answered = resolve
      send(0x50, rest)
    })
  }
  const read = (lba: number, count: number) => {
    const cdb = Buffer.alloc(12)
    cdb[0] = 0x28
    cdb.writeUInt32BE(lba, 2)
    cdb.writeUInt16BE(count, 7)
    return scsi('cd', [...cdb])
  }
  return {
    feed: (data: Buffer) => {
      waiting = Buffer.concat([waiting, data])
      while (waiting.length >= 8) {
        const size = sizeOf()
        if (size === undefined || waiting.length < size) return
        const frame = waiting.subarray(0, size)
        waiting = waiting.subarray(size)
        onFrame(frame)
      }
    },
    frames,
    problems,
    send,
    scsi,
    read,
    next: (kind: number) => new Promise<Buffer>(go => void waits.push({ kind, go })),
  }
}
export type IderMachine = ReturnType<typeof iderMachine>

/** Contents of any size that nobody has to keep: each sector says where it lies. */
export function sectorAt(lba: number, size = 2_048): Buffer {
  const seed = createHash('sha256').update(String(lba)).digest()
  return Buffer.alloc(size, seed)
}

/** An image of sectors of 2,048 bytes made by {@link sectorAt}. */
export function madeImage(sectors: number, limit = 65_536) {
  const size = sectors * 2_048
  return {
    size,
    read: async (offset: number, length: number) => {
      const most = Math.max(0, Math.min(length, limit, size - offset))
      const first = Math.floor(offset / 2_048)
      const last = Math.floor((offset + most + 2_047) / 2_048)
      const all = Buffer.concat(Array.from({ length: last - first }, (_, at) => sectorAt(first + at)))
      return all.subarray(offset - first * 2_048, offset - first * 2_048 + most)
    },
    close: async () => undefined,
  }
}
