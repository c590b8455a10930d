// SPDX-License-Identifier: Apache-2.0
/** Tables of the devices. */
import type { Migrations } from '../../../store/store.ts'

export type DeviceRow = {
  project: string
  guid: string
  hostname: string
  /** JSON: a list of texts. */
  tags: string
  mps_username: string
  friendly_name: string | null
  dns_suffix: string | null
  /** JSON. */
  device_info: string | null
  host: string | null
  connected: number
  last_connected: string | null
  last_seen: string | null
  last_disconnected: string | null
  disconnect_reason: string | null
  address: string | null
  cert_hash: string | null
  self_signed: number | null
  created_at: string
  updated_at: string
}

export type DeviceTables = { oob_devices: DeviceRow }

export const deviceMigrations: Migrations = {
  '0002-devices': {
    async up(db) {
      await db.schema
        .createTable('oob_devices')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('guid', 'text', each => each.notNull())
        .addColumn('hostname', 'text', each => each.notNull())
        .addColumn('tags', 'text', each => each.notNull())
        .addColumn('mps_username', 'text', each => each.notNull())
        .addColumn('friendly_name', 'text')
        .addColumn('dns_suffix', 'text')
        .addColumn('device_info', 'text')
        .addColumn('host', 'text')
        .addColumn('connected', 'integer', each => each.notNull())
        .addColumn('last_connected', 'text')
        .addColumn('last_seen', 'text')
        .addColumn('last_disconnected', 'text')
        .addColumn('disconnect_reason', 'text')
        .addColumn('address', 'text')
        .addColumn('created_at', 'text', each => each.notNull())
        .addColumn('updated_at', 'text', each => each.notNull())
        .addPrimaryKeyConstraint('oob_devices_key', ['project', 'guid'])
        .execute()
      // A tunnel names nothing but its GUID, so one GUID belongs to one project.
      await db.schema.createIndex('oob_devices_guid').on('oob_devices').column('guid').unique().execute()
      await db.schema.createIndex('oob_devices_host').on('oob_devices').columns(['project', 'host']).execute()
    },
  },
  '0008-device-address': {
    async up(db) {
      await db.schema.alterTable('oob_devices').addColumn('cert_hash', 'text').execute()
      await db.schema.alterTable('oob_devices').addColumn('self_signed', 'integer').execute()
    },
  },
}
