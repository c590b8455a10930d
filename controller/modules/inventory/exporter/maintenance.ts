// SPDX-License-Identifier: Apache-2.0
/** Which hosts of a project are in maintenance at a moment: worked out once for all of them. */
import type { EpochMs } from '../../../../plugins/contract/index.ts'
import type { Db } from '../../../store/store.ts'
import type { LocationTables } from '../locations/tables.ts'
import { upFrom } from '../locations/tree.ts'
import { windowAt } from '../schedules/occurrences.ts'
import { scheduledFor } from '../schedules/stored.ts'

/** Tells of a host at a site whether it is in maintenance. */
export async function readMaintenance(
  db: Db,
  project: string,
  now: EpochMs,
): Promise<(host: string, site: string | null) => boolean> {
  const schedules = await scheduledFor(db, project, { chain: undefined, at: undefined })
  const open = new Set(
    schedules
      .filter(({ status, times }) => status === 'SCHEDULE_STATUS_MAINTENANCE' && windowAt(times, now) !== undefined)
      .map(({ target }) => target),
  )
  if (open.size === 0) return () => false
  const places = await readPlaces(db, project)
  const sites = new Map<string, boolean>()
  const isOpenAt = (site: string): boolean => {
    const known = sites.get(site)
    if (known !== undefined) return known
    const around = upFrom(places.regions, places.sites.get(site) ?? null)
    const found = open.has(site) || around.some(({ id }) => open.has(id))
    sites.set(site, found)
    return found
  }
  return (host, site) => open.has(host) || (site !== null && isOpenAt(site))
}

/** The region of each site, and all regions. */
async function readPlaces(db: Db, project: string) {
  const own = db.of<LocationTables>(project)
  const sites = await own.select('inventory_sites').select(['id', 'region']).execute()
  const regions = await own.select('inventory_regions').select(['id', 'parent']).execute()
  return {
    sites: new Map(sites.map(({ id, region }) => [id, region])),
    regions: new Map(regions.map(region => [region.id, region])),
  }
}
