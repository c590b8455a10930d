// SPDX-License-Identifier: Apache-2.0
/** The section `hardware`: what the machine is made of. It can be looked at and not be changed. */
import { type Static, Type } from 'typebox'
import { defineSection, MINUTE } from '../contract/index.ts'

/** The most of each kind a report holds; `omitted` counts the rest. */
export const MAX_ITEMS = { disks: 128, nics: 128, usb: 128, gpus: 32, npus: 32, modules: 128, addresses: 32 } as const

const Text = Type.String({ maxLength: 200 })
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

export const Cpu = Type.Object({
  model: Type.Optional(Text),
  vendor: Type.Optional(Text),
  /** As `uname -m` names it: `x86_64`, `aarch64`. */
  architecture: Text,
  sockets: Count,
  cores: Count,
  /** Logical processors that are online. */
  threads: Count,
  maxMhz: Type.Optional(Count),
  /** The kernel's flags, sorted. */
  capabilities: Type.Array(Text, { maxItems: 512 }),
  /** Hybrid processors only; `cpus` in the kernel's list format: `0-7,12`. */
  coreGroups: Type.Optional(
    Type.Array(Type.Object({ kind: Type.Enum(['performance', 'efficiency']), cpus: Text }), { maxItems: 2 }),
  ),
})
export type Cpu = Static<typeof Cpu>

/** One populated memory slot (DSP0134 §7.18). */
export const MemoryModule = Type.Object({
  locator: Type.Optional(Text),
  bank: Type.Optional(Text),
  sizeBytes: Count,
  type: Type.Optional(Text),
  formFactor: Type.Optional(Text),
  /** Megatransfers per second the module can do. */
  speedMts: Type.Optional(Count),
  /** Megatransfers per second it runs at. */
  configuredMts: Type.Optional(Count),
  ranks: Type.Optional(Count),
  manufacturer: Type.Optional(Text),
  serial: Type.Optional(Text),
  partNumber: Type.Optional(Text),
})
export type MemoryModule = Static<typeof MemoryModule>

export const Memory = Type.Object({
  /** What the kernel manages: installed memory less what firmware keeps. */
  totalBytes: Count,
  swapBytes: Count,
  /** Slots the board has, where firmware says so. */
  slots: Type.Optional(Count),
  modules: Type.Array(MemoryModule, { maxItems: MAX_ITEMS.modules }),
})
export type Memory = Static<typeof Memory>

export const Disk = Type.Object({
  deviceName: Text,
  model: Type.Optional(Text),
  vendor: Type.Optional(Text),
  serial: Type.Optional(Text),
  wwid: Type.Optional(Text),
  capacityBytes: Count,
  rotational: Type.Boolean(),
  removable: Type.Boolean(),
  /** `sata`, `sas`, `nvme`, `usb`, `virtio`, `mmc`, `fc`, `iscsi`. */
  transport: Type.Optional(Text),
})
export type Disk = Static<typeof Disk>

export const Address = Type.Object({
  family: Type.Enum(['inet', 'inet6']),
  address: Text,
  prefix: Type.Integer({ minimum: 0, maximum: 128 }),
  /** As rtnetlink names it: `global`, `link`, `host`, `site`. */
  scope: Text,
})
export type Address = Static<typeof Address>

/** RFC 2863 §3.1.14, in the kernel's words. */
export const LinkState = Type.Enum(['up', 'down', 'dormant', 'lowerlayerdown', 'notpresent', 'testing', 'unknown'])
export type LinkState = Static<typeof LinkState>

export const Nic = Type.Object({
  deviceName: Text,
  macAddr: Type.Optional(Text),
  mtu: Type.Optional(Count),
  linkState: LinkState,
  speedMbps: Type.Optional(Count),
  driver: Type.Optional(Text),
  /** `0000:00:1f.6`; absent for what is not on PCI. */
  pciIdentifier: Type.Optional(Text),
  /** Made by software: bridges, tunnels, container ends, loopback. */
  virtual: Type.Boolean(),
  /** Absent where the device has no SR-IOV capability. */
  sriovEnabled: Type.Optional(Type.Boolean()),
  sriovVfsNum: Type.Optional(Count),
  sriovVfsTotal: Type.Optional(Count),
  addresses: Type.Array(Address, { maxItems: MAX_ITEMS.addresses }),
})
export type Nic = Static<typeof Nic>

export const Usb = Type.Object({
  /** The kernel's name of the place it is plugged into: `1-4.2`. */
  deviceName: Text,
  bus: Count,
  addr: Count,
  /** Four hexadecimal digits. */
  idVendor: Text,
  idProduct: Text,
  /** The USB-IF class in words, or two hexadecimal digits. */
  class: Text,
  vendor: Type.Optional(Text),
  product: Type.Optional(Text),
  serial: Type.Optional(Text),
})
export type Usb = Static<typeof Usb>

/** A graphics or neural processor. */
export const Accelerator = Type.Object({
  pciId: Type.Optional(Text),
  /** `card0`, `accel0`; absent when no driver made a device. */
  deviceName: Type.Optional(Text),
  /** Four hexadecimal digits, as PCI counts vendors and devices. */
  vendorId: Type.Optional(Text),
  deviceId: Type.Optional(Text),
  vendor: Type.Optional(Text),
  product: Type.Optional(Text),
  description: Text,
  driver: Type.Optional(Text),
})
export type Accelerator = Static<typeof Accelerator>

export const System = Type.Object({
  /** Lower case, in the byte order of SMBIOS 2.6 (DSP0134 §7.2.1); absent when the firmware has a known placeholder. */
  uuid: Type.Optional(Text),
  serialNumber: Type.Optional(Text),
  vendor: Type.Optional(Text),
  productName: Type.Optional(Text),
  productVersion: Type.Optional(Text),
  family: Type.Optional(Text),
  sku: Type.Optional(Text),
})
export type System = Static<typeof System>

export const Board = Type.Object({
  vendor: Type.Optional(Text),
  name: Type.Optional(Text),
  version: Type.Optional(Text),
  serial: Type.Optional(Text),
  assetTag: Type.Optional(Text),
})
export type Board = Static<typeof Board>

export const Chassis = Type.Object({
  vendor: Type.Optional(Text),
  type: Type.Optional(Text),
  version: Type.Optional(Text),
  serial: Type.Optional(Text),
  assetTag: Type.Optional(Text),
})
export type Chassis = Static<typeof Chassis>

export const Bios = Type.Object({
  vendor: Type.Optional(Text),
  version: Type.Optional(Text),
  /** As the firmware writes it: usually `mm/dd/yyyy`. */
  releaseDate: Type.Optional(Text),
  /** `3.2.0`: the SMBIOS version of the tables. */
  smbios: Type.Optional(Text),
})
export type Bios = Static<typeof Bios>

export const HardwareObserved = Type.Object({
  system: System,
  board: Board,
  chassis: Chassis,
  bios: Bios,
  cpu: Cpu,
  memory: Memory,
  disks: Type.Array(Disk, { maxItems: MAX_ITEMS.disks }),
  nics: Type.Array(Nic, { maxItems: MAX_ITEMS.nics }),
  usb: Type.Array(Usb, { maxItems: MAX_ITEMS.usb }),
  gpus: Type.Array(Accelerator, { maxItems: MAX_ITEMS.gpus }),
  npus: Type.Array(Accelerator, { maxItems: MAX_ITEMS.npus }),
  /** How many of each kind were left out to keep the report small; absent when nothing was. */
  omitted: Type.Optional(Type.Record(Type.String(), Count)),
})
export type HardwareObserved = Static<typeof HardwareObserved>

export const hardware = defineSection({
  name: 'hardware',
  title: 'What the machine is made of',
  desired: Type.Object({}, { additionalProperties: false }),
  observed: HardwareObserved,
  commands: {
    refresh: {
      title: 'Look at the machine again now',
      input: Type.Object({}, { additionalProperties: false }),
      output: Type.Object({}),
      class: 0,
      ttlMs: MINUTE,
      timeoutMs: MINUTE,
      impact: 'none',
    },
  },
})
