// SPDX-License-Identifier: Apache-2.0
/** The disks of a simulated machine as `/sys` and udev show them. */
import type { SimulatedDisk, SimulatedFacts } from '../facts.ts'
import type { PciFunction } from './pci-function.ts'
import { type Folder, folder, symlink } from './tree.ts'

const SECTOR = 512
const EFI_SECTORS = 1_048_576

/** A disk with where it hangs and its device number. */
type Placed = {
  readonly disk: SimulatedDisk
  readonly pci: readonly string[]
  /** Folders from the PCI function to the device, whose own folder is the last. */
  readonly device: readonly string[]
  /** Folders between the device and the block device. */
  readonly between: readonly string[]
  readonly major: number
  readonly minor: number
}

/** The controllers, with the disks below them. */
export function diskFunctions(facts: SimulatedFacts): readonly PciFunction[] {
  const placed = placeAll(facts)
  const sata = placed.filter(each => each.disk.kind === 'sata')
  const others = placed.filter(each => each.disk.kind !== 'sata').map(functionOf)
  if (sata.length === 0) return others
  return [...others, { ...AHCI, children: Object.assign({}, ...sata.map(deviceFolders)) }]
}

/** `/sys/block` and, one level deeper, `/sys/class/block`; `up` leads to `/sys`. */
export function blockLinks(facts: SimulatedFacts, up: string): Folder {
  return {
    ...Object.fromEntries(
      placeAll(facts).map(({ disk, pci, device, between }) => [
        disk.name,
        symlink(`${up}/devices/pci0000:00/${[...pci, ...device, ...between, disk.name].join('/')}`),
      ]),
    ),
    loop0: symlink(`${up}/devices/virtual/block/loop0`),
  }
}

/** `/sys/devices/virtual/block`: the loop device that a package in a squashfs image needs. */
export function virtualBlock(): Folder {
  return {
    loop0: folder({ dev: '7:0\n', queue: folder({ rotational: '0\n' }), removable: '0\n', ro: '1\n', size: '8\n' }),
  }
}

/** `/run/udev/data`, of which only disks are told. */
export function udevData(facts: SimulatedFacts): Folder {
  return Object.fromEntries(
    placeAll(facts)
      .filter(({ disk }) => disk.kind !== 'emmc')
      .map(({ disk, major, minor }) => [`b${major}:${minor}`, () => udevRecord(disk)]),
  )
}

function udevRecord(disk: SimulatedDisk): string {
  const model = disk.model.replaceAll(' ', '_')
  return [
    `S:disk/by-id/${disk.kind === 'sata' ? 'ata' : 'nvme'}-${model}_${disk.serial}`,
    'I:2384762',
    `E:ID_MODEL=${model}`,
    `E:ID_MODEL_ENC=${disk.model.replaceAll(' ', '\\x20')}`,
    `E:ID_SERIAL=${model}_${disk.serial}`,
    `E:ID_SERIAL_SHORT=${disk.serial}`,
    ...(disk.kind === 'sata' ? ['E:ID_BUS=ata', 'E:ID_TYPE=disk'] : []),
    'V:1',
    '',
  ].join('\n')
}

function placeAll({ disks }: SimulatedFacts): readonly Placed[] {
  const seen = { nvme: 0, sata: 0, emmc: 0 }
  return disks.map(disk => ({ disk, ...place(disk.kind, seen[disk.kind]++) }))
}

function place(kind: SimulatedDisk['kind'], at: number): Omit<Placed, 'disk'> {
  if (kind === 'nvme') {
    const pci = [`0000:00:06.${at}`, `0000:${30 + at}:00.0`]
    return { pci, device: ['nvme', `nvme${at}`], between: [], major: 259, minor: at * 16 }
  }
  if (kind === 'sata') {
    const device = [`ata${at + 1}`, `host${at}`, `target${at}:0:0`, `${at}:0:0:0`]
    return { pci: AHCI.path, device, between: ['block'], major: 8, minor: at * 16 }
  }
  const device = ['mmc_host', `mmc${at}`, `mmc${at}:0001`]
  return { pci: [`0000:00:1a.${at}`], device, between: ['block'], major: 179, minor: at * 8 }
}

const AHCI: PciFunction = {
  path: ['0000:00:17.0'],
  vendor: '8086',
  device: '7ae2',
  class: '0x010601',
  driver: 'ahci',
  children: {},
}

function functionOf(placed: Placed): PciFunction {
  const controller =
    placed.disk.kind === 'nvme'
      ? { vendor: '1e0f', device: '0001', class: '0x010802', driver: 'nvme' }
      : { vendor: '8086', device: '4b47', class: '0x080501', driver: 'sdhci-pci' }
  return { ...controller, path: placed.pci, children: deviceFolders(placed) }
}

function deviceFolders(placed: Placed): Folder {
  const { disk, device, between } = placed
  const block = nest(between, { [disk.name]: folder(() => blockFolder(placed)) })
  return nest(device, { ...attributes(disk), ...block })
}

/** What a device tells of itself, padded as its standard wants. */
function attributes(disk: SimulatedDisk): Folder {
  const { kind, model, serial, firmware } = disk
  if (kind === 'nvme') {
    return {
      firmware_rev: `${firmware.padEnd(8)}\n`,
      model: `${model.padEnd(40)}\n`,
      serial: `${serial.padEnd(20)}\n`,
      state: 'live\n',
      transport: 'pcie\n',
    }
  }
  if (kind === 'emmc') {
    return {
      cid: `150100${wwn(disk)}00\n`,
      fwrev: `${firmware}\n`,
      name: `${model}\n`,
      serial: `${serial}\n`,
      type: 'MMC\n',
    }
  }
  return {
    // SCSI cuts the model of an ATA disk to sixteen characters.
    model: `${model.slice(0, 16).padEnd(16)}\n`,
    rev: `${firmware.slice(0, 4).padEnd(4)}\n`,
    type: '0\n',
    vendor: 'ATA     \n',
    vpd_pg80: () => Buffer.from(`\u0000\u0080\u0000${String.fromCharCode(serial.length)}${serial}`, 'latin1'),
    wwid: `naa.5${wwn(disk).slice(1)}\n`,
  }
}

function blockFolder({ disk, device, between, major, minor }: Placed): Folder {
  const sectors = disk.sizeBytes / SECTOR
  const part = /\d$/.test(disk.name) ? `${disk.name}p` : disk.name
  return {
    dev: `${major}:${minor}\n`,
    device: symlink(`${'../'.repeat(between.length + 2)}${device.at(-1)}`),
    queue: folder({
      logical_block_size: '512\n',
      physical_block_size: '4096\n',
      rotational: disk.rotational ? '1\n' : '0\n',
    }),
    removable: '0\n',
    ro: '0\n',
    size: `${sectors}\n`,
    [`${part}1`]: partition(`${major}:${minor + 1}`, 1, { start: 2_048, size: EFI_SECTORS }),
    [`${part}2`]: partition(`${major}:${minor + 2}`, 2, {
      start: 2_048 + EFI_SECTORS,
      size: sectors - EFI_SECTORS - 4_096,
    }),
    ...(disk.kind === 'nvme' ? { wwid: `eui.${wwn(disk)}\n` } : {}),
  }
}

function partition(dev: string, number: number, { start, size }: { start: number; size: number }) {
  return folder({ dev: `${dev}\n`, partition: `${number}\n`, size: `${size}\n`, start: `${start}\n` })
}

function wwn({ serial }: SimulatedDisk): string {
  return Buffer.from(serial.padEnd(8, '0')).subarray(-8).toString('hex')
}

function nest(path: readonly string[], inner: Folder): Folder {
  const [first, ...rest] = path
  return first === undefined ? inner : { [first]: folder(nest(rest, inner)) }
}
