// SPDX-License-Identifier: Apache-2.0
/** What inventory adds to a host: EIM's hardware members, computed from the reports of `hardware` and `os`. Pure. */
import { Type } from 'typebox'
import type { Json } from '../../../plugins/contract/index.ts'
import type { Accelerator, Disk, HardwareObserved, Nic, Usb } from '../../../plugins/hardware/contract.ts'
import type { OsObserved } from '../../../plugins/os/contract.ts'
import type { Facet } from '../../kernel/module.ts'

const Items = Type.Array(Type.Unknown())

export const facetProperties = {
  productName: Type.String(),
  cpuModel: Type.String(),
  cpuArchitecture: Type.String(),
  cpuSockets: Type.Integer(),
  cpuCores: Type.Integer(),
  cpuThreads: Type.Integer(),
  cpuCapabilities: Type.String(),
  memoryBytes: Type.String(),
  biosVendor: Type.String(),
  biosVersion: Type.String(),
  biosReleaseDate: Type.String(),
  hostStorages: Items,
  hostNics: Items,
  hostUsbs: Items,
  hostGpus: Items,
  operatingSystem: Type.Unknown(),
} as const

export const inventoryFacet: Facet['of'] = (_, reports) => ({
  ...hardwareMembers(reports.get('hardware')?.observed),
  ...osMembers(reports.get('os')?.observed),
})

function hardwareMembers(observed: Json | undefined): Readonly<Record<string, Json>> {
  if (observed === undefined || observed === null) return {}
  const { system, cpu, memory, bios, disks, nics, usb, gpus } = observed as unknown as HardwareObserved // checked when it was taken in
  return defined({
    productName: system.productName,
    cpuModel: cpu.model,
    cpuArchitecture: cpu.architecture,
    cpuSockets: cpu.sockets,
    cpuCores: cpu.cores,
    cpuThreads: cpu.threads,
    cpuCapabilities: cpu.capabilities.join(' '),
    memoryBytes: String(memory.totalBytes),
    biosVendor: bios.vendor,
    biosVersion: bios.version,
    biosReleaseDate: bios.releaseDate,
    hostStorages: disks.map(storage),
    hostNics: nics.map(nic),
    hostUsbs: usb.map(usbDevice),
    hostGpus: gpus.map(gpu),
  })
}

function storage({ deviceName, model, vendor, serial, wwid, capacityBytes }: Disk): Json {
  return defined({ deviceName, model, vendor, serial, wwid, capacityBytes: String(capacityBytes) })
}

function nic(card: Nic): Json {
  const { deviceName, macAddr, mtu, pciIdentifier, sriovEnabled, sriovVfsNum, sriovVfsTotal, linkState, addresses } =
    card
  return defined({
    deviceName,
    macAddr,
    mtu,
    pciIdentifier,
    sriovEnabled,
    sriovVfsNum,
    sriovVfsTotal,
    linkState: { type: linkState === 'up' ? 'NETWORK_INTERFACE_LINK_STATE_UP' : 'NETWORK_INTERFACE_LINK_STATE_DOWN' },
    ipaddresses: addresses.map(({ address, prefix }) => ({ address: `${address}/${prefix}` })),
  })
}

function usbDevice({ deviceName, bus, addr, idVendor, idProduct, class: usbClass, serial }: Usb): Json {
  return defined({ deviceName, bus, addr, idVendor, idProduct, class: usbClass, serial })
}

function gpu({ pciId, deviceName, vendor, product, description }: Accelerator): Json {
  return defined({ pciId, deviceName, vendor, product, description })
}

function osMembers(observed: Json | undefined): Readonly<Record<string, Json>> {
  if (observed === undefined || observed === null) return {}
  const { release, kernel, packages, hostname, bootedAt } = observed as unknown as OsObserved // checked when it was taken in
  return {
    ...(hostname === undefined ? {} : { hostname }),
    operatingSystem: defined({
      name: release.prettyName ?? release.name,
      version: release.version,
      kernel: kernel.release,
      packages: packages.count,
      bootedAt,
    }),
  }
}

function defined(members: Readonly<Record<string, Json | undefined>>): Readonly<Record<string, Json>> {
  const present: Record<string, Json> = {}
  for (const [name, value] of Object.entries(members)) if (value !== undefined) present[name] = value
  return present
}
