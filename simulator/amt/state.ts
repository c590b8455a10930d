// SPDX-License-Identifier: Apache-2.0
/** What a management engine remembers, as data that survives a restart. */
import type { RandomBytes } from '../../plugins/contract/index.ts'

/** A management presence server it may dial. */
export type MpsServer = {
  name: string
  accessInfo: string
  infoFormat: number
  port: number
  authMethod: number
  username: string
  password: string
  commonName: string
}

/** When to dial which servers. `name` is `User Initiated`, `Alert` or `Periodic`. */
export type AccessRule = {
  name: string
  trigger: number
  tunnelLifeTime: number
  extendedData: string
  servers: string[]
  /** 0 external, 1 internal, 2 both. */
  mpsType: number
}

export type StoredCertificate = { id: string; der: string; trusted: boolean; key?: string }
/** `pem` is the private half, which never leaves the machine. */
export type StoredKey = { id: string; der: string; pem: string }
export type Alarm = { id: string; name: string; start: string; interval?: string; deleteOnCompletion: boolean }
export type WifiProfile = {
  id: string
  name: string
  ssid: string
  priority: number
  authentication: number
  encryption: number
  passphrase?: string
  ieee8021x?: Record<string, string>
  clientCertificate?: string
  caCertificate?: string
}
export type TlsSettings = { enabled: boolean; mutual: boolean; acceptNonSecure: boolean; trustedCn: string[] }
/** What the last boot was told to do, with the TLV parameters of one-click recovery taken apart. */
export type BootDone = {
  source?: string
  settings: Record<string, string>
  parameters: { vendor: number; type: number; value: string }[]
  reason: string
}

export type AmtState = {
  /** 0 not provisioned, 1 client control, 2 admin control. */
  controlMode: 0 | 1 | 2
  /** `Digest:` and 32 hexadecimal digits; a new one each time it is unprovisioned. */
  realm: string
  /** MD5 of `admin:realm:password`; there is no password anywhere. */
  adminHash?: string
  osAdminPassword: string
  mebxPassword?: string
  /** Base64 of 20 bytes; fresh after each attempt at activation. */
  configurationNonce: string
  /** CIM power state of the host: 2 on, 3 and 4 asleep, 6 and 8 off, 7 hibernated. */
  power: number
  /** 2 full power, 3 modern standby. */
  osSaving: number
  counters: { activationWrites: number; protocolErrors: number; tunnels: number; logins: number; powerActions: number }
  clockOffsetMs: number
  /** What Put changed: class, key of the instance, member. */
  written: Record<string, Record<string, Record<string, string | string[]>>>
  boot: {
    settings?: Record<string, string | string[]>
    source?: string
    role?: number
    enabledState: number
    last?: BootDone
  }
  features: { redirection: number; listener: boolean; kvm: number }
  optIn: { required: number; state: number; code?: string; untilMs?: number; wrong: number }
  tls: { settings: [TlsSettings, TlsSettings]; pending?: [TlsSettings, TlsSettings]; certificate?: string }
  cira: { servers: MpsServer[]; rules: AccessRule[]; userInitiated: number; detection: string[] }
  ras: { networkStatus: string; remoteStatus: string; remoteTrigger: string; mpsHostname: string }
  /** Base64 records; `undefined` is what it came with. */
  auditLog?: string[]
  eventLog?: string[]
  alarms: Alarm[]
  certificates: StoredCertificate[]
  keys: StoredKey[]
  proxies: { id: string; accessInfo: string; infoFormat: number; port: number; suffix: string; priority: number }[]
  handles: number
  wifi: {
    profiles: WifiProfile[]
    portState: number
    link?: { preference: number; timeoutSeconds: number; atMs: number }
  }
  wired8021x: { settings: Record<string, string>; clientCertificate?: string; issuer?: string }
  acl: { handle: number; username: string; permission: number; realms: number[]; enabled: boolean }[]
}

/** A machine as it leaves the factory. */
export function createAmtState(random: RandomBytes): AmtState {
  return {
    controlMode: 0,
    realm: newRealm(random),
    osAdminPassword: Buffer.from(random(16)).toString('hex'),
    configurationNonce: newNonce(random),
    power: 2,
    osSaving: 2,
    counters: { activationWrites: 0, protocolErrors: 0, tunnels: 0, logins: 0, powerActions: 0 },
    clockOffsetMs: 0,
    written: {},
    handles: 0,
    acl: [],
    ...factorySettings(),
  }
}

/** All that unprovisioning takes back. */
export function factorySettings(): Pick<
  AmtState,
  | 'boot'
  | 'features'
  | 'optIn'
  | 'tls'
  | 'cira'
  | 'ras'
  | 'alarms'
  | 'certificates'
  | 'keys'
  | 'proxies'
  | 'wifi'
  | 'wired8021x'
> {
  return {
    boot: { enabledState: 2 },
    features: { redirection: 32771, listener: true, kvm: 2 },
    optIn: { required: 0xffff_ffff, state: 0, wrong: 0 },
    tls: {
      settings: [
        { enabled: false, mutual: false, acceptNonSecure: false, trustedCn: [] },
        { enabled: false, mutual: false, acceptNonSecure: true, trustedCn: [] },
      ],
    },
    cira: { servers: [], rules: [], userInitiated: 32771, detection: [] },
    ras: { networkStatus: 'direct', remoteStatus: 'not connected', remoteTrigger: 'user initiated', mpsHostname: '' },
    alarms: [],
    certificates: [],
    keys: [],
    proxies: [],
    wifi: { profiles: [], portState: 3 },
    wired8021x: { settings: {} },
  }
}

export function newRealm(random: RandomBytes): string {
  return `Digest:${Buffer.from(random(16)).toString('hex').toUpperCase()}`
}

export function newNonce(random: RandomBytes): string {
  return Buffer.from(random(20)).toString('base64')
}
