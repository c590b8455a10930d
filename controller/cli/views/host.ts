// SPDX-License-Identifier: Apache-2.0
/** How hosts look: a line of a table, and one host in full. */
import type { Host } from '../api.ts'
import { spellLabels } from '../labels.ts'
import type { View } from '../output.ts'
import { drawFacts, type Tone } from '../render/table.ts'
import { formatBytes } from '../render/text.ts'
import { age } from './command.ts'

export type Reachability = 'online' | 'offline' | 'never' | 'quarantined' | 'revoked'

/** The one word for whether a host can be reached, worst first. */
export function reachabilityOf({ currentState, presence }: Host): Reachability {
  if (currentState === 'HOST_STATE_UNTRUSTED') return 'revoked'
  if (presence === undefined || presence.reason === 'never-connected') return 'never'
  if (presence.standing === 'quarantined') return 'quarantined'
  return presence.online ? 'online' : 'offline'
}

/** A word never stands by its color alone. */
const MARKS: Readonly<Record<Reachability, string>> = {
  online: '●',
  offline: '○',
  never: '·',
  quarantined: '!',
  revoked: '✗',
}
const TONES: Readonly<Record<Reachability, Tone>> = {
  online: 'good',
  offline: 'warn',
  never: 'dim',
  quarantined: 'bad',
  revoked: 'bad',
}

function stateOf(host: Host): string {
  const word = reachabilityOf(host)
  return `${MARKS[word]} ${word}`
}

/** A host that never connected has a presence since it was enrolled, and was not seen. */
function seenOf(host: Host, now: number): string {
  return reachabilityOf(host) === 'never' ? '-' : age(host.presence?.lastSeen, now)
}

function clockOf({ presence }: Host): string | undefined {
  const skewMs = presence?.clockSkewMs
  if (skewMs === undefined) return undefined
  const seconds = (Math.abs(skewMs) / 1_000).toFixed(1)
  return seconds === '0.0' ? 'in step' : `${seconds} s ${skewMs > 0 ? 'ahead' : 'behind'}`
}

function osOf({ operatingSystem }: Host): string | undefined {
  const os = operatingSystem as { name?: string; version?: string } | undefined // the inventory module's member
  if (os?.name === undefined) return undefined
  // Most names have the version in them already.
  const version = os.version === undefined || os.name.includes(os.version) ? '' : ` ${os.version}`
  return `${os.name}${version}`
}

/** Members of what other modules embed, as far as a person wants them: `Plant 1 (site-1a2b3c4d)`. */
function embedded(value: unknown): { readonly name?: string; readonly resourceId?: string } {
  return typeof value === 'object' && value !== null ? value : {}
}

function spokenEmbedded(value: unknown): string | undefined {
  const { name, resourceId } = embedded(value)
  return name === undefined || name === '' || resourceId === undefined ? resourceId : `${name} (${resourceId})`
}

function siteName({ site }: Host): string {
  const { name, resourceId } = embedded(site)
  return name || resourceId || '-'
}

/** The instance with the system that it runs, and how it is. */
function instanceLine({ instance }: Host): string | undefined {
  const { os, provisioningStatus } = (instance ?? {}) as { os?: unknown; provisioningStatus?: unknown } // the inventory module's
  const parts = [spokenEmbedded(instance), embedded(os).name, textOf(provisioningStatus)]
  return parts.filter(part => part !== undefined && part !== '').join(', ')
}

function labelsOf(value: unknown): string {
  return Array.isArray(value) ? spellLabels(value as Host['metadata']) : '' // labels, as the controller's schema says
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

function memoryOf({ memoryBytes }: Host): string | undefined {
  const bytes = Number(memoryBytes)
  return Number.isFinite(bytes) && bytes > 0 ? formatBytes(bytes) : undefined
}

export const hostView: View<Host> = {
  kind: 'Host',
  name: host => host.resourceId,
  empty: 'muster token create, and paste its line on a machine',
  columns: [
    { title: 'NAME', cell: host => host.name || host.resourceId },
    { title: 'STATE', cell: stateOf, tone: host => TONES[reachabilityOf(host)] },
    { title: 'SEEN', cell: seenOf, right: true },
    {
      title: 'KIND',
      cell: host => (host.simulated === true ? 'sim' : 'real'),
      tone: host => (host.simulated === true ? 'dim' : undefined),
    },
    { title: 'ID', cell: host => host.resourceId },
    { title: 'LABELS', cell: host => spellLabels(host.metadata) || '-' },
    { title: 'SITE', cell: siteName, wide: true },
    { title: 'SERIAL', cell: host => host.serialNumber ?? '-', wide: true },
    { title: 'PRODUCT', cell: host => textOf(host.productName) ?? '-', wide: true },
    { title: 'SYSTEM', cell: host => osOf(host) ?? '-', wide: true },
    { title: 'CORES', cell: host => textOf(host.cpuCores) ?? '-', right: true, wide: true },
    { title: 'MEMORY', cell: host => memoryOf(host) ?? '-', right: true, wide: true },
    { title: 'AGENT', cell: host => host.presence?.agent ?? '-', wide: true },
    { title: 'ADDRESS', cell: host => host.presence?.address ?? '-', wide: true },
  ],
}

/** One host as a person reads it. */
export function drawHost(host: Host, now: number): string {
  const { presence, simulated, capabilities = [] } = host
  const supported = capabilities.filter(each => each.supported).map(each => each.section)
  const unsupported = capabilities.filter(each => !each.supported)
  return drawFacts([
    ['name', `${host.name}${simulated === true ? ' (simulated)' : ''}`],
    ['id', host.resourceId],
    ['state', stateOf(host)],
    ['status', host.hostStatus === '' ? 'Not Connected' : host.hostStatus],
    ['registration', textOf(host.registrationStatus)],
    ['onboarding', textOf(host.onboardingStatus)],
    ['site', spokenEmbedded(host.site) ?? (typeof host.siteId === 'string' ? host.siteId || undefined : undefined)],
    ['instance', instanceLine(host)],
    ['last seen', seenOf(host, now) === '-' ? 'never' : `${seenOf(host, now)} ago`],
    ['since', presence?.since === undefined ? undefined : `${age(presence.since, now)} (${presence.since})`],
    ['why', presence?.standingWhy],
    ['address', presence?.address],
    ['agent', presence?.agent],
    ['clock', clockOf(host)],
    ['host name', host.hostname],
    ['serial', host.serialNumber],
    ['uuid', host.uuid],
    ['product', textOf(host.productName)],
    ['system', osOf(host)],
    ['labels', spellLabels(host.metadata)],
    ['inherited', labelsOf(host.inheritedMetadata)],
    ['note', host.note],
    ['sections', supported.sort().join(' ')],
    ...unsupported.map(({ section, why }) => ['cannot', `${section}: ${why ?? 'not supported'}`] as const),
    ['denies', (host.denies ?? []).join(' ')],
    ['created', host.timestamps?.createdAt],
  ])
}

/** The hardware of one host, as far as it was reported. */
export function drawInventory(host: Host): string {
  const has = (name: string): string | undefined => textOf(host[name])
  const head = drawFacts([
    ['host', `${host.name}${host.simulated === true ? ' (simulated)' : ''}`],
    ['product', has('productName')],
    ['serial', host.serialNumber],
    ['uuid', host.uuid],
    ['bios', [has('biosVendor'), has('biosVersion'), has('biosReleaseDate')].filter(Boolean).join(' ')],
    ['processor', has('cpuModel')],
    [
      'cores',
      has('cpuCores') === undefined ? undefined : `${has('cpuCores')} cores, ${has('cpuThreads') ?? '?'} threads`,
    ],
    ['memory', memoryOf(host)],
    ['system', osOf(host)],
    ['amt', has('amtSku')],
    ...partsOf(host.hostStorages).map(
      each => ['disk', lineOf(each, ['deviceName', 'model', 'serial'], each.capacityBytes)] as const,
    ),
    ...partsOf(host.hostNics).map(each => ['network', lineOf(each, ['deviceName', 'macAddr'], undefined)] as const),
    ...partsOf(host.hostGpus).map(
      each => ['accelerator', lineOf(each, ['vendor', 'product', 'description'], undefined)] as const,
    ),
    ...partsOf(host.hostUsbs).map(
      each => ['usb', lineOf(each, ['idVendor', 'idProduct', 'deviceName'], undefined)] as const,
    ),
  ])
  return head
}

type Part = Readonly<Record<string, unknown>>

function partsOf(value: unknown): readonly Part[] {
  return Array.isArray(value) ? value.filter((each): each is Part => typeof each === 'object' && each !== null) : []
}

function lineOf(part: Part, names: readonly string[], bytes: unknown): string {
  const texts = names.map(name => textOf(part[name])).filter(text => text !== undefined)
  const size = Number(bytes)
  if (Number.isFinite(size) && size > 0) texts.push(formatBytes(size))
  return texts.join('  ')
}
