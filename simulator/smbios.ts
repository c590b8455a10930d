// SPDX-License-Identifier: Apache-2.0
/** The SMBIOS tables of a simulated machine (DMTF DSP0134 3.7), byte for byte as firmware leaves them. */
import type { SimulatedFacts } from './facts.ts'
import type { MemoryKind } from './models.ts'

type Field =
  | { readonly at: number; readonly size: 1 | 2 | 4 | 8; readonly value: number }
  | { readonly at: number; readonly text: string }
  | { readonly at: number; readonly bytes: Uint8Array }

type Structure = {
  readonly type: number
  readonly handle: number
  readonly length: number
  readonly fields: readonly Field[]
}

/** The structure table, as in `/sys/firmware/dmi/tables/DMI`. */
export function smbiosTable(facts: SimulatedFacts): Buffer {
  const { model } = facts
  const sockets = Array.from({ length: model.sockets }, (_, socket) => processor(facts, socket))
  const modules = Array.from({ length: model.memory.slots }, (_, slot) => memoryDevice(facts, slot))
  return Buffer.concat(
    [
      firmware(facts),
      system(facts),
      baseboard(facts),
      chassis(facts),
      ...sockets,
      memoryArray(facts),
      ...modules,
      tpm(),
      { type: 127, handle: 0xfeff, length: 4, fields: [] },
    ].map(encode),
  )
}

/** The 64-bit entry point (§5.2.2), as in `/sys/firmware/dmi/tables/smbios_entry_point`. */
export function smbiosEntryPoint(tableBytes: number): Buffer {
  const entry = Buffer.alloc(24)
  entry.write('_SM3_', 0, 'latin1')
  entry.set([24, 3, 7, 0, 1, 0], 6)
  entry.writeUInt32LE(tableBytes, 12)
  entry.writeBigUInt64LE(0x7a_0000n, 16)
  entry[5] = (256 - (entry.reduce((sum, byte) => sum + byte, 0) % 256)) % 256
  return entry
}

/** A structure is its header, its formatted part and its strings, closed by two zero bytes (§6.1.3). */
function encode({ type, handle, length, fields }: Structure): Buffer {
  const formatted = Buffer.alloc(length)
  formatted.set([type, length, handle & 255, handle >> 8])
  const strings: string[] = []
  for (const field of fields) {
    if ('bytes' in field) formatted.set(field.bytes, field.at)
    else if ('text' in field) formatted[field.at] = strings.push(field.text)
    else if (field.size === 8) formatted.writeBigUInt64LE(BigInt(field.value), field.at)
    else formatted.writeUIntLE(field.value, field.at, field.size)
  }
  const tail = strings.length === 0 ? '\0\0' : `${strings.join('\0')}\0\0`
  return Buffer.concat([formatted, Buffer.from(tail, 'latin1')])
}

const byte = (at: number, value: number): Field => ({ at, size: 1, value })
const word = (at: number, value: number): Field => ({ at, size: 2, value })
const dword = (at: number, value: number): Field => ({ at, size: 4, value })
const text = (at: number, value: string): Field => ({ at, text: value })

function firmware({ biosVersion, biosDate }: SimulatedFacts): Structure {
  return {
    type: 0,
    handle: 0x0000,
    length: 26,
    fields: [
      text(4, 'Muster simulator'),
      text(5, biosVersion),
      word(6, 0xf000),
      text(8, biosDate),
      byte(9, 0xff),
      // PCI, upgradable flash, boot selection (§7.1.1); ACPI and UEFI (§7.1.2).
      { at: 10, size: 8, value: 0x0001_8880 },
      byte(18, 0x01),
      byte(19, 0x08),
      byte(20, 0xff),
      byte(21, 0xff),
      byte(22, 0xff),
      byte(23, 0xff),
      word(24, 32),
    ],
  }
}

function system({ model, serial, uuid }: SimulatedFacts): Structure {
  return {
    type: 1,
    handle: 0x0001,
    length: 27,
    fields: [
      text(4, model.vendor),
      text(5, model.product),
      text(6, '1.0'),
      text(7, serial),
      { at: 8, bytes: smbiosUuid(uuid) },
      byte(24, 0x06),
      text(25, `${model.product} SKU`),
      text(26, model.vendor),
    ],
  }
}

/** The first three groups are little-endian (§7.2.1). */
function smbiosUuid(uuid: string): Uint8Array {
  const raw = Buffer.from(uuid.replaceAll('-', ''), 'hex')
  raw.subarray(0, 4).reverse()
  raw.subarray(4, 6).reverse()
  raw.subarray(6, 8).reverse()
  return raw
}

function baseboard({ model, serial }: SimulatedFacts): Structure {
  return {
    type: 2,
    handle: 0x0002,
    length: 15,
    fields: [
      text(4, model.vendor),
      text(5, model.board),
      text(6, 'A1'),
      text(7, `B${serial}`),
      byte(9, 0x09),
      word(11, 3),
      byte(13, 10),
    ],
  }
}

function chassis({ model, serial }: SimulatedFacts): Structure {
  return {
    type: 3,
    handle: 0x0003,
    length: 22,
    fields: [
      text(4, model.vendor),
      byte(5, model.chassis),
      text(6, '1.0'),
      text(7, serial),
      byte(9, 3),
      byte(10, 3),
      byte(11, 3),
      byte(12, 3),
    ],
  }
}

function processor({ model: { cpu } }: SimulatedFacts, socket: number): Structure {
  const eax = ((cpu.model >> 4) << 16) | (cpu.family << 8) | ((cpu.model & 15) << 4) | cpu.stepping
  return {
    type: 4,
    handle: 0x0010 + socket,
    length: 48,
    fields: [
      text(4, `CPU${socket}`),
      byte(5, 3),
      byte(6, cpu.smbiosFamily),
      text(7, 'Intel(R) Corporation'),
      dword(8, eax),
      dword(12, 0xbfeb_fbff),
      text(16, cpu.name),
      word(18, 100),
      word(20, cpu.maxMhz),
      word(22, cpu.baseMhz),
      byte(24, 0x41),
      byte(25, 0x01),
      word(26, 0xffff),
      word(28, 0xffff),
      word(30, 0xffff),
      byte(35, cpu.cores),
      byte(36, cpu.cores),
      byte(37, cpu.threads),
      word(38, 0x00fc),
      word(40, cpu.smbiosFamily),
      word(42, cpu.cores),
      word(44, cpu.cores),
      word(46, cpu.threads),
    ],
  }
}

function memoryArray({ model }: SimulatedFacts): Structure {
  return {
    type: 16,
    handle: 0x0020,
    length: 23,
    fields: [
      byte(4, 0x03),
      byte(5, 0x03),
      byte(6, model.sockets === 2 ? 0x06 : 0x03),
      dword(7, model.memory.slots * 64 * 1_048_576),
      word(11, 0xfffe),
      word(13, model.memory.slots),
    ],
  }
}

const MEMORY_TYPES: Readonly<Record<MemoryKind, number>> = { DDR4: 0x1a, DDR5: 0x22, LPDDR5: 0x23 }

function memoryDevice({ model, memory, memorySerials }: SimulatedFacts, slot: number): Structure {
  const fitted = slot < memory.modules
  const { kind, speedMts, soldered } = model.memory
  const common = [
    word(4, 0x0020),
    word(6, 0xfffe),
    byte(14, soldered ? 0x0b : 0x09),
    text(16, `DIMM_${String.fromCharCode(65 + (slot >> 1))}${(slot & 1) + 1}`),
    text(17, `BANK ${slot}`),
    byte(18, fitted ? MEMORY_TYPES[kind] : 0x02),
  ]
  if (!fitted) return { type: 17, handle: 0x0030 + slot, length: 40, fields: common }
  // 0x7fff sends the reader to the extended size, in MiB (§7.18.5).
  const mib = memory.moduleGib * 1024
  return {
    type: 17,
    handle: 0x0030 + slot,
    length: 40,
    fields: [
      ...common,
      word(8, 64),
      word(10, 64),
      word(12, Math.min(mib, 0x7fff)),
      word(19, 0x0080),
      word(21, speedMts),
      text(23, 'Scree Memory'),
      text(24, memorySerials[slot] ?? ''),
      text(26, `SM-${kind}-${memory.moduleGib}G`),
      byte(27, 1),
      dword(28, mib >= 0x7fff ? mib : 0),
      word(32, speedMts),
    ],
  }
}

/** A firmware TPM 2.0 (§7.44). */
function tpm(): Structure {
  return {
    type: 43,
    handle: 0x0060,
    length: 31,
    fields: [
      { at: 4, bytes: Buffer.from('INTC', 'latin1') },
      byte(8, 2),
      dword(10, 0x0258_0012),
      text(18, 'INTEL'),
      { at: 19, size: 8, value: 0x10 },
    ],
  }
}
