// SPDX-License-Identifier: Apache-2.0
/** What a machine says of itself when it enrolls, to be recognised again. */
import type { Files, HostFacts } from '../../plugins/contract/index.ts'
import type { System } from '../system/system.ts'

const DMI = '/sys/class/dmi/id'
const MAX_TEXT = 200
const MAX_MACS = 32
const MAX_DISKS = 64
/** Disks that are made of other disks, or of memory. */
const NO_DISK = /^(loop|ram|zram|dm-|md|sr|fd|nbd)/

/**
 * Collects what can be read; what cannot, is left out, as firmware ids are for an agent that is not root.
 * Virtual network cards are left out too: containers make new ones every day.
 */
export async function collectFacts(system: Pick<System, 'files' | 'machineId' | 'simulated'>): Promise<HostFacts> {
  const { files } = system
  const [machineId, uuid, serial, product, hostname, macs, diskSerials] = await Promise.all([
    system.machineId().catch(() => ''),
    line(files, `${DMI}/product_uuid`),
    line(files, `${DMI}/product_serial`),
    line(files, `${DMI}/product_name`),
    line(files, '/proc/sys/kernel/hostname').then(async name => name ?? (await line(files, '/etc/hostname'))),
    macsIn(files),
    diskSerialsIn(files),
  ])
  return {
    ...(machineId === '' ? {} : { machineId: machineId.slice(0, MAX_TEXT) }),
    ...(uuid === undefined ? {} : { uuid }),
    ...(serial === undefined ? {} : { serial }),
    ...(product === undefined ? {} : { product }),
    ...(hostname === undefined ? {} : { hostname }),
    ...(macs.length === 0 ? {} : { macs }),
    ...(diskSerials.length === 0 ? {} : { diskSerials }),
    ...(system.simulated ? { simulated: true } : {}),
  }
}

async function macsIn(files: Files): Promise<string[]> {
  const macs = new Set<string>()
  for (const card of await names(files, '/sys/class/net')) {
    const device = await files.link(`/sys/class/net/${card}/device`).catch(() => undefined)
    if (device === undefined) continue
    const mac = await line(files, `/sys/class/net/${card}/address`)
    if (mac !== undefined && /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(mac) && !/^(00:){5}00$/.test(mac))
      macs.add(mac.toLowerCase())
  }
  return [...macs].slice(0, MAX_MACS)
}

async function diskSerialsIn(files: Files): Promise<string[]> {
  const serials = new Set<string>()
  for (const disk of await names(files, '/sys/block')) {
    if (NO_DISK.test(disk)) continue
    const serial = await line(files, `/sys/block/${disk}/device/serial`)
    if (serial !== undefined) serials.add(serial)
  }
  return [...serials].slice(0, MAX_DISKS)
}

async function names(files: Files, path: string): Promise<readonly string[]> {
  return files.list(path).catch(() => [])
}

/** The first line of a file, without what surrounds it; `undefined` when there is none or it says nothing. */
async function line(files: Files, path: string): Promise<string | undefined> {
  const text = await files.text(path).catch(() => undefined)
  const first = text?.split('\n', 1)[0]?.replaceAll('\0', '').trim().slice(0, MAX_TEXT)
  return first === undefined || first === '' ? undefined : first
}
