// SPDX-License-Identifier: Apache-2.0
/** The SMBIOS table: what a well-formed one says, and that a hostile one neither fails nor stalls. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readIdentity } from '../../../../plugins/hardware/identity.ts'
import { memoryModules } from '../../../../plugins/hardware/memory-modules.ts'
import { hardware } from '../../../../plugins/hardware/plugin.ts'
import {
  fieldsOf,
  formatUuid,
  MAX_STRUCTURES,
  parseEntryPoint,
  parseTable,
} from '../../../../plugins/hardware/smbios.ts'
import { fakeHost, type Tree } from '../host.ts'

/** Builds one structure: header, formatted area from offset 4 on, strings. */
function structure(type: number, area: readonly number[], strings: readonly string[] = []): number[] {
  const text = strings.length === 0 ? [0] : strings.flatMap(each => [...Buffer.from(each, 'latin1'), 0])
  return [type, area.length + 4, type, 0x10, ...area, ...text, 0]
}

const word = (value: number): number[] => [value & 0xff, value >> 8]
const dword = (value: number): number[] => [...word(value & 0xffff), ...word(value >>> 16)]
const bytes = (...structures: readonly number[][]): Uint8Array => Uint8Array.from(structures.flat())

const UUID_BYTES = [0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff]
const ENTRY_3 = bytes([...Buffer.from('_SM3_'), 0, 24, 3, 2, 1, ...new Array(14).fill(0)])
const entry2 = (minor: number): Uint8Array => bytes([...Buffer.from('_SM_'), 0, 31, 2, minor, ...new Array(23).fill(0)])

const BIOS = structure(0, [1, 2, 0, 0, 3, 0], ['Example BIOS Works', 'EX01.2', '03/14/2026'])
const SYSTEM = structure(
  1,
  [1, 2, 3, 4, ...UUID_BYTES, 6, 5, 6],
  ['Example Systems', 'Edge 100', 'To Be Filled By O.E.M.', 'EX-0042', 'SKU-7', 'Edge'],
)
const BOARD = structure(2, [1, 2, 3, 4], ['Example Boards', 'EB-1', 'A02', 'Default string'])
const CHASSIS = structure(3, [1, 0x80 | 33, 0, 2], ['Example Systems', 'CH-1'])
const END = structure(127, [])

/** A memory device of version 3.3, 92 bytes long. */
function module(size: number, extended = 0, speed = 4_800): number[] {
  const area = new Array<number>(88).fill(0)
  const put = (offset: number, values: readonly number[]): void =>
    void area.splice(offset - 4, values.length, ...values)
  put(0x0c, word(size))
  put(0x0e, [0x0d, 0, 1, 2, 0x22])
  put(0x15, [...word(speed), 3, 4, 0, 5, 2])
  put(0x1c, dword(extended))
  put(0x20, word(4_400))
  put(0x54, dword(9_600))
  return structure(17, area, ['Controller0-DIMM0', 'BANK 0', 'Example Memory', '0000A1B2', 'EX32G48'])
}

const tree = (table: Uint8Array, entry: Uint8Array = ENTRY_3): Tree => ({
  '/sys/firmware/dmi/tables/DMI': table,
  '/sys/firmware/dmi/tables/smbios_entry_point': entry,
})
const read = (files: Tree) => readIdentity(fakeHost(hardware.manifest.permissions, files).files)

describe('a well-formed table', () => {
  it('says what the machine is', async () => {
    expect(await read(tree(bytes(BIOS, SYSTEM, BOARD, CHASSIS, END)))).toEqual({
      bios: { vendor: 'Example BIOS Works', version: 'EX01.2', releaseDate: '03/14/2026', smbios: '3.2.1' },
      system: {
        vendor: 'Example Systems',
        productName: 'Edge 100',
        serialNumber: 'EX-0042',
        uuid: '00112233-4455-6677-8899-aabbccddeeff',
        sku: 'SKU-7',
        family: 'Edge',
      },
      board: { vendor: 'Example Boards', name: 'EB-1', version: 'A02' },
      chassis: { vendor: 'Example Systems', type: 'IoT Gateway', serial: 'CH-1' },
      slots: { slots: undefined, modules: [] },
    })
  })

  it('writes a UUID from before version 2.6 in the order of its bytes', async () => {
    const table = bytes(SYSTEM, END)

    expect((await read(tree(table, entry2(5)))).system.uuid).toBe('33221100-5544-7766-8899-aabbccddeeff')
    expect((await read(tree(table, entry2(6)))).system.uuid).toBe('00112233-4455-6677-8899-aabbccddeeff')
  })

  it('prefers what the kernel has copied', async () => {
    const files = { ...tree(bytes(SYSTEM, END)), '/sys/class/dmi/id/product_name': 'Edge 200\n' }

    expect((await read(files)).system).toMatchObject({ productName: 'Edge 200', serialNumber: 'EX-0042' })
  })

  it('lists memory modules and counts slots', () => {
    const table = parseTable(bytes(module(0x7fff, 32_768), module(0), module(0x8200), module(16_384, 0, 0xffff), END))

    expect(memoryModules(table)).toEqual({
      slots: 4,
      modules: [
        {
          locator: 'Controller0-DIMM0',
          bank: 'BANK 0',
          sizeBytes: 32 * 2 ** 30,
          type: 'DDR5',
          formFactor: 'SODIMM',
          speedMts: 4_800,
          configuredMts: 4_400,
          ranks: 2,
          manufacturer: 'Example Memory',
          serial: '0000A1B2',
          partNumber: 'EX32G48',
        },
        expect.objectContaining({ sizeBytes: 512 * 2 ** 10 }),
        expect.objectContaining({ sizeBytes: 16 * 2 ** 30, speedMts: 9_600 }),
      ],
    })
  })

  it('leaves out fields an older version does not have', () => {
    const short = parseTable(bytes(structure(17, new Array(10).fill(0)), END))

    expect(memoryModules(short)).toEqual({ slots: 1, modules: [] })
  })

  it.each([
    ['all zeros', new Uint8Array(16)],
    ['all ones', new Uint8Array(16).fill(0xff)],
    ['too short', new Uint8Array(15)],
  ])('has no UUID when it is %s', (_what, value) => {
    expect(formatUuid(value, undefined)).toBeUndefined()
  })

  it('does not report a UUID that whole series of boards share', async () => {
    const files = { '/sys/class/dmi/id/product_uuid': '03000200-0400-0500-0006-000700080009\n' }

    expect((await read(files)).system).toEqual({})
  })
})

describe('a hostile table', () => {
  it('ends at a length that cannot be', () => {
    expect(parseTable(Uint8Array.from([1, 0, 0, 0, 0, 0]))).toEqual([])
    expect(parseTable(Uint8Array.from([1, 3, 0, 0, 0, 0]))).toEqual([])
    expect(parseTable(Uint8Array.from([1, 200, 0, 0, 0, 0]))).toEqual([])
  })

  it('ends at its end when strings do not', () => {
    const [only] = parseTable(Uint8Array.from([1, 8, 0, 0, 1, 2, 0, 0, 65, 66]))

    expect(only?.strings).toEqual(['AB'])
  })

  it('ends at the structure that says so', () => {
    expect(parseTable(bytes(END, SYSTEM))).toHaveLength(1)
  })

  it('ends after as many structures as are allowed', () => {
    const many = bytes(...new Array<number[]>(MAX_STRUCTURES + 10).fill(structure(126, [])))

    expect(parseTable(many)).toHaveLength(MAX_STRUCTURES)
  })

  it('has no string for a number that names none', () => {
    const [system] = parseTable(bytes(structure(1, [9, 0], ['only one'])))

    expect(fieldsOf(system!).text(4)).toBeUndefined()
    expect(fieldsOf(system!).text(5)).toBeUndefined()
    expect(fieldsOf(system!).text(6)).toBeUndefined()
  })

  it('never fails, whatever its bytes', async () => {
    const whole = [...bytes(BIOS, SYSTEM, BOARD, CHASSIS, module(0x7fff, 1), END)]
    const random = fc.uint8Array({ maxLength: 512 })
    const damaged = fc
      .tuple(fc.nat({ max: whole.length }), fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }))))
      .map(([end, changes]) => {
        const copy = [...whole]
        for (const [at, value] of changes) copy[at] = value
        return Uint8Array.from(copy.slice(0, end))
      })
    const entry = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(ENTRY_3, entry2(0)))
    await fc.assert(
      fc.asyncProperty(fc.oneof(random, damaged), entry, async (table, entryPoint) => {
        const { slots } = await read(tree(table, entryPoint))
        for (const { sizeBytes } of slots.modules) expect(Number.isSafeInteger(sizeBytes)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('has no version when its entry point is none', () => {
    expect(parseEntryPoint(new Uint8Array())).toBeUndefined()
    expect(parseEntryPoint(Buffer.from('_SM3_'))).toBeUndefined()
    expect(parseEntryPoint(Buffer.from('#!/bin/sh'))).toBeUndefined()
  })
})
