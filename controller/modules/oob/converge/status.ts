// SPDX-License-Identifier: Apache-2.0
/** One line for each machine: what it has, how it is managed, how it is, and why. */
import type { RawBuilder, SqlBool } from 'kysely'
import { listHosts } from '../../../kernel/host-list.ts'
import { type Presence, presenceOf } from '../../../kernel/presence.ts'
import type { Db } from '../../../store/store.ts'
import type { DeviceRow, DeviceTables } from '../devices/tables.ts'
import type { OobParts, Tunnel, Tunnels } from '../ports.ts'
import type { DetectionRow, OobTables } from '../tables.ts'
import { listIntents } from './intents.ts'
import type { ConvergeTables, IntentRow, PowerRow } from './tables.ts'
import { type Judgement, judge } from './verdict.ts'
import { eimPowerOf } from './words.ts'

export type StatusParts = OobParts & { readonly tunnels: () => Tunnels }

export type StatusLine = {
  readonly host?: string
  readonly name: string
  readonly guid?: string
  readonly sku: string
  readonly why: string
  readonly version?: string
  readonly controlMode: string
  readonly connected: boolean
  readonly since?: string
  readonly address?: string
  readonly powerState: string
  readonly power?: number
  readonly powerReadAt?: string
  readonly wanted?: string
  readonly attempt?: number
  readonly status: string
  readonly indicator: string
  readonly verdict: Judgement['verdict']
  readonly evidence: string
  readonly advice: Judgement['advice']
}

export type StatusPage = { readonly lines: readonly StatusLine[]; readonly nextCursor?: string }

export type StatusQuery = {
  readonly cursor?: string | undefined
  readonly limit: number
  readonly host?: string | undefined
  readonly guid?: string | undefined
  /** Whose machines: conditions over `oob_detections.host` and `oob_devices.guid`; all unless given. */
  readonly within?: { readonly hosts: RawBuilder<SqlBool>; readonly devices: RawBuilder<SqlBool> }
}

/** Hosts that reported first, by id; then devices that no agent's host belongs to, by GUID. */
export async function statusPage(parts: StatusParts, project: string, query: StatusQuery): Promise<StatusPage> {
  const { store } = parts.kernel
  const subjects = await subjectsOf(store, project, query)
  const hosts = subjects.flatMap(({ detection, device }) => detection?.host ?? device?.host ?? [])
  const known = {
    names: new Map(
      (await listHosts(store, project, { ids: hosts, limit: Math.max(1, hosts.length) })).hosts.map(host => [
        host.id,
        host.name,
      ]),
    ),
    intents: new Map((await listIntents(store, project, hosts)).map(intent => [intent.host, intent])),
    presences: await presenceOf(store, project, hosts),
    power: await powerRows(store, project, subjects),
  }
  const lines = subjects.map(subject => lineOf(parts, subject, known))
  const last = subjects.length === query.limit ? subjects.at(-1) : undefined
  return { lines, ...(last === undefined ? {} : { nextCursor: cursorOf(last) }) }
}

type Subject = { readonly detection: DetectionRow | undefined; readonly device: DeviceRow | undefined }

const DEVICE = 'device:'

function cursorOf({ detection, device }: Subject): string {
  return detection?.host ?? `${DEVICE}${device?.guid}`
}

async function subjectsOf(db: Db, project: string, query: StatusQuery): Promise<readonly Subject[]> {
  const { cursor, limit, host, guid, within } = query
  const lonely = guid !== undefined || cursor?.startsWith(DEVICE) === true
  const detections = lonely ? [] : await detectionsAfter(db, project, query)
  const owned = await devicesOfHosts(
    db,
    project,
    detections.map(each => each.host),
  )
  const subjects = detections.map(detection => ({ detection, device: owned.get(detection.host) }))
  if (host !== undefined || subjects.length === limit) return subjects
  let found = db
    .of<DeviceTables>(project)
    .select('oob_devices')
    .selectAll()
    .orderBy('guid')
    .limit(limit - subjects.length)
  if (guid !== undefined) found = found.where('guid', '=', guid)
  else found = found.where('host', 'is', null)
  if (within !== undefined) found = found.where(within.devices)
  if (cursor?.startsWith(DEVICE) === true) found = found.where('guid', '>', cursor.slice(DEVICE.length))
  const devices = await found.execute()
  const theirs = await detectionsOf(
    db,
    project,
    devices.flatMap(device => device.host ?? []),
  )
  return [...subjects, ...devices.map(device => ({ detection: theirs.get(device.host ?? ''), device }))]
}

async function detectionsAfter(db: Db, project: string, { cursor, limit, host, within }: StatusQuery) {
  let found = db.of<OobTables>(project).select('oob_detections').selectAll().orderBy('host').limit(limit)
  if (cursor !== undefined) found = found.where('host', '>', cursor)
  if (host !== undefined) found = found.where('host', '=', host)
  if (within !== undefined) found = found.where(within.hosts)
  return found.execute()
}

async function detectionsOf(
  db: Db,
  project: string,
  hosts: readonly string[],
): Promise<ReadonlyMap<string, DetectionRow>> {
  if (hosts.length === 0) return new Map()
  const rows = await db.of<OobTables>(project).select('oob_detections').selectAll().where('host', 'in', hosts).execute()
  return new Map(rows.map(row => [row.host, row]))
}

async function devicesOfHosts(
  db: Db,
  project: string,
  hosts: readonly string[],
): Promise<ReadonlyMap<string, DeviceRow>> {
  if (hosts.length === 0) return new Map()
  const rows = await db.of<DeviceTables>(project).select('oob_devices').selectAll().where('host', 'in', hosts).execute()
  return new Map(rows.map(row => [row.host ?? '', row]))
}

async function powerRows(
  db: Db,
  project: string,
  subjects: readonly Subject[],
): Promise<ReadonlyMap<string, PowerRow>> {
  const guids = subjects.flatMap(({ device }) => device?.guid ?? [])
  if (guids.length === 0) return new Map()
  const rows = await db.of<ConvergeTables>(project).select('oob_power').selectAll().where('guid', 'in', guids).execute()
  return new Map(rows.map(row => [row.guid, row]))
}

type Known = {
  readonly names: ReadonlyMap<string, string>
  readonly intents: ReadonlyMap<string, IntentRow>
  readonly presences: ReadonlyMap<string, Presence>
  readonly power: ReadonlyMap<string, PowerRow>
}

function lineOf({ kernel, tunnels }: StatusParts, { detection, device }: Subject, known: Known): StatusLine {
  const host = detection?.host ?? device?.host ?? undefined
  const intent = known.intents.get(host ?? '')
  const power = known.power.get(device?.guid ?? '')
  const tunnel = device === undefined ? undefined : tunnels().find(device.guid)
  const judgement = judgementOf(
    { presence: known.presences.get(host ?? ''), device, tunnel, power },
    kernel.clock.now(),
  )
  return {
    ...(host === undefined ? {} : { host }),
    name: known.names.get(host ?? '') ?? device?.hostname ?? device?.guid ?? '',
    ...(device === undefined ? {} : { guid: device.guid }),
    sku: detection?.sku ?? 'unknown',
    why: detection?.why ?? 'no agent of this machine reports',
    ...(detection?.version === null || detection === undefined ? {} : { version: detection.version }),
    controlMode: detection?.control_mode ?? 'unknown',
    connected: tunnel !== undefined,
    ...connectionOf(device, tunnel),
    powerState: eimPowerOf(power?.state ?? undefined),
    ...(power === undefined || power.state === null ? {} : { power: power.state }),
    ...(power === undefined || power.read_at === null ? {} : { powerReadAt: power.read_at }),
    ...(intent === undefined || intent.amt === null ? {} : { wanted: intent.amt, attempt: intent.attempt }),
    status: intent?.status ?? '',
    indicator: intent?.indicator ?? 'UNSPECIFIED',
    verdict: judgement.verdict,
    evidence: judgement.why,
    advice: judgement.advice,
  }
}

function connectionOf(device: DeviceRow | undefined, tunnel: Tunnel | undefined): { since?: string; address?: string } {
  if (tunnel !== undefined) return { since: new Date(tunnel.since).toISOString(), address: tunnel.address }
  const since = device?.last_disconnected ?? device?.last_connected
  return since === null || since === undefined ? {} : { since }
}

type Evidence = {
  readonly presence: Presence | undefined
  readonly device: DeviceRow | undefined
  readonly tunnel: Tunnel | undefined
  readonly power: PowerRow | undefined
}

export function judgementOf({ presence, device, tunnel, power }: Evidence, now: number): Judgement {
  const gone = device?.last_disconnected ?? undefined
  return judge(
    {
      agent:
        presence === undefined || presence.reason === 'never-connected'
          ? undefined
          : { online: presence.online, since: Date.parse(presence.since), reason: presence.reason },
      tunnel: {
        connected: tunnel !== undefined,
        since: tunnel?.since ?? (gone === undefined ? undefined : Date.parse(gone)),
      },
      power:
        power === undefined || power.state === null || power.read_at === null
          ? undefined
          : { state: power.state, at: Date.parse(power.read_at) },
    },
    now,
  )
}
