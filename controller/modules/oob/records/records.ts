// SPDX-License-Identifier: Apache-2.0
/** What people keep for activation, as the rest of out-of-band management sees it. */
import type { Secret } from '../../../secrets/secrets.ts'

export const RECORD_KINDS = ['cira', 'domain', 'profile', 'wireless', 'ieee8021x', 'proxy'] as const
export type RecordKind = (typeof RECORD_KINDS)[number]

/** Address formats of the firmware: IPv4, IPv6, a full name. */
export type AddressFormat = 3 | 4 | 201

export type CiraConfig = {
  readonly configName: string
  readonly mpsServerAddress: string
  /** 1024–49151, as the firmware takes no other. */
  readonly mpsPort: number
  readonly username: string
  readonly commonName: string
  readonly serverAddressFormat: AddressFormat
  /** 1 mutual authentication, 2 user name and password. */
  readonly authMethod: 1 | 2
  /** Base64 of the DER, without armour, as `AddTrustedRootCertificate` wants it. */
  readonly mpsRootCertificate: string
  readonly proxyDetails: string
}

export type Domain = {
  readonly profileName: string
  readonly domainSuffix: string
  readonly provisioningCertStorageFormat: 'raw' | 'string'
  /** End of the leaf's validity, RFC 3339. */
  readonly expirationDate: string
}

export type WirelessConfig = {
  readonly profileName: string
  /** 4 WPA-PSK, 5 WPA-802.1x, 6 WPA2-PSK, 7 WPA2-802.1x. */
  readonly authenticationMethod: 4 | 5 | 6 | 7
  /** 3 TKIP, 4 CCMP. */
  readonly encryptionMethod: 3 | 4
  readonly ssid: string
  readonly linkPolicy: readonly number[]
  readonly ieee8021xProfileName: string | null
}

export type Ieee8021xConfig = {
  readonly profileName: string
  readonly authenticationProtocol: number
  /** Seconds; `null` for wireless. */
  readonly pxeTimeout: number | null
  readonly wiredInterface: boolean
}

export type ProxyConfig = {
  readonly name: string
  readonly address: string
  readonly infoFormat: AddressFormat
  readonly port: number
  readonly networkDnsSuffix: string
}

export type Profile = {
  readonly profileName: string
  readonly activation: 'ccmactivate' | 'acmactivate'
  readonly generateRandomPassword: boolean
  readonly generateRandomMEBxPassword: boolean
  readonly ciraConfigName: string | null
  /** 1 server, 2 server and plain, 3 mutual, 4 mutual and plain. Never beside `ciraConfigName`. */
  readonly tlsMode: 1 | 2 | 3 | 4 | null
  readonly tlsSigningAuthority: 'SelfSigned' | 'MicrosoftCA' | null
  readonly tags: readonly string[]
  readonly dhcpEnabled: boolean
  readonly ipSyncEnabled: boolean
  readonly localWifiSyncEnabled: boolean
  readonly uefiWifiSyncEnabled: boolean
  readonly wifiConfigs: readonly { readonly profileName: string; readonly priority: number }[]
  readonly proxyConfigs: readonly { readonly name: string; readonly priority: number }[]
  readonly ieee8021xProfileName: string | null
  readonly userConsent: 'None' | 'All' | 'KVM'
  readonly iderEnabled: boolean
  readonly kvmEnabled: boolean
  readonly solEnabled: boolean
}

export type RecordOf = {
  readonly cira: CiraConfig
  readonly domain: Domain
  readonly profile: Profile
  readonly wireless: WirelessConfig
  readonly ieee8021x: Ieee8021xConfig
  readonly proxy: ProxyConfig
}

/** A wireless profile with what it needs to be written to a device. */
export type ResolvedWireless = WirelessConfig & {
  readonly priority: number
  /** Absent with 802.1x. */
  readonly passphrase: Secret | undefined
  readonly ieee8021x: Ieee8021xConfig | undefined
}

/** A profile with everything it names. */
export type ResolvedProfile = {
  readonly profile: Profile
  /** Given passwords; `undefined` where the profile asks for random ones (or, in CCM, for no MEBx password). */
  readonly amtPassword: Secret | undefined
  readonly mebxPassword: Secret | undefined
  readonly cira: CiraConfig | undefined
  /** The password shared by all devices of the CIRA configuration; `undefined`: each device gets its own. */
  readonly ciraPassword: Secret | undefined
  /** Of the wired interface. */
  readonly ieee8021x: Ieee8021xConfig | undefined
  /** Most wanted first. */
  readonly wireless: readonly ResolvedWireless[]
  /** Most wanted first. */
  readonly proxies: readonly (ProxyConfig & { readonly priority: number })[]
}

/** What a device must be shown to be set up by certificate. */
export type ProvisioningCertificate = {
  /** Base64 of each DER without armour: leaf, intermediates, root. */
  readonly chain: readonly string[]
  /** The leaf's private key, PKCS#8 PEM. */
  readonly key: Secret
  /** Of the root's DER, lower-case hexadecimal, as firmware lists them. */
  /** What the leaf was signed with; firmware of AMT 21 and later may be shown signatures of SHA-384. */
  readonly digest?: 'sha256' | 'sha384' | 'other'
  readonly rootHashes: { readonly sha1: string; readonly sha256: string; readonly sha384: string }
  readonly expires: string
}
