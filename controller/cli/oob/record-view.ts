// SPDX-License-Identifier: Apache-2.0
/** How the records that activation is made of look in a table. */
import type { View } from '../output.ts'
import { RECORDS, type RecordKind } from './api.ts'

export type RecordRow = Readonly<Record<string, unknown>>

const SHOWN: Readonly<Record<RecordKind, readonly string[]>> = {
  profile: ['profileName', 'activation', 'ciraConfigName', 'userConsent', 'tlsMode', 'tags'],
  domain: ['profileName', 'domainSuffix', 'expirationDate', 'provisioningCertStorageFormat'],
  cira: ['configName', 'mpsServerAddress', 'mpsPort', 'username', 'commonName'],
  wireless: ['profileName', 'ssid', 'authenticationMethod', 'encryptionMethod'],
  ieee8021x: ['profileName', 'authenticationProtocol', 'wiredInterface', 'pxeTimeout'],
  proxy: ['name', 'address', 'port', 'networkDnsSuffix'],
}

const KINDS: Readonly<Record<RecordKind, string>> = {
  profile: 'ProfileRecord',
  domain: 'DomainRecord',
  cira: 'CiraRecord',
  wireless: 'WirelessRecord',
  ieee8021x: 'PortAccessRecord',
  proxy: 'ProxyRecord',
}

export function recordView(kind: RecordKind): View<RecordRow> {
  return {
    kind: KINDS[kind],
    name: row => cellOf(row[RECORDS[kind].key]),
    empty: `muster oob ${kind} create -f <file>`,
    columns: SHOWN[kind].map(name => ({ title: titleOf(name), cell: row => cellOf(row[name]) })),
  }
}

function titleOf(member: string): string {
  return member.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toUpperCase()
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null || value === '') return '-'
  return Array.isArray(value) ? value.map(String).join(',') || '-' : String(value)
}
