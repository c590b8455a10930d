// SPDX-License-Identifier: Apache-2.0
/** Tables of operating systems, their update policies and the runs of updates. */
import type { Migrations } from '../../../store/store.ts'
import { resourceIndex, resourceTable } from '../engine/tables.ts'

export const systemMigrations: Migrations = {
  '0031-systems': {
    async up(db) {
      await resourceTable(db, 'inventory_systems')
        .addColumn('name', 'text')
        .addColumn('architecture', 'text')
        .addColumn('image_url', 'text')
        .addColumn('image_id', 'text')
        .addColumn('description', 'text')
        .addColumn('sha256', 'text', each => each.notNull())
        .addColumn('profile_name', 'text')
        .addColumn('profile_version', 'text')
        .addColumn('installed_packages', 'text')
        .addColumn('installed_packages_url', 'text')
        .addColumn('security_feature', 'text')
        .addColumn('os_type', 'text')
        .addColumn('os_provider', 'text')
        .addColumn('platform_bundle', 'text')
        .addColumn('metadata', 'text')
        .addColumn('tls_ca_cert', 'text')
        .addColumn('existing_cves_url', 'text')
        .addColumn('existing_cves', 'text')
        .addColumn('fixed_cves_url', 'text')
        .addColumn('fixed_cves', 'text')
        .addColumn('repo_url', 'text')
        .execute()
      await resourceIndex(db, 'inventory_systems', ['name'])
      await resourceTable(db, 'inventory_update_policies')
        .addColumn('name', 'text', each => each.notNull())
        .addColumn('description', 'text')
        .addColumn('update_sources', 'text')
        .addColumn('update_packages', 'text')
        .addColumn('update_kernel_command', 'text')
        .addColumn('target_os', 'text')
        .addColumn('update_policy', 'text', each => each.notNull())
        .execute()
      await resourceIndex(db, 'inventory_update_policies', ['target_os'])
      await resourceTable(db, 'inventory_update_runs')
        .addColumn('name', 'text')
        .addColumn('description', 'text')
        .addColumn('applied_policy', 'text')
        .addColumn('instance', 'text')
        .addColumn('status_indicator', 'text')
        .addColumn('status', 'text')
        .addColumn('status_details', 'text')
        .addColumn('status_timestamp', 'integer')
        .addColumn('start_time', 'integer')
        .addColumn('end_time', 'integer')
        .execute()
      await resourceIndex(db, 'inventory_update_runs', ['instance'])
      await resourceIndex(db, 'inventory_update_runs', ['applied_policy'])
    },
  },
}
