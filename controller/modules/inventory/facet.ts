// SPDX-License-Identifier: Apache-2.0
/** What inventory adds to a host: EIM's hardware members, computed from the reports of `hardware` and `os`. Pure. */
import { Type } from 'typebox'
import type { Json } from '../../../plugins/contract/index.ts'
import type { Accelerator, Address, Cpu, Disk, HardwareObserved, Nic, Usb } from '../../../plugins/hardware/contract.ts'
import type { OsObserved } from '../../../plugins/os/contract.ts'
import type { Facet } from '../../kernel/module.ts'
import { canonicalAddress } from './hosts/address-rules.ts'

const Items = Type.Array(Type.Unknown())

export const facetProperties = {
  productName: Type.String(),
  cpuModel: Type.String(),
  cpuArchitecture: Type.String(),
  cpuSockets: Type.Integer(),
  cpuCores: Type.Integer(),
  cpuThreads: Type.Integer(),
  cpuCapabilities: Type.String(),
  cpuTopology: Type.String(),
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
    cpuTopology: topology(cpu),
    memoryBytes: String(memory.totalBytes),
    biosVendor: bios.vendor,
    biosVersion: bios.version,
    biosReleaseDate: bios.releaseDate,
    hostStorages: disks.map(storage),
    hostNics: nics.map(each => nic(each)),
    hostUsbs: usb.map(usbDevice),
    hostGpus: gpus.map(gpu),
  })
}

function storage({ deviceName, model, vendor, serial, wwid, capacityBytes }: Disk): Json {
  return defined({ deviceName, model, vendor, serial, wwid, capacityBytes: String(capacityBytes) })
}

/** The interfaces of a report; of shared addresses it is said who has them too. */
export function nicsOf(observed: Json, shared: Shared): Json {
  return (observed as unknown as HardwareObserved).nics.map(each => nic(each, shared)) // checked when it was taken in
}

/** Addresses that another host of the site has too, with that host. */
type Shared = ReadonlyMap<string, string>

function ipaddress({ address, prefix }: Address, shared: Shared): Json {
  const other = shared.get(canonicalAddress(address))
  return {
    address: `${address}/${prefix}`,
    status: other === undefined ? 'IP_ADDRESS_STATUS_CONFIGURED' : 'IP_ADDRESS_STATUS_ERROR',
    ...(other === undefined ? {} : { statusDetail: `IPAddress duplication is unsupported: ${other} has it too` }),
    configMethod: 'IP_ADDRESS_CONFIG_METHOD_UNSPECIFIED',
  }
}

/** Hybrid processors have one socket; EIM tells its groups of cores as JSON in a text. */
function topology({ coreGroups }: Cpu): string | undefined {
  if (coreGroups === undefined) return undefined
  const groups = coreGroups.map(({ kind, cpus }) => ({
    core_type: kind === 'performance' ? 'P-Core' : 'E-Core',
    core_list: listed(cpus),
  }))
  return JSON.stringify({ sockets: [{ socket_id: 0, core_groups: groups }] })
}

/** Numbers in the kernel's list format: `0-7,12`. */
function listed(text: string): number[] {
  return text.split(',').flatMap(part => {
    const [first = NaN, last = first] = part.split('-').map(Number)
    const count = last - first + 1
    return Number.isSafeInteger(count) && count > 0 && count <= 4_096
      ? Array.from({ length: count }, (_, at) => first + at)
      : []
  })
}

function nic(card: Nic, shared: Shared = new Map()): Json {
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
    ipaddresses: addresses.map(each => ipaddress(each, shared)),
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
