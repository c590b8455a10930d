// SPDX-License-Identifier: Apache-2.0
/** What hosts take over from where they stand: labels of the site, its region and the regions above. */
import type { Label } from '../../../kernel/hosts.ts'
import type { Db } from '../../../store/store.ts'
import { labelsIn, merged, regionLabels } from './labels.ts'
import type { LocationTables } from './tables.ts'

/** Labels of sites with those of their regions, the nearest winning; by id of the site. Sites that are gone are left out. */
export async function siteLabels(
  db: Db,
  project: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Label[]>> {
  if (ids.length === 0) return new Map()
  const sites = await db
    .of<LocationTables>(project)
    .select('inventory_sites')
    .select(['id', 'region', 'metadata'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  const above = await regionLabels(
    db,
    project,
    sites.flatMap(site => site.region ?? []),
  )
  return new Map(sites.map(site => [site.id, merged(labelsIn(site.metadata), above.get(site.region ?? '') ?? [])]))
}
