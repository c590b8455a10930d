// SPDX-License-Identifier: Apache-2.0
/** Tables of regions and sites. */
import type { Migrations } from '../../../store/store.ts'
import { resourceIndex, resourceTable } from '../engine/tables.ts'

type Resource = { project: string; id: string; revision: number; created_at: string; updated_at: string }

export type RegionRow = Resource & { name: string | null; parent: string | null; metadata: string | null }

export type SiteRow = Resource & {
  name: string | null
  region: string | null
  /** Degrees north and east, times 10,000,000. */
  latitude: number | null
  longitude: number | null
  provider: string | null
  metadata: string | null
}

export type LocationTables = { inventory_regions: RegionRow; inventory_sites: SiteRow }

export const locationMigrations: Migrations = {
  '0010-locations': {
    async up(db) {
      await resourceTable(db, 'inventory_regions')
        .addColumn('name', 'text')
        .addColumn('parent', 'text')
        .addColumn('metadata', 'text')
        .execute()
      await resourceIndex(db, 'inventory_regions', ['parent'])
      await resourceTable(db, 'inventory_sites')
        .addColumn('name', 'text')
        .addColumn('region', 'text')
        .addColumn('latitude', 'integer')
        .addColumn('longitude', 'integer')
        .addColumn('provider', 'text')
        .addColumn('metadata', 'text')
        .execute()
      await resourceIndex(db, 'inventory_sites', ['region'])
      await resourceIndex(db, 'inventory_sites', ['provider'])
    },
  },
}
