// SPDX-License-Identifier: Apache-2.0
/** The SMBIOS table (DSP0134) as firmware leaves it in memory: untrusted bytes, read without ever failing. */

export type SmbiosVersion = { readonly major: number; readonly minor: number; readonly revision: number }

/** One structure: its formatted area with the header, and its text strings in order (DSP0134 §6.1). */
export type Structure = {
  readonly type: number
  readonly handle: number
  readonly data: Uint8Array
  readonly strings: readonly string[]
}

/** More structures than any firmware has; what follows is not read. */
export const MAX_STRUCTURES = 4_096
const END_OF_TABLE = 127

/** Reads the version from an entry point, 32-bit (§5.2.1) or 64-bit (§5.2.2); `undefined` when it is neither. */
export function parseEntryPoint(bytes: Uint8Array): SmbiosVersion | undefined {
  if (startsWith(bytes, '_SM3_') && bytes.length >= 0x18) {
    return { major: bytes[7] ?? 0, minor: bytes[8] ?? 0, revision: bytes[9] ?? 0 }
  }
  if (startsWith(bytes, '_SM_') && bytes.length >= 0x1e)
    return { major: bytes[6] ?? 0, minor: bytes[7] ?? 0, revision: 0 }
  return undefined
}

function startsWith(bytes: Uint8Array, anchor: string): boolean {
  return [...anchor].every((character, index) => bytes[index] === character.charCodeAt(0))
}

/**
 * Splits a table into structures. Stops at the end-of-table structure, at the first length that cannot be, and at the
 * end of the bytes. Every round moves forward by at least a header, so it ends on any input.
 */
export function parseTable(table: Uint8Array): readonly Structure[] {
  const found: Structure[] = []
  let at = 0
  while (at + 4 <= table.length && found.length < MAX_STRUCTURES) {
    const type = table[at] ?? END_OF_TABLE
    const length = table[at + 1] ?? 0
    if (length < 4 || at + length > table.length) break
    const { strings, next } = parseStrings(table, at + length)
    const handle = (table[at + 2] ?? 0) | ((table[at + 3] ?? 0) << 8)
    found.push({ type, handle, data: table.subarray(at, at + length), strings })
    if (type === END_OF_TABLE) break
    at = next
  }
  return found
}

// Strings are terminated by NUL and their set by another; a set without strings is two NULs (§6.1.3).
function parseStrings(table: Uint8Array, from: number): { readonly strings: readonly string[]; readonly next: number } {
  const strings: string[] = []
  let at = from
  while (at < table.length && table[at] !== 0) {
    const nul = table.indexOf(0, at)
    const end = nul < 0 ? table.length : nul
    if (strings.length < 255) strings.push(latin1(table.subarray(at, Math.min(end, at + 256))))
    at = end + 1
  }
  return { strings, next: at + (strings.length === 0 ? 2 : 1) }
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes).trim()
}

/** The fields of one structure; fields beyond its formatted area are `undefined`, as for older versions. */
export function fieldsOf({ data, strings }: Structure): Fields {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  return {
    byte: offset => (offset + 1 <= data.length ? view.getUint8(offset) : undefined),
    word: offset => (offset + 2 <= data.length ? view.getUint16(offset, true) : undefined),
    dword: offset => (offset + 4 <= data.length ? view.getUint32(offset, true) : undefined),
    bytes: (offset, count) => (offset + count <= data.length ? data.subarray(offset, offset + count) : undefined),
    // A string is referred to by its number, from 1; 0 means none.
    text: offset => (offset + 1 <= data.length ? strings[view.getUint8(offset) - 1] : undefined),
  }
}

export type Fields = {
  byte(offset: number): number | undefined
  word(offset: number): number | undefined
  dword(offset: number): number | undefined
  bytes(offset: number, count: number): Uint8Array | undefined
  text(offset: number): string | undefined
}

/**
 * Writes a system UUID as text. From version 2.6 on the first three fields are little-endian (§7.2.1); before, all
 * sixteen bytes are in the order they are written. `undefined` for "not present" (all ones) and "not set" (all zeros).
 */
export function formatUuid(bytes: Uint8Array, version: SmbiosVersion | undefined): string | undefined {
  if (bytes.length !== 16 || bytes.every(byte => byte === 0) || bytes.every(byte => byte === 0xff)) return undefined
  const old = version !== undefined && (version.major < 2 || (version.major === 2 && version.minor < 6))
  const order = old ? [...bytes.keys()] : [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
  const hex = order.map(index => (bytes[index] ?? 0).toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
