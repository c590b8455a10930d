// SPDX-License-Identifier: Apache-2.0
/** What a host resource says, in shapes that can be shown; whatever module gave it, and whether or not it did. Pure. */
import type { Host } from '../../../api/types.ts'
import type { Json } from '../../../kit/diff.ts'
import { number } from '../../../words/catalogue.ts'
import { t } from '../../../words/host.ts'

/** Members that come from what the machine is made of and what runs on it. */
export const INVENTORY = [
  ...['serialNumber', 'uuid', 'hostname', 'productName'],
  ...['cpuModel', 'cpuArchitecture', 'cpuSockets', 'cpuCores', 'cpuThreads', 'cpuTopology', 'cpuCapabilities'],
  ...['memoryBytes', 'hostStorages', 'hostNics', 'hostGpus', 'hostUsbs'],
  ...['biosVendor', 'biosVersion', 'biosReleaseDate', 'operatingSystem'],
  ...['amtSku', 'currentAmtState', 'amtControlMode', 'amtDnsSuffix', 'bmcKind', 'bmcIp'],
] as const

export type Loose = Readonly<Record<string, unknown>>

/** The inventory of a host, present or past, as one document. */
export function inventoryOf(host: Loose): { readonly [name: string]: Json } {
  const found = INVENTORY.flatMap(name => (host[name] === undefined ? [] : [[name, host[name]] as const]))
  return JSON.parse(JSON.stringify(Object.fromEntries(found)))
}

export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return number(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function listOf(value: unknown): readonly Loose[] {
  return Array.isArray(value) ? value.filter(each => typeof each === 'object' && each !== null) : []
}

export function membersOf(value: unknown): Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {} // just looked
}

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** Bytes in units of 1024, as memory is counted: `15.6 GiB`. */
export function binaryBytes(value: unknown): string | undefined {
  return scaled(value, 1_024, BINARY)
}

/** Bytes in units of 1000, as disks are sold: `128 GB`. */
export function decimalBytes(value: unknown): string | undefined {
  return scaled(value, 1_000, ['B', 'kB', 'MB', 'GB', 'TB', 'PB'])
}

function scaled(value: unknown, step: number, units: readonly string[]): string | undefined {
  const bytes = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN
  if (!Number.isFinite(bytes) || bytes <= 0) return undefined
  const power = Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(step)))
  const scaledDown = bytes / step ** power
  return `${scaledDown >= 100 || power === 0 ? Math.round(scaledDown) : scaledDown.toFixed(1)} ${units[power]}`
}

/** `6 cores i5-8500T, 15.6 GiB, 1 disk (128 GB), Debian 12`, as far as it is known. */
export function hardwareLine(host: Loose): string {
  const disks = listOf(host.hostStorages)
  const bytes = disks.reduce((sum, each) => sum + (Number(each.capacityBytes) || 0), 0)
  const size = decimalBytes(bytes)
  const os = membersOf(host.operatingSystem)
  const parts = [
    textOf(host.productName),
    textOf(host.cpuModel),
    typeof host.cpuCores === 'number' ? t.inventory.coreCount(host.cpuCores) : undefined,
    binaryBytes(host.memoryBytes),
    disks.length === 0 ? undefined : `${t.inventory.diskCount(disks.length)}${size === undefined ? '' : ` (${size})`}`,
    textOf(os.name),
  ]
  return parts.filter(part => part !== undefined).join(' · ')
}

/** The site by its name, where it has one. */
export function siteOf(host: Host): { readonly id: string; readonly name: string } | undefined {
  const id = textOf(host.siteId)
  return id === undefined ? undefined : { id, name: textOf(membersOf(host.site).name) ?? id }
}

export function bootedAt(host: Loose): string | undefined {
  return textOf(membersOf(host.operatingSystem).bootedAt)
}

export type Origin = { readonly key: string; readonly value: string; readonly source: string | undefined }

/** Labels with where each comes from; those of the host itself come first. */
export function labelsOf(host: Host): readonly Origin[] {
  const sources = listOf(host.metadataSources)
  const inherited = listOf(host.inheritedMetadata)
  const mine = host.metadata.map(({ key, value }) => ({ key, value, source: undefined }))
  const theirs = inherited
    .filter(({ key }) => !mine.some(each => each.key === key))
    .map(({ key, value }) => ({
      key: String(key),
      value: String(value),
      source: textOf(sources.find(each => each.key === key)?.source) ?? t.labels.above,
    }))
  return [...mine, ...theirs]
}

/** `in step`, `0.4 s ahead`. */
export function clockOf(skewMs: number | undefined): string | undefined {
  if (skewMs === undefined) return undefined
  const seconds = (Math.abs(skewMs) / 1_000).toFixed(1)
  return seconds === '0.0' ? t.head.inStep : t.head.skew(seconds, skewMs > 0)
}
