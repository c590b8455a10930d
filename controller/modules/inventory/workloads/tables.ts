// SPDX-License-Identifier: Apache-2.0
/** Tables of workloads and the instances that belong to them. */
import type { Migrations } from '../../../store/store.ts'
import { resourceIndex, resourceTable } from '../engine/tables.ts'

export const workloadMigrations: Migrations = {
  '0033-workloads': {
    async up(db) {
      await resourceTable(db, 'inventory_workloads')
        .addColumn('kind', 'text', each => each.notNull())
        .addColumn('name', 'text')
        .addColumn('external_id', 'text')
        .addColumn('status', 'text')
        .execute()
      await resourceTable(db, 'inventory_workload_members')
        .addColumn('kind', 'text', each => each.notNull())
        .addColumn('workload', 'text', each => each.notNull())
        .addColumn('instance', 'text', each => each.notNull())
        .execute()
      await resourceIndex(db, 'inventory_workload_members', ['workload'])
      await resourceIndex(db, 'inventory_workload_members', ['instance'])
    },
  },
}
