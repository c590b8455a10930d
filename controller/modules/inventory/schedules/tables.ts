// SPDX-License-Identifier: Apache-2.0
/** Tables of single and repeated schedules. */
import type { Migrations } from '../../../store/store.ts'
import { resourceIndex, resourceTable } from '../engine/tables.ts'
import type { TargetColumns } from '../targets.ts'

export const SINGLE_TABLE = 'inventory_single_schedules'
export const REPEATED_TABLE = 'inventory_repeated_schedules'

/** The members that say what a schedule is for, and their columns. */
export const TARGETS: TargetColumns = {
  targetHostId: 'target_host',
  targetSiteId: 'target_site',
  targetRegionId: 'target_region',
}

export const scheduleMigrations: Migrations = {
  '0035-schedules': {
    async up(db) {
      await resourceTable(db, SINGLE_TABLE)
        .addColumn('name', 'text')
        .addColumn('status', 'text', each => each.notNull())
        .addColumn('target_host', 'text')
        .addColumn('target_site', 'text')
        .addColumn('target_region', 'text')
        .addColumn('start_seconds', 'integer', each => each.notNull())
        .addColumn('end_seconds', 'integer')
        .execute()
      await resourceTable(db, REPEATED_TABLE)
        .addColumn('name', 'text')
        .addColumn('status', 'text', each => each.notNull())
        .addColumn('target_host', 'text')
        .addColumn('target_site', 'text')
        .addColumn('target_region', 'text')
        .addColumn('duration_seconds', 'integer', each => each.notNull())
        .addColumn('cron_minutes', 'text', each => each.notNull())
        .addColumn('cron_hours', 'text', each => each.notNull())
        .addColumn('cron_day_month', 'text', each => each.notNull())
        .addColumn('cron_month', 'text', each => each.notNull())
        .addColumn('cron_day_week', 'text', each => each.notNull())
        .addColumn('timezone', 'text')
        .execute()
      for (const table of [SINGLE_TABLE, REPEATED_TABLE]) {
        for (const column of ['target_host', 'target_site', 'target_region']) await resourceIndex(db, table, [column])
      }
    },
  },
}
