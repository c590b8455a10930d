// SPDX-License-Identifier: Apache-2.0
/** What the simulated `rpc amtinfo` tells, as JSON and as text. */

import type { SimulatedFacts } from '../../facts.ts'
import type { CertificateHash, MeiFacts, RpcOptions } from './engine.ts'
import { featuresOf, OS_SUFFIX } from './payload.ts'

export type InfoOptions = Pick<RpcOptions, 'facts' | 'meiFacts' | 'hostname' | 'linked'>

type Adapter = {
  readonly isEnable: boolean
  readonly linkStatus: string
  readonly dhcpEnabled: boolean
  readonly dhcpMode: string
  readonly ipAddress: string
  readonly osIpAddress: string
  readonly macAddress: string
}

export type AmtInfo = {
  readonly amt?: string
  readonly buildNumber?: string
  readonly sku?: string
  readonly features?: string
  readonly uuid?: string
  readonly controlMode?: string
  readonly provisioningState?: string
  readonly operationalState?: string
  readonly dnsSuffix?: string
  readonly dnsSuffixOS?: string
  readonly hostnameOS?: string
  readonly ras?: Readonly<Record<string, string>>
  readonly wiredAdapter?: Adapter
  readonly wirelessAdapter?: Adapter
  readonly certificateHashes?: Readonly<Record<string, object>>
}

/** Each flag in both versions, and what it makes appear; without any of them everything does. */
const PARTS: Readonly<Record<string, readonly (keyof AmtInfo)[]>> = {
  ver: ['amt'],
  bld: ['buildNumber'],
  sku: ['sku'],
  uuid: ['uuid'],
  mode: ['controlMode'],
  provisioningState: ['provisioningState'],
  operationalState: ['amt', 'operationalState'],
  dns: ['dnsSuffix', 'dnsSuffixOS'],
  hostname: ['hostnameOS'],
  lan: ['wiredAdapter', 'wirelessAdapter'],
  ras: ['ras'],
  cert: ['certificateHashes'],
}

const MODES = {
  2: ['pre-provisioning state', 'activated in client control mode', 'activated in admin control mode'],
  3: ['not activated', 'client control mode', 'admin control mode'],
} as const

/** Tells everything, or only the parts that flags name. */
export function amtInfo(options: InfoOptions, flags: ReadonlySet<string>): AmtInfo {
  const wanted = Object.entries(PARTS).filter(([flag]) => flags.has(flag))
  const all = everything(options)
  if (wanted.length === 0 || flags.has('all')) return all
  const keys = new Set<string>(wanted.flatMap(([, parts]) => parts))
  if (keys.has('amt') && keys.has('sku')) keys.add('features')
  return Object.fromEntries(Object.entries(all).filter(([key]) => keys.has(key)))
}

function everything({ facts, meiFacts, hostname, linked }: InfoOptions): AmtInfo {
  const { rpc, kind } = facts.amt
  const mei = meiFacts()
  const mode = mei.controlMode()
  const modern = Number.parseInt(mei.version, 10) > 11
  return {
    amt: mei.version,
    buildNumber: mei.build,
    sku: String(mei.skuCode),
    features: featuresOf(facts),
    uuid: mei.uuid,
    controlMode: MODES[rpc][mode],
    ...(rpc === 3 ? { provisioningState: mode === 0 ? 'pre-provisioning' : 'post-provisioning' } : {}),
    ...(modern ? { operationalState: mei.enabled ? 'enabled' : 'disabled' } : {}),
    dnsSuffix: mei.dnsSuffix(),
    dnsSuffixOS: OS_SUFFIX,
    hostnameOS: hostname(),
    ras: remoteAccess(rpc, mei),
    wiredAdapter: wired(facts, linked()),
    ...(kind === 'ism' ? {} : { wirelessAdapter: NO_ADAPTER }),
    certificateHashes: hashes(mei.certificateHashes()),
  }
}

/** In the third generation's words, which say what they mean. */
const NETWORK_WORDS: Readonly<Record<string, string>> = {
  direct: 'direct (LAN)',
  'outside enterprise': 'outside enterprise (CIRA)',
}

function remoteAccess(rpc: 2 | 3, mei: MeiFacts): Readonly<Record<string, string>> {
  const { networkStatus, remoteStatus, remoteTrigger, mpsHostname } = mei.ras()
  const network = rpc === 2 ? networkStatus : (NETWORK_WORDS[networkStatus] ?? networkStatus)
  return { networkStatus: network, remoteStatus, remoteTrigger, mpsHostname }
}

function wired({ nics }: SimulatedFacts, linked: boolean): Adapter {
  const nic = nics.find(each => each.kind === 'wired')
  const up = linked && nic?.linked === true
  return {
    isEnable: nic !== undefined,
    linkStatus: up ? 'up' : 'down',
    dhcpEnabled: true,
    dhcpMode: 'passive',
    ipAddress: '0.0.0.0',
    osIpAddress: (up ? nic?.ipv4 : undefined) ?? '0.0.0.0',
    macAddress: nic?.mac ?? '00:00:00:00:00:00',
  }
}

const NO_ADAPTER: Adapter = {
  isEnable: false,
  linkStatus: 'down',
  dhcpEnabled: true,
  dhcpMode: 'passive',
  ipAddress: '0.0.0.0',
  osIpAddress: '0.0.0.0',
  macAddress: '00:00:00:00:00:00',
}

function hashes(list: readonly CertificateHash[]): Readonly<Record<string, object>> {
  return Object.fromEntries(
    list.map(({ name, hash, algorithm }) => [name, { hash, name, algorithm, isActive: true, isDefault: true }]),
  )
}

/** The same as lines for people; the labels of both versions are alike but for those of the LAN block. */
export function amtInfoText(info: AmtInfo, rpc: 2 | 3): string {
  const lines: (readonly [string, string])[] = []
  const add = (label: string, value: string | undefined): void => {
    if (value !== undefined) lines.push([label, value])
  }
  add('Version', info.amt)
  add('Build Number', info.buildNumber)
  add('SKU', info.sku)
  add('Features', info.features)
  add('UUID', info.uuid)
  add('Control Mode', info.controlMode)
  add('Operational State', info.operationalState)
  add('DNS Suffix', info.dnsSuffix)
  add('DNS Suffix (OS)', info.dnsSuffixOS)
  add('Hostname (OS)', info.hostnameOS)
  add('RAS Network', info.ras?.networkStatus)
  add('RAS Remote Status', info.ras?.remoteStatus)
  add('RAS Trigger', info.ras?.remoteTrigger)
  add('RAS MPS Hostname', info.ras?.mpsHostname)
  const head = lines.map(([label, value]) => line(label, value)).join('')
  return [
    head,
    adapterText('Wired', info.wiredAdapter, rpc),
    adapterText('Wireless', info.wirelessAdapter, rpc),
    hashesText(info.certificateHashes),
  ].join('')
}

function adapterText(name: string, adapter: Adapter | undefined, rpc: 2 | 3): string {
  if (adapter === undefined) return ''
  return [
    `---${name} Adapter---\n`,
    line('DHCP Enabled', String(adapter.dhcpEnabled)),
    line('DHCP Mode', adapter.dhcpMode),
    line('Link Status', adapter.linkStatus),
    line('AMT IP Address', adapter.ipAddress),
    line(rpc === 2 ? 'OS  IP Address' : 'OS IP Address', adapter.osIpAddress),
    line('MAC Address', adapter.macAddress),
  ].join('')
}

function hashesText(hashes: AmtInfo['certificateHashes']): string {
  if (hashes === undefined) return ''
  const entries = Object.values(hashes).map(entry => {
    const { name, algorithm, hash } = { name: '', algorithm: '', hash: '', ...entry }
    return `${name} (Default, Active)\n   ${algorithm}: ${hash}\n`
  })
  return `---Certificate Hashes---\n${entries.join('')}`
}

function line(label: string, value: string): string {
  return `${label.padEnd(17)}\t: ${value}\n`
}
