// SPDX-License-Identifier: Apache-2.0
/** Whole disks as lsblk lists them with type `disk`, from /sys/block and udev's database. */
import type { Files } from '../contract/index.ts'
import { type Disk, MAX_ITEMS } from './contract.ts'
import { byName, bytes, clean, count, fact, names, present, target, whole } from './read.ts'
import { recall } from './recall.ts'

// Loop, RAM, device-mapper and RAID devices have types of their own in lsblk; so have optical drives.
const NOT_DISKS = /^(loop|ram|dm-|md|sr)\d*/

/** Lists the disks by name. */
export type DiskReader = () => Promise<readonly Disk[]>

/** Creates a reader that reads a disk again only when it was swapped: its sequence number tells, from Linux 5.15 on. */
export function diskReader(files: Files): DiskReader {
  const known = recall<Disk | undefined>()
  return async () => {
    const candidates = (await names(files, '/sys/block')).filter(name => !NOT_DISKS.test(name)).sort(byName)
    known.keep(candidates)
    const found: Disk[] = []
    for (const name of candidates.slice(0, 4 * MAX_ITEMS.disks)) {
      const sectors = await count(files, `/sys/block/${name}/size`)
      if (sectors === undefined) continue
      const sequence = await fact(files, `/sys/block/${name}/diskseq`)
      const key = sequence === undefined ? undefined : `${sequence} ${sectors}`
      const disk = await known.of(name, key, () => readDisk(files, name, sectors))
      if (disk !== undefined) found.push(disk)
    }
    return found
  }
}

async function readDisk(files: Files, name: string, sectors: number): Promise<Disk | undefined> {
  const at = `/sys/block/${name}`
  const scsiType = await fact(files, `${at}/device/type`)
  // A path of a multipath NVMe device is hidden behind its head; a SCSI type other than 0 is no disk (SPC-4 §6.4.2).
  const hidden = (await fact(files, `${at}/hidden`)) === '1'
  if (hidden || (scsiType !== undefined && /^\d+$/.test(scsiType) && scsiType !== '0')) return undefined
  const udev = await readUdev(files, await fact(files, `${at}/dev`))
  const path = (await target(files, at)) ?? ''
  return present({
    deviceName: name,
    model: udev.ID_MODEL_ENC ?? udev.ID_MODEL ?? (await attribute(files, at, ['device/model', 'device/name'])),
    vendor: udev.ID_VENDOR_ENC ?? udev.ID_VENDOR ?? (await attribute(files, at, ['device/vendor'])),
    serial: serialIn(udev) ?? (await readSerial(files, at)),
    wwid: udev.ID_WWN_WITH_EXTENSION ?? udev.ID_WWN ?? (await attribute(files, at, ['wwid', 'device/wwid'])),
    // The kernel counts sectors of 512 bytes, whatever the disk's own sectors are.
    capacityBytes: sectors * 512,
    rotational: (await fact(files, `${at}/queue/rotational`)) === '1',
    removable: (await fact(files, `${at}/removable`)) === '1',
    transport: transportOf(name, path) ?? udev.ID_BUS,
  })
}

async function attribute(files: Files, at: string, among: readonly string[]): Promise<string | undefined> {
  for (const name of among) {
    const value = await fact(files, `${at}/${name}`)
    if (value !== undefined) return value
  }
  return undefined
}

// The order is lsblk's.
function serialIn(udev: Properties): string | undefined {
  return udev.SCSI_IDENT_SERIAL ?? udev.ID_SCSI_SERIAL ?? udev.ID_SERIAL_SHORT ?? udev.ID_SERIAL
}

async function readSerial(files: Files, at: string): Promise<string | undefined> {
  const named = await attribute(files, at, ['device/serial', 'serial'])
  if (named !== undefined) return named
  // Vital product data page 80h: four bytes of header, the last two the length, then the serial number (SPC-4 §7.8.15).
  const page = await bytes(files, `${at}/device/vpd_pg80`)
  if (page === undefined || page.length < 5) return undefined
  const length = ((page[2] ?? 0) << 8) | (page[3] ?? 0)
  return clean(new TextDecoder('latin1').decode(page.subarray(4, 4 + length)))
}

type Properties = Readonly<Record<string, string>>

async function readUdev(files: Files, device: string | undefined): Promise<Properties> {
  if (device === undefined || !/^\d+:\d+$/.test(device)) return {}
  return parseUdev((await whole(files, `/run/udev/data/b${device}`)) ?? '')
}

/** Reads the properties (`E:` lines) of one record of udev's database; `_ENC` values are decoded (`\x20` is a space). */
export function parseUdev(text: string): Properties {
  const properties: Record<string, string> = {}
  for (const [, key = '', value = ''] of text.matchAll(/^E:([A-Z0-9_]+)=(.*)$/gm)) {
    const plain = key.endsWith('_ENC')
      ? value.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      : value
    const printable = clean(plain)
    if (printable !== undefined) properties[key] = printable
  }
  return properties
}

const TRANSPORTS: readonly (readonly [RegExp, string])[] = [
  [/\/usb\d+\//, 'usb'],
  [/\/nvme\//, 'nvme'],
  [/\/ata\d+\//, 'sata'],
  [/\/(end_device|sas_host|expander)-/, 'sas'],
  [/\/rport-/, 'fc'],
  [/\/session\d+\//, 'iscsi'],
  [/\/mmc_host\//, 'mmc'],
  [/\/virtio\d+\//, 'virtio'],
]

/** Tells how a disk is attached from where it hangs in the device tree. */
export function transportOf(name: string, path: string): string | undefined {
  if (name.startsWith('nvme')) return 'nvme'
  return TRANSPORTS.find(([pattern]) => pattern.test(path))?.[1]
}
