// SPDX-License-Identifier: Apache-2.0
/** Tables of the module: what is known of each host's firmware, and what its parts keep. */
import type { Migrations } from '../../store/store.ts'
import { activationMigrations } from './activation/tables.ts'
import { ciraMigrations } from './cira/tables.ts'
import { convergeMigrations } from './converge/tables.ts'
import { driftMigrations, playbookMigrations } from './converge/tables-drift.ts'
import { deviceMigrations } from './devices/tables.ts'
import { recordMigrations } from './records/tables.ts'

export type DetectionRow = {
  project: string
  host: string
  sku: string
  why: string
  version: string | null
  control_mode: string | null
  dns_suffix: string | null
  /** Since when it says so. */
  since: string
}

export type OobTables = { oob_detections: DetectionRow }

const detectionMigrations: Migrations = {
  '0001-first': {
    async up(db) {
      await db.schema
        .createTable('oob_detections')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('host', 'text', each => each.notNull())
        .addColumn('sku', 'text', each => each.notNull())
        .addColumn('why', 'text', each => each.notNull())
        .addColumn('version', 'text')
        .addColumn('control_mode', 'text')
        .addColumn('dns_suffix', 'text')
        .addColumn('since', 'text', each => each.notNull())
        .addPrimaryKeyConstraint('oob_detections_key', ['project', 'host'])
        .execute()
    },
  },
}

/** Each part has its own; they are applied in the order of their names. */
export const migrations: Migrations = {
  ...detectionMigrations,
  ...deviceMigrations,
  ...recordMigrations,
  ...activationMigrations,
  ...convergeMigrations,
  ...driftMigrations,
  ...playbookMigrations,
  ...ciraMigrations,
}
