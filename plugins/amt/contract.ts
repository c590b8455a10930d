// SPDX-License-Identifier: Apache-2.0
/** The section `amt`: whether the machine can be managed out of band, and how far that has been set up. */
import { type Static, Type } from 'typebox'
import { defineSection } from '../contract/index.ts'

export const RAW_MAX = 4_096

const Text = Type.String({ maxLength: 256 })

/**
 * `amt`: full Active Management Technology. `ism`: Standard Manageability, which has no KVM and no wireless.
 * `none`: the machine has neither. `unknown`: it could not be told; `why` says what is missing.
 */
export const AmtSku = Type.Enum(['amt', 'ism', 'none', 'unknown'])
export type AmtSku = Static<typeof AmtSku>

export const ControlMode = Type.Enum(['none', 'ccm', 'acm', 'unknown'])
export type ControlMode = Static<typeof ControlMode>

export const AmtAdapter = Type.Object({
  enabled: Type.Optional(Type.Boolean()),
  linkUp: Type.Optional(Type.Boolean()),
  dhcpEnabled: Type.Optional(Type.Boolean()),
  /** `active`: the firmware asks for its address; `passive`: it uses the one the operating system got. */
  dhcpMode: Type.Optional(Type.Enum(['active', 'passive'])),
  ipAddress: Type.Optional(Text),
  osIpAddress: Type.Optional(Text),
  macAddress: Text,
})
export type AmtAdapter = Static<typeof AmtAdapter>

/** The firmware's own connection to a management server. */
export const RemoteAccess = Type.Object({
  network: Type.Enum(['direct', 'vpn', 'outside', 'unknown']),
  remote: Type.Enum(['not-connected', 'connecting', 'connected', 'unknown']),
  trigger: Type.Enum(['user', 'alert', 'periodic', 'provisioning', 'unknown']),
  mpsHostname: Type.Optional(Text),
  mpsPort: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
})
export type RemoteAccess = Static<typeof RemoteAccess>

/** What the firmware says of itself. */
export const Firmware = Type.Object({
  version: Type.Optional(Text),
  build: Type.Optional(Text),
  /** The firmware's number for what it can do, decimal: `16392`. */
  skuCode: Type.Optional(Text),
  features: Type.Optional(Text),
  uuid: Type.Optional(Text),
  controlMode: ControlMode,
  provisioningState: Type.Optional(Type.Enum(['pre', 'in', 'post'])),
  /** Whether it is switched on in the BIOS. */
  enabled: Type.Optional(Type.Boolean()),
  dnsSuffix: Type.Optional(Text),
  dnsSuffixOs: Type.Optional(Text),
  ras: Type.Optional(RemoteAccess),
  wired: Type.Optional(AmtAdapter),
  wireless: Type.Optional(AmtAdapter),
  /** How many root certificate hashes it knows; absent when `rpc` did not list them. */
  certificateHashes: Type.Optional(Type.Integer({ minimum: 0 })),
})
export type Firmware = Static<typeof Firmware>

export const AmtObserved = Type.Object({
  sku: AmtSku,
  why: Type.String({ maxLength: 500 }),
  /** Whether asking again soon may change the answer. */
  retry: Type.Boolean(),
  rpc: Type.Optional(Type.Object({ generation: Type.Enum(['v2', 'v3', 'unknown']), version: Type.Optional(Text) })),
  firmware: Type.Optional(Firmware),
  /** What `rpc` printed, when it was not understood. */
  raw: Type.Optional(Type.String({ maxLength: RAW_MAX })),
})
export type AmtObserved = Static<typeof AmtObserved>

export const amt = defineSection({
  name: 'amt',
  title: 'Out-of-band management',
  desired: Type.Object({}, { additionalProperties: false }),
  observed: AmtObserved,
  commands: {},
})
