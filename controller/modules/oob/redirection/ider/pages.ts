// SPDX-License-Identifier: Apache-2.0
/** Mode pages (SPC-3 §7.4, UFI) and features (MMC-6 §5.3) of the virtual drives. Pure. */
import { concat } from '../bytes.ts'
import { CD, type Drive } from './frames.ts'

const ALL_PAGES = 0x3f
/** Sectors of the largest floppy; what is larger is an LS-120. */
const FLOPPY_SECTORS = 2_880

type Pages = Readonly<Record<number, readonly number[]>>

/** Read-write error recovery, power condition, fault reporting, capabilities: reads what is there, ejects from a tray. */
const CD_PAGES: Pages = {
  1: [0x01, 6, 0, 0xff, 0, 0, 0, 0],
  26: [0x1a, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  29: [0x1d, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  42: [0x2a, 24, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
}

const RECOVERY = [0x01, 10, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0]
const PROTECTION = [0x03, 0x16, 0, 0xa0, 0, 0, 0, 0, 0, 18, 2, 0, 0, 0, 0, 0, 0, 0, 0xa0, 0, 0, 0, 0, 0]
const CACHING = [0x08, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
const OPTIONS = [0x0b, 6, 0, 0, 0, 0x11, 0x24, 0x31]

/** Flexible disk: speed, heads, sectors of a track, bytes of a sector, cylinders, turns in a minute. */
function geometry(sectors: number): number[] {
  const [heads, track, cylinders] = sectors <= FLOPPY_SECTORS ? [2, 18, 80] : [8, 32, 963]
  const speed = sectors <= FLOPPY_SECTORS ? [0x04, 0xb0] : [0x10, 0xa9]
  const bytes = [0x05, 0x1e, ...speed, heads, track, 2, 0, cylinders >> 8, cylinders & 0xff]
  while (bytes.length < 20) bytes.push(0)
  return [...bytes, 40, 0, 0, 0, 0, 0, 0, 0, 2, 0xd0, 0, 0]
}

/** The answer to MODE SENSE(10): its head, then the page, or every page. `undefined` for one the drive has not. */
export function modePages(drive: Drive, size: number, page: number): Uint8Array | undefined {
  const sectors = Math.floor(size / 512)
  const floppy: Pages = { 1: RECOVERY, 3: PROTECTION, 5: geometry(sectors), 8: CACHING, 11: OPTIONS }
  const known = drive === CD ? CD_PAGES : floppy
  const wanted = page === ALL_PAGES ? Object.values(known) : [known[page]]
  const bytes = wanted.flatMap(each => each ?? [])
  if (bytes.length === 0) return undefined
  const medium = drive === CD ? 0x01 : sectors <= FLOPPY_SECTORS ? 0x24 : 0x31
  const length = bytes.length + 6
  return Uint8Array.from([length >> 8, length & 0xff, medium, 0x80, 0, 0, 0, 0, ...bytes])
}

const CURRENT_PROFILE = 0x0008
const FEATURES: readonly (readonly [number, readonly number[]])[] = [
  [0x0000, [0x00, 0x00, 0x03, 4, 0x00, 0x08, 1, 0]],
  [0x0001, [0x00, 0x01, 0x03, 4, 0, 0, 0, 2]],
  [0x0002, [0x00, 0x02, 0x03, 4, 0, 0, 0, 0]],
  [0x0003, [0x00, 0x03, 0x03, 4, 0x29, 0, 0, 2]],
  [0x0010, [0x00, 0x10, 0x01, 8, 0, 0, 8, 0, 0, 1, 0, 0]],
  [0x001e, [0x00, 0x1e, 0x03, 0]],
  [0x0100, [0x01, 0x00, 0x03, 0]],
  [0x0105, [0x01, 0x05, 0x03, 0]],
]

/** The answer to GET CONFIGURATION. `kind` 2 asks for one feature, 0 and 1 for all from a number on. */
export function configuration(kind: number, from: number): Uint8Array {
  const wanted = FEATURES.filter(([number]) => (kind === 2 ? number === from : number >= from))
  const body = Uint8Array.from([0, 0, 0, CURRENT_PROFILE, ...wanted.flatMap(([, bytes]) => bytes)])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  return concat([length, body])
}
