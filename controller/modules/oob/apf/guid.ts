// SPDX-License-Identifier: Apache-2.0
/** GUIDs as SMBIOS lays them out: the first three groups little-endian, the last two as they are written. */

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Ids that boards carry when nobody gave them one: many machines share them, so none can be told by them. */
const UNUSABLE: ReadonlySet<string> = new Set([
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '03000200-0400-0500-0006-000700080009',
])

/** Spells 16 bytes at an offset as a GUID, lower case with hyphens. */
export function guidOf(bytes: Buffer, at: number): string {
  const first = bytes.readUInt32LE(at).toString(16).padStart(8, '0')
  const second = bytes
    .readUInt16LE(at + 4)
    .toString(16)
    .padStart(4, '0')
  const third = bytes
    .readUInt16LE(at + 6)
    .toString(16)
    .padStart(4, '0')
  return `${first}-${second}-${third}-${bytes.toString('hex', at + 8, at + 10)}-${bytes.toString('hex', at + 10, at + 16)}`
}

/** Writes a GUID as 16 bytes at an offset. Throws a RangeError for what is none. */
export function writeGuid(guid: string, into: Buffer, at: number): void {
  if (!GUID.test(guid)) throw new RangeError('a GUID of another form than the canonical one')
  const hex = guid.replaceAll('-', '')
  into.writeUInt32LE(Number.parseInt(hex.slice(0, 8), 16), at)
  into.writeUInt16LE(Number.parseInt(hex.slice(8, 12), 16), at + 4)
  into.writeUInt16LE(Number.parseInt(hex.slice(12, 16), 16), at + 6)
  into.write(hex.slice(16), at + 8, 'hex')
}

/** Tells whether a GUID can name one machine. */
export function namesOneMachine(guid: string): boolean {
  return !UNUSABLE.has(guid)
}
