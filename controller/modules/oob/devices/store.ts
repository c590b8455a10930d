// SPDX-License-Identifier: Apache-2.0
/** Device rows in the store. */
import { type SqlBool, sql } from 'kysely'
import { type EpochMs, formatTime } from '../../../../plugins/contract/index.ts'
import type { KernelTables } from '../../../kernel/tables/tables.ts'
import type { Secrets } from '../../../secrets/secrets.ts'
import type { Db, Tx } from '../../../store/store.ts'
import type { Device, DeviceChange, DeviceFilter, Devices } from './devices.ts'
import { problem } from './problems.ts'
import { DEVICE_SECRETS, deviceSecret } from './secrets.ts'
import type { DeviceRow, DeviceTables } from './tables.ts'

export type DeviceStoreParts = { readonly secrets: Secrets; readonly now: () => EpochMs }

/** Who logs in to the tunnel when nobody said otherwise. */
export const USUAL_USERNAME = 'admin'

const ALL = sql<SqlBool>`(1 = 1)`

export function createDevices({ secrets, now }: DeviceStoreParts): Devices {
  return {
    async get(db, project, guid) {
      const device = await find(db, project, guid)
      if (device === undefined) throw problem('device-unknown', guid)
      return device
    },
    find,
    async owner(db, guid) {
      const row = await db
        .installation<DeviceTables>()
        .selectFrom('oob_devices')
        .selectAll()
        .where('guid', '=', guid.toLowerCase())
        .executeTakeFirst()
      return row === undefined ? undefined : deviceOf(row)
    },
    async login(db, guid) {
      const { rows } = await sql<{ project: string; username: string }>`
        select project, mps_username as username from oob_devices where guid = ${guid.toLowerCase()}`.execute(
        db.installation<DeviceTables>(),
      )
      return rows[0]
    },
    list,
    tags,
    async counts(db, project, within = ALL) {
      const row = await db
        .of<DeviceTables>(project)
        .select('oob_devices')
        .select(each => [
          each.fn.countAll<number>().as('total'),
          each.fn.sum<number | null>('connected').as('connected'),
        ])
        .where(within)
        .executeTakeFirstOrThrow()
      return { total: Number(row.total), connected: Number(row.connected ?? 0) }
    },
    put: (tx, project, guid, change) => put(tx, { project, guid: guid.toLowerCase(), change, at: formatTime(now()) }),
    async remove(tx, project, guid, options) {
      await tx.of<DeviceTables>(project).remove('oob_devices').where('guid', '=', guid.toLowerCase()).execute()
      if (!options.secrets) return
      for (const kind of DEVICE_SECRETS) await secrets.remove(tx, deviceSecret(project, guid.toLowerCase(), kind))
    },
  }
}

async function find(db: Db, project: string, guid: string): Promise<Device | undefined> {
  const row = await db
    .of<DeviceTables>(project)
    .select('oob_devices')
    .selectAll()
    .where('guid', '=', guid.toLowerCase())
    .executeTakeFirst()
  return row === undefined ? undefined : deviceOf(row)
}

async function list(
  db: Db,
  project: string,
  filter: DeviceFilter,
): Promise<{ readonly devices: readonly Device[]; readonly total: number }> {
  const { limit, offset } = filter
  const rows = await fitting(db, project, filter).selectAll().orderBy('guid').limit(limit).offset(offset).execute()
  const { total } = await fitting(db, project, filter)
    .select(each => each.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return { devices: rows.map(deviceOf), total: Number(total) }
}

function fitting(db: Db, project: string, filter: DeviceFilter) {
  const { hostname, friendlyName, connected, tags: wanted, allTags, within } = filter
  let query = db.of<DeviceTables>(project).select('oob_devices')
  if (within !== undefined) query = query.where(within)
  if (hostname !== undefined) query = query.where('hostname', '=', hostname)
  if (friendlyName !== undefined) query = query.where('friendly_name', '=', friendlyName)
  if (connected !== undefined) query = query.where('connected', '=', connected ? 1 : 0)
  if (wanted === undefined || wanted.length === 0) return query
  // A tag stands in the list with its quotes, so that no tag is found inside another.
  const has = wanted.map(tag => sql<boolean>`instr(tags, ${JSON.stringify(tag)}) > 0`)
  return query.where(each => (allTags === true ? each.and(has) : each.or(has)))
}

async function tags(db: Db, project: string, within = ALL): Promise<readonly string[]> {
  const rows = await db
    .of<DeviceTables>(project)
    .select('oob_devices')
    .select('tags')
    .where(within)
    .distinct()
    .execute()
  return [...new Set(rows.flatMap(row => tagsOf(row.tags)))].sort()
}

type Put = { readonly project: string; readonly guid: string; readonly change: DeviceChange; readonly at: string }

async function put(tx: Tx, { project, guid, change, at }: Put): Promise<{ device: Device; created: boolean }> {
  const owner = await tx
    .installation<DeviceTables>()
    .selectFrom('oob_devices')
    .selectAll()
    .where('guid', '=', guid)
    .executeTakeFirst()
  if (owner !== undefined && owner.project !== project) throw problem('device-elsewhere', guid)
  const present = owner === undefined ? undefined : deviceOf(owner)
  const row = { ...columnsOf({ ...present, ...change }), host: await hostOf(tx, project, guid), updated_at: at }
  if (present === undefined) {
    const fresh = { guid, connected: 0, created_at: at, ...row }
    await tx.of<DeviceTables>(project).insert('oob_devices', fresh).execute()
  } else await tx.of<DeviceTables>(project).update('oob_devices', row).where('guid', '=', guid).execute()
  const device = await find(tx, project, guid)
  if (device === undefined) throw problem('device-unknown', guid)
  return { device, created: present === undefined }
}

/** The host whose hardware has this UUID. */
async function hostOf(tx: Tx, project: string, guid: string): Promise<string | null> {
  const row = await tx
    .of<KernelTables>(project)
    .select('kernel_hosts')
    .select('id')
    .where('uuid', '=', guid)
    .where('state', '!=', 'deleted')
    .executeTakeFirst()
  return row?.id ?? null
}

function columnsOf(change: DeviceChange) {
  const { hostname, tags: list, mpsUsername, friendlyName, dnsSuffix, deviceInfo, address } = change
  return {
    hostname: hostname ?? '',
    tags: JSON.stringify(list ?? []),
    mps_username: mpsUsername ?? USUAL_USERNAME,
    friendly_name: friendlyName ?? null,
    dns_suffix: dnsSuffix ?? null,
    device_info: deviceInfo === undefined ? null : JSON.stringify(deviceInfo),
    address: address ?? null,
    cert_hash: change.certHash ?? null,
    self_signed: change.allowSelfSigned === true ? 1 : 0,
  }
}

function tagsOf(text: string): readonly string[] {
  return JSON.parse(text) as readonly string[] // written by columnsOf
}

function deviceOf(row: DeviceRow): Device {
  return {
    project: row.project,
    guid: row.guid,
    hostname: row.hostname,
    tags: tagsOf(row.tags),
    mpsUsername: row.mps_username,
    friendlyName: row.friendly_name ?? undefined,
    dnsSuffix: row.dns_suffix ?? undefined,
    deviceInfo: row.device_info === null ? undefined : JSON.parse(row.device_info),
    host: row.host ?? undefined,
    connected: row.connected === 1,
    lastConnected: row.last_connected ?? undefined,
    lastSeen: row.last_seen ?? undefined,
    lastDisconnected: row.last_disconnected ?? undefined,
    disconnectReason: row.disconnect_reason ?? undefined,
    address: row.address ?? undefined,
    certHash: row.cert_hash ?? undefined,
    allowSelfSigned: row.self_signed === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
