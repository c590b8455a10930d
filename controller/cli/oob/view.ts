// SPDX-License-Identifier: Apache-2.0
/** How machines, their power and their sessions look in a table. */
import type { View } from '../output.ts'
import type { Tone } from '../render/table.ts'
import { formatBytes } from '../render/text.ts'
import type { PowerRow } from '../verbs/oob/power.ts'
import { age } from '../views/command.ts'
import type { StatusLine } from './api.ts'

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
  name: line => line.host ?? line.guid ?? line.name,
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
    { title: 'ADVICE', cell: line => (line.advice === 'none' ? '-' : line.advice), wide: true },
  ],
}

function toneOf({ indicator }: StatusLine): Tone | undefined {
  if (indicator === 'ERROR') return 'bad'
  return indicator === 'IN_PROGRESS' ? 'warn' : undefined
}

export const powerView: View<PowerRow> = {
  kind: 'MachinePower',
  name: row => row.host ?? row.guid ?? row.name,
  columns: [
    { title: 'NAME', cell: row => row.name },
    {
      title: 'POWER',
      cell: row => row.power ?? '?',
      tone: row => (row.power === 'on' ? 'good' : row.power === undefined ? 'warn' : 'dim'),
    },
    { title: 'WHY', cell: row => (row.code === undefined ? '' : `${row.says ?? ''} [${row.code}]`) },
  ],
}

export type Redirection = {
  readonly id: string
  readonly device: string
  readonly mode: string
  readonly kind: string
  readonly by: string
  readonly since: string
  readonly received: number
  readonly sent: number
}

export const redirectionView: View<Redirection> = {
  kind: 'Redirection',
  name: row => row.id,
  columns: [
    { title: 'ID', cell: row => row.id },
    { title: 'MODE', cell: row => row.mode },
    { title: 'BY', cell: row => row.by },
    { title: 'SINCE', cell: (row, now) => age(row.since, now), right: true },
    { title: 'RECEIVED', cell: row => formatBytes(row.received), right: true },
    { title: 'SENT', cell: row => formatBytes(row.sent), right: true },
    { title: 'DEVICE', cell: row => row.device },
    { title: 'KIND', cell: row => row.kind, wide: true },
  ],
}

export type Image = { readonly name: string; readonly size: number }

export const imageView: View<Image> = {
  kind: 'Image',
  name: image => image.name,
  empty: 'copy an image into blobs/images in the data folder of the controller',
  columns: [
    { title: 'NAME', cell: image => image.name },
    { title: 'SIZE', cell: image => formatBytes(image.size), right: true },
  ],
}

export type Serving = {
  readonly id: string
  readonly device: string
  readonly image: string
  readonly drive: string
  readonly size: number
  readonly since: string
  readonly by: string
  readonly state: 'serving' | 'ended'
  readonly ended?: { readonly by: string; readonly why: string }
  readonly bytesRead: number
}

export const servingView: View<Serving> = {
  kind: 'Drive',
  name: row => row.id,
  empty: 'muster oob ider <host> --image <name>',
  columns: [
    { title: 'ID', cell: row => row.id },
    { title: 'IMAGE', cell: row => row.image },
    { title: 'DRIVE', cell: row => row.drive },
    { title: 'STATE', cell: row => row.state, tone: row => (row.state === 'serving' ? 'good' : 'dim') },
    { title: 'READ', cell: row => formatBytes(row.bytesRead), right: true },
    { title: 'SINCE', cell: (row, now) => age(row.since, now), right: true },
    { title: 'ENDED', cell: ({ ended }) => (ended === undefined ? '' : `${ended.why} (${ended.by})`) },
    { title: 'BY', cell: row => row.by, wide: true },
  ],
}
