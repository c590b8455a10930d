// SPDX-License-Identifier: Apache-2.0
/** The memory modules in an SMBIOS table (DSP0134 §7.18, structure type 17). */
import type { MemoryModule } from './contract.ts'
import { factual } from './placeholders.ts'
import { present } from './read.ts'
import { type Fields, fieldsOf, type Structure } from './smbios.ts'

const MEMORY_DEVICE = 17

export type Slots = { readonly slots: number | undefined; readonly modules: readonly MemoryModule[] }

/** Lists the populated slots in the order of the table and counts all of them. */
export function memoryModules(structures: readonly Structure[]): Slots {
  const devices = structures.filter(({ type }) => type === MEMORY_DEVICE).map(fieldsOf)
  const modules = devices.map(moduleOf).filter(module => module !== undefined)
  return { slots: devices.length === 0 ? undefined : devices.length, modules }
}

function moduleOf(fields: Fields): MemoryModule | undefined {
  const sizeBytes = sizeOf(fields)
  if (sizeBytes === undefined) return undefined
  const ranks = (fields.byte(0x1b) ?? 0) & 0x0f
  return present({
    locator: factual(fields.text(0x10)),
    bank: factual(fields.text(0x11)),
    sizeBytes,
    type: TYPES[fields.byte(0x12) ?? 0],
    formFactor: FORM_FACTORS[fields.byte(0x0e) ?? 0],
    speedMts: speedOf(fields.word(0x15), fields.dword(0x54)),
    configuredMts: speedOf(fields.word(0x20), fields.dword(0x58)),
    ranks: ranks === 0 ? undefined : ranks,
    manufacturer: factual(fields.text(0x17)),
    serial: factual(fields.text(0x18)),
    partNumber: factual(fields.text(0x1a)),
  })
}

// 0 is an empty slot, FFFFh unknown, 7FFFh "see the extended size"; bit 15 chooses KiB over MiB (§7.18.5).
function sizeOf(fields: Fields): number | undefined {
  const size = fields.word(0x0c)
  if (size === undefined || size === 0 || size === 0xffff) return undefined
  if (size === 0x7fff) {
    const extended = (fields.dword(0x1c) ?? 0) & 0x7fff_ffff
    return extended === 0 ? undefined : extended * 2 ** 20
  }
  return (size & 0x7fff) * ((size & 0x8000) === 0 ? 2 ** 20 : 2 ** 10)
}

// 0 is unknown, FFFFh "see the extended speed", which is there from version 3.3 on (§7.18.4).
function speedOf(speed: number | undefined, extended: number | undefined): number | undefined {
  if (speed === undefined || speed === 0) return undefined
  if (speed !== 0xffff) return speed
  const value = (extended ?? 0) & 0x7fff_ffff
  return value === 0 ? undefined : value
}

/** §7.18.2. */
const TYPES: Readonly<Record<number, string>> = {
  15: 'SDRAM',
  18: 'DDR',
  19: 'DDR2',
  20: 'DDR2 FB-DIMM',
  24: 'DDR3',
  26: 'DDR4',
  27: 'LPDDR',
  28: 'LPDDR2',
  29: 'LPDDR3',
  30: 'LPDDR4',
  31: 'Logical non-volatile',
  32: 'HBM',
  33: 'HBM2',
  34: 'DDR5',
  35: 'LPDDR5',
  36: 'HBM3',
}

/** §7.18.1. */
const FORM_FACTORS: Readonly<Record<number, string>> = {
  3: 'SIMM',
  5: 'Chip',
  9: 'DIMM',
  11: 'Row of chips',
  12: 'RIMM',
  13: 'SODIMM',
  15: 'FB-DIMM',
  16: 'Die',
  17: 'CAMM',
}
