// SPDX-License-Identifier: Apache-2.0
/** Hosts that fit `-q`, `-l`, `--filter`, `--site` and `--region`, all of them together. */
import type { Call, Session } from './call.ts'
import { type Found, listHosts } from './hosts.ts'
import type { Options } from './options.ts'
import { problem } from './problems.ts'
import { filterOf, type HostFilter, selects } from './query.ts'

/** As many sites as one filter names at once. */
const SITES_AT_ONCE = 25

/** Whether the options select hosts at all. */
export function selectsHosts(options: Options): boolean {
  return selects(filterOf(options)) || options.text('site') !== undefined || options.text('region') !== undefined
}

/** Hosts that fit all of what is asked, at most `limit`. */
export async function selectHosts(call: Call, session: Session, limit: number): Promise<Found> {
  const filter = filterOf(call.options)
  const sites = await sitesMeant(call, session)
  if (sites === undefined) return listHosts(session, filter, limit)
  const hosts = []
  let total = 0
  for (let at = 0; at < sites.length; at += SITES_AT_ONCE) {
    const found = await listHosts(session, atSites(filter, sites.slice(at, at + SITES_AT_ONCE)), limit)
    hosts.push(...found.hosts)
    total += found.total
  }
  return { hosts: hosts.slice(0, limit), total }
}

function atSites(filter: HostFilter, sites: readonly string[]): HostFilter {
  const there = sites.map(site => `site.resourceId="${site}"`).join(' OR ')
  return { ...filter, filter: filter.filter === undefined ? there : `(${filter.filter}) AND (${there})` }
}

/** Ids of sites; a site is narrower than its region, so that it wins. */
async function sitesMeant({ options }: Call, session: Session): Promise<readonly string[] | undefined> {
  const [site, region] = [options.text('site'), options.text('region')]
  if (site === undefined && region === undefined) return undefined
  const { referenceId } = await import('./resources/find.ts')
  if (site !== undefined) return [await referenceId(session, 'site', site)]
  const id = await referenceId(session, 'region', region ?? '')
  if (id === '') throw problem('usage', '--region takes a name or an id')
  const { sitesWithin } = await import('./verbs/region-tree.ts')
  return sitesWithin(session, id)
}
