// SPDX-License-Identifier: Apache-2.0
/** What a read-only CD or floppy answers to SCSI commands (SPC-3, MMC-6, SBC-3). Pure; SCSI numbers are big-endian. */
import { concat } from '../bytes.ts'
import { CD, type Drive, FLOPPY, type Sense } from './frames.ts'
import { configuration, modePages } from './pages.ts'

/** A medium in a drive. */
export type Medium = { readonly drive: Drive; readonly size: number }

export const SECTOR: Readonly<Record<Drive, number>> = { [FLOPPY]: 512, [CD]: 2_048 }

export type Answer =
  | { readonly is: 'good' }
  | { readonly is: 'failed'; readonly sense: Sense }
  | { readonly is: 'data'; readonly data: Uint8Array }
  /** Bytes of the medium. */
  | { readonly is: 'read'; readonly offset: number; readonly length: number }

export const SENSE = {
  noMedium: [2, 0x3a, 0],
  unknownCommand: [5, 0x20, 0],
  beyondTheEnd: [5, 0x21, 0],
  invalidField: [5, 0x24, 0],
  writeProtected: [7, 0x27, 0],
  mediumFailed: [3, 0x11, 0],
} as const satisfies Readonly<Record<string, Sense>>

const GOOD: Answer = { is: 'good' }

/** What `drive` answers; `medium` is missing when there is none in it. */
export function answerCommand(drive: Drive, cdb: Uint8Array, medium: Medium | undefined): Answer {
  const view = Buffer.from(cdb)
  const [operation = 0] = view
  if (operation === 0x12) return limited(inquiry(drive), view.readUInt16BE(3))
  if (operation === 0x03) return limited(NO_SENSE, view[4] ?? 0)
  if (operation === 0x1b) return GOOD
  if (medium === undefined) return NEEDS_MEDIUM.has(operation) ? failed(SENSE.noMedium) : withoutMedium(drive, view)
  const read = readRange(view)
  if (read !== undefined) return readAnswer(medium, read)
  return onMedium(medium, view)
}

/** Test, reads, format and other capacities, modes, seek, removal, verify, contents. */
const NEEDS_MEDIUM: ReadonlySet<number> = new Set([
  0x00, 0x08, 0x0a, 0x1a, 0x1e, 0x23, 0x25, 0x28, 0x2a, 0x2b, 0x2e, 0x2f, 0x43, 0x5a, 0xa8, 0xaa, 0xbe,
])

function withoutMedium(drive: Drive, view: Buffer): Answer {
  if (view[0] === 0x4a) return event(view, false)
  return view[0] === 0x46 && drive === CD ? configurationAnswer(view) : failed(SENSE.unknownCommand)
}

function onMedium(medium: Medium, view: Buffer): Answer {
  const { drive, size } = medium
  const sectors = Math.floor(size / SECTOR[drive])
  switch (view[0]) {
    case 0x00: // test unit ready
    case 0x1e: // prevent and allow removal
    case 0x2b: // seek
    case 0x2f: // verify
    case 0x35: // synchronize cache
      return GOOD
    case 0x0a: // writes of every length
    case 0x2a:
    case 0x2e:
    case 0xaa:
      return failed(SENSE.writeProtected)
    case 0x1a:
      return modeSense6(medium, view)
    case 0x23:
      return limited(capacities(drive, sectors), view.readUInt16BE(7))
    case 0x25:
      return { is: 'data', data: concat([u32(Math.max(0, sectors - 1)), u32(SECTOR[drive])]) }
    case 0x43:
      return drive === CD ? contents(sectors, view) : failed(SENSE.unknownCommand)
    case 0x46:
      return drive === CD ? configurationAnswer(view) : failed(SENSE.unknownCommand)
    case 0x4a:
      return event(view, true)
    case 0x5a:
      return modeSense10(medium, view)
    case 0xac:
      return { is: 'data', data: Uint8Array.of(0, 0, 0, 4, 2, 0, 0, 0) }
    default:
      return failed(SENSE.unknownCommand)
  }
}

type Range = { readonly lba: number; readonly count: number }

function readRange(view: Buffer): Range | undefined {
  switch (view[0]) {
    case 0x08:
      return { lba: view.readUIntBE(1, 3) % 0x200000, count: view[4] === 0 ? 256 : (view[4] ?? 0) }
    case 0x28:
      return { lba: view.readUInt32BE(2), count: view.readUInt16BE(7) }
    case 0xa8:
      return { lba: view.readUInt32BE(2), count: view.readUInt32BE(6) }
    default:
      return undefined
  }
}

/** Products of sector numbers and sizes stay below 2^43, which numbers hold exactly; shifts would cut them to 32 bits. */
function readAnswer({ drive, size }: Medium, { lba, count }: Range): Answer {
  const sector = SECTOR[drive]
  if (lba + count > Math.floor(size / sector)) return failed(SENSE.beyondTheEnd)
  return count === 0 ? GOOD : { is: 'read', offset: lba * sector, length: count * sector }
}

function modeSense6({ drive }: Medium, view: Buffer): Answer {
  if (view[2] !== 0x3f || view[3] !== 0) return failed(SENSE.invalidField)
  return limited(Uint8Array.of(3, drive === CD ? 5 : 0, 0x80, 0), view[4] === 0 ? 4 : (view[4] ?? 4))
}

function modeSense10(medium: Medium, view: Buffer): Answer {
  const pages = modePages(medium.drive, medium.size, (view[2] ?? 0) & 0x3f)
  return pages === undefined ? failed(SENSE.invalidField) : limited(pages, view.readUInt16BE(7))
}

function capacities(drive: Drive, sectors: number): Uint8Array {
  const size = u32(SECTOR[drive])
  size[0] = 2 // formatted medium
  return concat([u32(8), u32(sectors), size])
}

const SECTORS_BEFORE = 150
const LAST_MINUTE = 99 * 60 * 75 + 59 * 75 + 74

/** One data track, and where the medium ends. */
function contents(sectors: number, view: Buffer): Answer {
  const format = (view[2] ?? 0) & 0x0f || (view[9] ?? 0) >> 6
  const inMinutes = ((view[1] ?? 0) & 2) !== 0
  const limit = view.readUInt16BE(7)
  const place = (lba: number): Uint8Array => (inMinutes ? minutesOf(lba) : u32(lba))
  const track = (number: number, lba: number) => concat([Uint8Array.of(0, 0x14, number, 0), place(lba)])
  if (format === 1) return limited(concat([Uint8Array.of(0, 10, 1, 1), track(1, 0)]), limit)
  if (format !== 0) return failed(SENSE.invalidField)
  return limited(concat([Uint8Array.of(0, 18, 1, 1), track(1, 0), track(0xaa, sectors)]), limit)
}

function minutesOf(lba: number): Uint8Array {
  const frames = Math.min(lba + SECTORS_BEFORE, LAST_MINUTE)
  return Uint8Array.of(0, Math.floor(frames / 4_500), Math.floor(frames / 75) % 60, frames % 75)
}

function configurationAnswer(view: Buffer): Answer {
  return limited(configuration((view[1] ?? 0) & 3, view.readUInt16BE(2)), view.readUInt16BE(7))
}

/** Polled, of media: whether one is in, and that nothing happened. */
function event(view: Buffer, present: boolean): Answer {
  if (((view[1] ?? 0) & 1) === 0) return failed(SENSE.invalidField)
  return limited(Uint8Array.of(0, present ? 2 : 0, 0x80, 0), view.readUInt16BE(7))
}

function inquiry(drive: Drive): Uint8Array {
  const head = Uint8Array.of(drive === CD ? 5 : 0, 0x80, 0, 0x21, 31, 0, 0, 0)
  const name = drive === CD ? 'Virtual CD-ROM' : 'Virtual floppy'
  return concat([head, Buffer.from(`${'Muster'.padEnd(8)}${name.padEnd(16)}${'1.0'.padEnd(4)}`, 'latin1')])
}

/** What went wrong is told with each answer, so nothing is left to tell. */
const NO_SENSE = Uint8Array.of(0x70, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

function limited(data: Uint8Array, most: number): Answer {
  return { is: 'data', data: data.subarray(0, most) }
}

function failed(sense: Sense): Answer {
  return { is: 'failed', sense }
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
