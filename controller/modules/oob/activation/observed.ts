// SPDX-License-Identifier: Apache-2.0
/** What is read of a device's firmware before it is decided what to do, part by part. */
import type { Instance } from '../wsman/wsman.ts'
import type { ControlMode } from './wanted.ts'

export type SetupPart = {
  readonly mode: ControlMode
  /** Control modes it may take: 1 client, 2 admin. Empty when it does not say. */
  readonly allowed: readonly number[]
  /** Base64 of 20 bytes; good for one attempt. */
  readonly nonce: string
}

export type GeneralPart = {
  readonly instance: Instance
  /** Part of every password hash; a new one after each unprovisioning. */
  readonly realm: string
  readonly sharedFqdn: boolean
  readonly networkEnabled: boolean
  readonly rmcpPing: boolean
}

/** Port settings; `undefined` where the machine has no such adapter. */
export type PortsPart = { readonly wired: Instance | undefined; readonly wireless: Instance | undefined }

/** `undefined`: the firmware has no such class. */
export type Wired8021xPart = { readonly enabled: boolean; readonly instance: Instance } | undefined

export type WifiEndpoint = {
  readonly id: string
  readonly name: string
  readonly ssid: string
  readonly authentication: number
  readonly encryption: number
  readonly priority: number
}
export type WifiPart =
  | {
      readonly endpoints: readonly WifiEndpoint[]
      readonly portState: number | undefined
      readonly service: Instance
      readonly localSync: number
      /** Whether the BIOS may share profiles; `undefined` when the board cannot. */
      readonly uefiSync: boolean | undefined
    }
  | undefined

export type ProxyPoint = {
  readonly name: string
  readonly address: string
  readonly port: number
  readonly suffix: string
}
export type ProxiesPart = readonly ProxyPoint[] | undefined

export type FeaturesPart = {
  readonly redirection: Instance
  readonly sol: boolean
  readonly ider: boolean
  readonly listener: boolean
  /** `undefined`: it has no KVM. */
  readonly kvm: boolean | undefined
  readonly optIn: Instance
  readonly consent: number
}

export type Server = {
  readonly name: string
  readonly address: string
  readonly format: number
  readonly port: number
  readonly commonName: string
}
export type AccessRule = {
  readonly name: string
  readonly trigger: number
  readonly lifetime: number
  readonly extendedData: string
}
export type RuleLink = {
  readonly rule: string
  readonly server: string
  readonly mpsType: number | undefined
  readonly order: string
}
export type CiraPart = {
  readonly servers: readonly Server[]
  readonly rules: readonly AccessRule[]
  readonly links: readonly RuleLink[]
  readonly userInitiated: number | undefined
  readonly environment: Instance
  readonly detection: readonly string[]
}

export type StoredCertificate = {
  readonly id: string
  /** Base64 without white space. */
  readonly der: string
  readonly trusted: boolean
}
export type StorePart = {
  readonly certificates: readonly StoredCertificate[]
  /** PKCS#1 public keys, base64 without white space. */
  readonly keys: readonly { readonly id: string; readonly der: string }[]
  /** Ids of the certificates that TLS uses. */
  readonly bound: readonly string[]
}

export type TlsPart = {
  readonly remote: Instance | undefined
  readonly local: Instance | undefined
}

/** How far its clock is from ours. */
export type ClockPart = { readonly offsetSeconds: number }

export type Parts = {
  readonly setup: SetupPart
  readonly general: GeneralPart
  readonly ports: PortsPart
  readonly wired8021x: Wired8021xPart
  readonly wifi: WifiPart
  readonly proxies: ProxiesPart
  readonly features: FeaturesPart
  readonly cira: CiraPart
  readonly store: StorePart
  readonly tls: TlsPart
  readonly clock: ClockPart
}
export type PartName = keyof Parts
