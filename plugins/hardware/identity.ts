// SPDX-License-Identifier: Apache-2.0
/** What the firmware says the machine is: system, board, chassis, BIOS and memory modules. Fixed until the next boot. */
import type { Files } from '../contract/index.ts'
import type { Bios, Board, Chassis, System } from './contract.ts'
import { memoryModules, type Slots } from './memory-modules.ts'
import { factual, factualUuid } from './placeholders.ts'
import { bytes, fact, present } from './read.ts'
import { type Fields, fieldsOf, formatUuid, parseEntryPoint, parseTable, type SmbiosVersion } from './smbios.ts'

export type Identity = {
  readonly system: System
  readonly board: Board
  readonly chassis: Chassis
  readonly bios: Bios
  readonly slots: Slots
}

type Nameplate = Omit<Identity, 'slots'>

const TABLES = '/sys/firmware/dmi/tables'

/** Reads the kernel's copies first, then the table itself, then the device tree of boards without SMBIOS. */
export async function readIdentity(files: Files): Promise<Identity> {
  const entry = await bytes(files, `${TABLES}/smbios_entry_point`)
  const version = entry === undefined ? undefined : parseEntryPoint(entry)
  const structures = parseTable((await bytes(files, `${TABLES}/DMI`)) ?? new Uint8Array())
  const one = (type: number): Fields => fieldsOf(structures.find(each => each.type === type) ?? NOTHING)
  const table = nameplateOf(one, version)
  const kernel = await readKernel(files)
  const tree = await readDeviceTree(files)
  return {
    system: { ...tree, ...table.system, ...kernel.system },
    board: { ...table.board, ...kernel.board },
    chassis: { ...table.chassis, ...kernel.chassis },
    bios: { ...table.bios, ...kernel.bios },
    slots: memoryModules(structures),
  }
}

const NOTHING = { type: 0, handle: 0, data: new Uint8Array(), strings: [] }

// Structure types 0 to 3: DSP0134 §7.1 to §7.4.
function nameplateOf(one: (type: number) => Fields, version: SmbiosVersion | undefined): Nameplate {
  const [bios, system, board, chassis] = [one(0), one(1), one(2), one(3)]
  const uuid = system.bytes(0x08, 16)
  return {
    bios: present({
      vendor: factual(bios.text(0x04)),
      version: factual(bios.text(0x05)),
      releaseDate: factual(bios.text(0x08)),
      smbios: version === undefined ? undefined : `${version.major}.${version.minor}.${version.revision}`,
    }),
    system: present({
      vendor: factual(system.text(0x04)),
      productName: factual(system.text(0x05)),
      productVersion: factual(system.text(0x06)),
      serialNumber: factual(system.text(0x07)),
      uuid: uuid === undefined ? undefined : factualUuid(formatUuid(uuid, version)),
      sku: factual(system.text(0x19)),
      family: factual(system.text(0x1a)),
    }),
    board: present({
      vendor: factual(board.text(0x04)),
      name: factual(board.text(0x05)),
      version: factual(board.text(0x06)),
      serial: factual(board.text(0x07)),
      assetTag: factual(board.text(0x08)),
    }),
    chassis: present({
      vendor: factual(chassis.text(0x04)),
      type: chassisType(chassis.byte(0x05)),
      version: factual(chassis.text(0x06)),
      serial: factual(chassis.text(0x07)),
      assetTag: factual(chassis.text(0x08)),
    }),
  }
}

async function readKernel(files: Files): Promise<Nameplate> {
  const of = async (name: string): Promise<string | undefined> =>
    factual(await fact(files, `/sys/class/dmi/id/${name}`))
  return {
    bios: present({
      vendor: await of('bios_vendor'),
      version: await of('bios_version'),
      releaseDate: await of('bios_date'),
    }),
    system: present({
      vendor: await of('sys_vendor'),
      productName: await of('product_name'),
      productVersion: await of('product_version'),
      serialNumber: await of('product_serial'),
      uuid: factualUuid(await of('product_uuid')),
      sku: await of('product_sku'),
      family: await of('product_family'),
    }),
    board: present({
      vendor: await of('board_vendor'),
      name: await of('board_name'),
      version: await of('board_version'),
      serial: await of('board_serial'),
      assetTag: await of('board_asset_tag'),
    }),
    chassis: present({
      vendor: await of('chassis_vendor'),
      type: chassisType(Number((await of('chassis_type')) ?? 0)),
      version: await of('chassis_version'),
      serial: await of('chassis_serial'),
      assetTag: await of('chassis_asset_tag'),
    }),
  }
}

// Properties of the device tree end with NUL, which `fact` removes.
async function readDeviceTree(files: Files): Promise<System> {
  return present({
    productName: factual(await fact(files, '/proc/device-tree/model')),
    serialNumber: factual(await fact(files, '/proc/device-tree/serial-number')),
  })
}

// §7.4.1; bit 7 tells whether there is a lock.
function chassisType(code: number | undefined): string | undefined {
  return code === undefined ? undefined : CHASSIS_TYPES[code & 0x7f]
}

const CHASSIS_TYPES: Readonly<Record<number, string>> = {
  3: 'Desktop',
  4: 'Low Profile Desktop',
  5: 'Pizza Box',
  6: 'Mini Tower',
  7: 'Tower',
  8: 'Portable',
  9: 'Laptop',
  10: 'Notebook',
  11: 'Hand Held',
  12: 'Docking Station',
  13: 'All in One',
  14: 'Sub Notebook',
  15: 'Space-saving',
  16: 'Lunch Box',
  17: 'Main Server Chassis',
  23: 'Rack Mount Chassis',
  24: 'Sealed-case PC',
  25: 'Multi-system Chassis',
  28: 'Blade',
  29: 'Blade Enclosure',
  30: 'Tablet',
  31: 'Convertible',
  32: 'Detachable',
  33: 'IoT Gateway',
  34: 'Embedded PC',
  35: 'Mini PC',
  36: 'Stick PC',
}
