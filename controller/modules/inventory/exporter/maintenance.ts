// SPDX-License-Identifier: Apache-2.0
/** Which hosts of a project are in maintenance at a moment: worked out once for all of them. */
import type { EpochMs } from '../../../../plugins/contract/index.ts'
import type { Db } from '../../../store/store.ts'
import { windowAt } from '../schedules/occurrences.ts'
import { scheduledFor } from '../schedules/stored.ts'

type Places = {
  inventory_sites: { project: string; id: string; region: string | null }
  inventory_regions: { project: string; id: string; parent: string | null }
}

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
  const above = await readAbove(db, project)
  const sites = new Map<string, boolean>()
  const isOpenAt = (site: string): boolean => {
    const known = sites.get(site)
    if (known !== undefined) return known
    const seen = new Set<string>()
    // A region that contained itself would be walked for ever.
    for (let place: string | null | undefined = site; place != null && !seen.has(place); place = above.get(place)) {
      seen.add(place)
    }
    const found = [...seen].some(place => open.has(place))
    sites.set(site, found)
    return found
  }
  return (host, site) => open.has(host) || (site !== null && isOpenAt(site))
}

/** What each site and region lies in. */
async function readAbove(db: Db, project: string): Promise<ReadonlyMap<string, string | null>> {
  const own = db.of<Places>(project)
  const sites = await own.select('inventory_sites').select(['id', 'region']).execute()
  const regions = await own.select('inventory_regions').select(['id', 'parent']).execute()
  return new Map([
    ...sites.map(each => [each.id, each.region] as const),
    ...regions.map(each => [each.id, each.parent] as const),
  ])
}
