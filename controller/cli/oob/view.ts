// SPDX-License-Identifier: Apache-2.0
/** How out-of-band things look: machines, records, and answers of firmware. */
import type { View } from '../output.ts'
import type { Tone } from '../render/table.ts'
import { age } from '../views/command.ts'
import { RECORDS, type RecordKind, type StatusLine } from './api.ts'

const VERDICTS: Readonly<Record<string, Tone>> = {
  running: 'good',
  booting: 'warn',
  'agent-stopped': 'warn',
  'agent-dead': 'bad',
  'os-hung': 'bad',
  'network-down': 'bad',
  off: 'dim',
  asleep: 'dim',
  'not-managed': 'dim',
  unknown: 'warn',
}

const TITLES: Readonly<Record<string, string>> = { amt: 'vPRO', ism: 'ISM', none: 'none', unknown: '?' }

export const statusView: View<StatusLine> = {
  kind: 'OutOfBandStatus',
  name: line => line.name,
  empty: 'install the agent with its plugin amt on a machine, or activate one with `rpc activate`',
  columns: [
    { title: 'NAME', cell: line => line.name },
    { title: 'HAS', cell: line => TITLES[line.sku] ?? line.sku },
    { title: 'MODE', cell: line => (line.controlMode === 'unknown' ? '-' : line.controlMode) },
    {
      title: 'TUNNEL',
      cell: line => (line.connected ? 'up' : 'down'),
      tone: line => (line.connected ? 'good' : 'dim'),
    },
    {
      title: 'POWER',
      cell: line => line.powerState.replace('POWER_STATE_', '').toLowerCase().replace('unspecified', '-'),
    },
    { title: 'IS', cell: line => line.verdict, tone: line => VERDICTS[line.verdict] },
    { title: 'STATUS', cell: line => (line.status === '' ? line.why : line.status), tone: toneOf },
    { title: 'VERSION', cell: line => line.version ?? '-', wide: true },
    { title: 'SINCE', cell: (line, now) => age(line.since, now), right: true, wide: true },
    { title: 'ADDRESS', cell: line => line.address ?? '-', wide: true },
    { title: 'GUID', cell: line => line.guid ?? '-', wide: true },
    { title: 'EVIDENCE', cell: line => line.evidence, wide: true },
  ],
}

function toneOf({ indicator }: StatusLine): Tone | undefined {
  if (indicator === 'ERROR') return 'bad'
  return indicator === 'IN_PROGRESS' ? 'warn' : undefined
}

export type RecordRow = Readonly<Record<string, unknown>>

const SHOWN: Readonly<Record<RecordKind, readonly string[]>> = {
  profile: ['profileName', 'activation', 'ciraConfigName', 'userConsent', 'tlsMode', 'tags'],
  domain: ['profileName', 'domainSuffix', 'expirationDate', 'provisioningCertStorageFormat'],
  cira: ['configName', 'mpsServerAddress', 'mpsPort', 'username', 'commonName'],
  wireless: ['profileName', 'ssid', 'authenticationMethod', 'encryptionMethod'],
  ieee8021x: ['profileName', 'authenticationProtocol', 'wiredInterface', 'pxeTimeout'],
  proxy: ['name', 'address', 'port', 'networkDnsSuffix'],
}

export function recordView(kind: RecordKind): View<RecordRow> {
  return {
    kind: `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Record`,
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
