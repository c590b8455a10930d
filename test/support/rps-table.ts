// SPDX-License-Identifier: Apache-2.0
/** What RPS promises of its records: how each is made and changed, and the members and types of what it answers. */
import type { Shape } from './shapes.ts'

const KEPT = { tenantId: 'string', version: 'string' }
const CIRA = {
  configName: 'string',
  mpsServerAddress: 'string',
  mpsPort: 'number',
  username: 'string',
  commonName: 'string',
  serverAddressFormat: 'number',
  authMethod: 'number',
  mpsRootCertificate: 'string',
  proxyDetails: 'string',
  ...KEPT,
}
const PROFILE = {
  profileName: 'string',
  activation: 'string',
  ciraConfigName: 'string|null',
  generateRandomPassword: 'boolean',
  generateRandomMEBxPassword: 'boolean',
  tags: ['string'],
  dhcpEnabled: 'boolean',
  tlsMode: 'number|null',
  userConsent: 'string',
  iderEnabled: 'boolean',
  kvmEnabled: 'boolean',
  solEnabled: 'boolean',
  wifiConfigs: [{ priority: 'number', profileName: 'string' }],
  proxyConfigs: [{ priority: 'number', name: 'string' }],
  tlsSigningAuthority: 'string|null',
  ieee8021xProfileName: 'string|null',
  ipSyncEnabled: 'boolean',
  localWifiSyncEnabled: 'boolean',
  uefiWifiSyncEnabled: 'boolean',
  ...KEPT,
} as const
const WIRELESS = {
  profileName: 'string',
  authenticationMethod: 'number',
  encryptionMethod: 'number',
  ssid: 'string',
  linkPolicy: ['number'],
  ieee8021xProfileName: 'string|null',
  ...KEPT,
} as const
const WIRED = {
  profileName: 'string',
  authenticationProtocol: 'number',
  pxeTimeout: 'number|null',
  wiredInterface: 'boolean',
  ...KEPT,
}
const PROXY = {
  name: 'string',
  address: 'string',
  infoFormat: 'number',
  port: 'number',
  networkDnsSuffix: 'string',
  ...KEPT,
}
const REFUSED = { error: 'string', message: 'string' }

/** A kind of record of RPS: how one is made and changed, and what it looks like. */
export type RecordRow = {
  readonly path: string
  readonly name: string
  readonly given: Readonly<Record<string, unknown>>
  readonly change: Readonly<Record<string, unknown>>
  readonly shape: Shape
  /** Changed without a version too. */
  readonly versionless?: boolean
}

export const RPS_ROWS: readonly RecordRow[] = [
  {
    path: '/ciraconfigs',
    name: 'here',
    given: {
      configName: 'here',
      mpsServerAddress: '192.168.8.50',
      mpsPort: 4433,
      username: 'admin',
      password: 'TestPassw0rd!',
      commonName: '192.168.8.50',
      serverAddressFormat: 3,
      authMethod: 2,
      mpsRootCertificate: 'rootcert',
      proxyDetails: '',
    },
    change: { configName: 'here', mpsPort: 4434 },
    shape: CIRA,
  },
  {
    path: '/wirelessconfigs',
    name: 'air',
    given: {
      profileName: 'air',
      authenticationMethod: 6,
      encryptionMethod: 4,
      ssid: 'air',
      pskPassphrase: 'P@ssw0rd',
      linkPolicy: [14, 16],
    },
    change: { profileName: 'air', authenticationMethod: 6, encryptionMethod: 4, ssid: 'other' },
    shape: WIRELESS,
  },
  {
    path: '/ieee8021xconfigs',
    name: 'port',
    given: { profileName: 'port', authenticationProtocol: 0, pxeTimeout: 120, wiredInterface: true },
    change: { profileName: 'port', authenticationProtocol: 2, pxeTimeout: 60, wiredInterface: true },
    shape: WIRED,
  },
  {
    path: '/proxyconfigs',
    name: 'out',
    given: { name: 'out', address: 'proxy.example.com', port: 911, networkDnsSuffix: 'example.com' },
    change: { name: 'out', address: '10.0.0.9', port: 912, networkDnsSuffix: 'example.com' },
    shape: PROXY,
    versionless: true,
  },
  {
    path: '/profiles',
    name: 'first',
    given: {
      profileName: 'first',
      activation: 'ccmactivate',
      generateRandomPassword: true,
      generateRandomMEBxPassword: false,
      tags: ['lab'],
      dhcpEnabled: true,
      ciraConfigName: 'here',
      wifiConfigs: [{ priority: 1, profileName: 'air' }],
      proxyConfigs: [{ priority: 1, name: 'out' }],
      ieee8021xProfileName: 'port',
    },
    change: { profileName: 'first', activation: 'ccmactivate', tags: ['other'], dhcpEnabled: true },
    shape: PROFILE,
  },
]

export const RPS_REFUSED: Shape = REFUSED
export const RPS_COMPLAINTS: Shape = {
  errors: [{ type: 'string', msg: 'string', path: 'string', location: 'string' }],
}
