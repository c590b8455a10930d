// SPDX-License-Identifier: Apache-2.0
/** Tables of telemetry groups and profiles, and of the projects that have been given their first groups. */
import type { Migrations } from '../../../store/store.ts'
import { resourceIndex, resourceTable } from '../engine/tables.ts'
import type { TargetColumns } from '../targets.ts'

export const LOG_GROUPS = 'inventory_log_groups'
export const METRIC_GROUPS = 'inventory_metric_groups'
export const LOG_PROFILES = 'inventory_log_profiles'
export const METRIC_PROFILES = 'inventory_metric_profiles'
export const SEEDED = 'inventory_telemetry_seeded'

/** The members that say what a profile is for, and their columns. */
export const TARGETS: TargetColumns = {
  targetInstance: 'target_instance',
  targetSite: 'target_site',
  targetRegion: 'target_region',
}

export const telemetryMigrations: Migrations = {
  '0034-telemetry': {
    async up(db) {
      for (const table of [LOG_GROUPS, METRIC_GROUPS]) {
        await resourceTable(db, table)
          .addColumn('name', 'text', each => each.notNull())
          .addColumn('collector_kind', 'text', each => each.notNull())
          .addColumn('groups', 'text', each => each.notNull())
          .execute()
      }
      for (const table of [LOG_PROFILES, METRIC_PROFILES]) {
        const profiles = resourceTable(db, table)
          .addColumn('target_instance', 'text')
          .addColumn('target_site', 'text')
          .addColumn('target_region', 'text')
          .addColumn('collected', 'text', each => each.notNull())
        const valued =
          table === LOG_PROFILES
            ? profiles.addColumn('log_level', 'text', each => each.notNull())
            : profiles.addColumn('metrics_interval', 'integer', each => each.notNull())
        await valued.execute()
        for (const column of ['target_instance', 'target_site', 'target_region', 'collected']) {
          await resourceIndex(db, table, [column])
        }
      }
      await db.schema
        .createTable(SEEDED)
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('at', 'text', each => each.notNull())
        .addPrimaryKeyConstraint(`${SEEDED}_key`, ['project'])
        .execute()
    },
  },
}
