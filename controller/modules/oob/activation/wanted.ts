// SPDX-License-Identifier: Apache-2.0
/** What a device is to become, drawn from a profile and from what the device said of its network. */
import type { Secret } from '../../../secrets/secrets.ts'
import type { CiraConfig, ProxyConfig, ResolvedProfile } from '../records/records.ts'
import type { IpConfiguration } from './protocol.ts'

/** AMT's control modes: client (CCM) and admin (ACM). */
export type ControlMode = 'none' | 'client' | 'admin'

export type WantedWifi = {
  readonly name: string
  readonly ssid: string
  readonly authentication: number
  readonly encryption: number
  readonly priority: number
  readonly passphrase: Secret | undefined
  /** Name and protocol of the 802.1x profile it needs. */
  readonly ieee8021x: { readonly name: string; readonly protocol: number } | undefined
}

export type Wired = {
  readonly dhcp: boolean
  readonly ipSync: boolean
  /** Used when neither DHCP nor the host gives an address. */
  readonly address:
    | Pick<IpConfiguration, 'ipAddress' | 'netmask' | 'gateway' | 'primaryDns' | 'secondaryDns'>
    | undefined
}

/** Secrets in here are those that people set; random ones are made when they are needed. */
export type Wanted = {
  readonly profile: string
  readonly mode: 'client' | 'admin'
  readonly tags: readonly string[]
  readonly password: Secret | undefined
  readonly mebxPassword: Secret | undefined
  readonly consent: 'None' | 'KVM' | 'All'
  readonly kvm: boolean
  readonly sol: boolean
  readonly ider: boolean
  readonly wired: Wired
  readonly wired8021x: { readonly name: string; readonly protocol: number; readonly pxeTimeout: number } | undefined
  readonly wifi: readonly WantedWifi[]
  readonly localWifiSync: boolean
  readonly uefiWifiSync: boolean
  readonly proxies: readonly ProxyConfig[]
  readonly cira: CiraConfig | undefined
  readonly ciraPassword: Secret | undefined
  readonly tls: { readonly mutual: boolean; readonly plainToo: boolean } | undefined
  /** DNS suffixes of networks the device may stand in: environment detection must not name one. */
  readonly suffixes: readonly string[]
}

export type Network = { readonly ip: IpConfiguration | undefined; readonly suffixes: readonly string[] }

export function wantedFrom(resolved: ResolvedProfile, { ip, suffixes }: Network): Wanted {
  const { profile, cira, ieee8021x } = resolved
  const mode = profile.activation === 'acmactivate' ? 'admin' : 'client'
  return {
    profile: profile.profileName,
    mode,
    tags: profile.tags,
    password: resolved.amtPassword,
    mebxPassword: mode === 'admin' ? resolved.mebxPassword : undefined,
    // The firmware takes nothing else in client control mode.
    consent: mode === 'client' ? 'All' : profile.userConsent,
    kvm: profile.kvmEnabled,
    sol: profile.solEnabled,
    ider: profile.iderEnabled,
    wired: { dhcp: profile.dhcpEnabled, ipSync: profile.dhcpEnabled || profile.ipSyncEnabled, address: ip },
    wired8021x:
      ieee8021x === undefined
        ? undefined
        : {
            name: ieee8021x.profileName,
            protocol: ieee8021x.authenticationProtocol,
            pxeTimeout: ieee8021x.pxeTimeout ?? 0,
          },
    wifi: resolved.wireless.map(each => ({
      name: each.profileName,
      ssid: each.ssid,
      authentication: each.authenticationMethod,
      encryption: each.encryptionMethod,
      priority: each.priority,
      passphrase: each.passphrase,
      ieee8021x:
        each.ieee8021x === undefined
          ? undefined
          : { name: each.ieee8021x.profileName, protocol: each.ieee8021x.authenticationProtocol },
    })),
    localWifiSync: profile.localWifiSyncEnabled,
    uefiWifiSync: profile.uefiWifiSyncEnabled,
    proxies: resolved.proxies,
    cira,
    ciraPassword: resolved.ciraPassword,
    tls:
      profile.tlsMode === null
        ? undefined
        : { mutual: profile.tlsMode >= 3, plainToo: profile.tlsMode === 2 || profile.tlsMode === 4 },
    suffixes: suffixes.map(each => each.trim().toLowerCase()).filter(each => each !== ''),
  }
}
