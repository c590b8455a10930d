// SPDX-License-Identifier: Apache-2.0
/** Tables of instances and of the configurations they are to start with. */
import type { Migrations } from '../../../store/store.ts'
import { resourceIndex, resourceTable } from '../engine/tables.ts'

/** The statuses of an instance; each has a text, an indicator and a time. */
export const STATUSES = ['instance', 'provisioning', 'update', 'trusted_attestation'] as const

export const instanceMigrations: Migrations = {
  '0032-instances': {
    async up(db) {
      let table = resourceTable(db, 'inventory_instances')
        .addColumn('kind', 'text')
        .addColumn('name', 'text')
        .addColumn('desired_state', 'text', each => each.notNull())
        .addColumn('current_state', 'text', each => each.notNull())
        .addColumn('host', 'text')
        .addColumn('os', 'text')
        .addColumn('local_account', 'text')
        .addColumn('update_policy', 'text')
        .addColumn('security_feature', 'text')
        .addColumn('configs', 'text')
        .addColumn('instance_status_detail', 'text')
        .addColumn('existing_cves', 'text')
        .addColumn('runtime_packages', 'text')
        .addColumn('os_update_available', 'text')
      for (const status of STATUSES) {
        table = table
          .addColumn(`${status}_status`, 'text')
          .addColumn(`${status}_status_indicator`, 'text')
          .addColumn(`${status}_status_at`, 'integer')
      }
      await table.execute()
      for (const column of ['host', 'os', 'local_account', 'update_policy']) {
        await resourceIndex(db, 'inventory_instances', [column])
      }
      await db.schema
        .createTable('inventory_instance_configs')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('instance', 'text', each => each.notNull())
        .addColumn('config', 'text', each => each.notNull())
        .addColumn('position', 'integer', each => each.notNull())
        .addPrimaryKeyConstraint('inventory_instance_configs_key', ['project', 'instance', 'config'])
        .execute()
      await resourceIndex(db, 'inventory_instance_configs', ['config'])
    },
  },
}
