// SPDX-License-Identifier: Apache-2.0
/** Where hosts stand: their sites as resources, and the labels they take over from sites and regions. */
import type { Json } from '../../../../plugins/contract/index.ts'
import type { Label } from '../../../kernel/hosts.ts'
import type { KernelTables } from '../../../kernel/tables/tables.ts'
import type { Db } from '../../../store/store.ts'
import type { Engine } from '../engine/engine.ts'
import type { Members } from '../engine/kind.ts'
import { effectiveLabels, type Labelled } from './labels.ts'

type PlaceRow = { project: string; id: string; metadata: string | null }
type Tables = {
  inventory_sites: PlaceRow & { region: string | null }
  inventory_regions: PlaceRow & { parent: string | null }
}

/** No chain of regions is longer. */
const MOST_LEVELS = 32

type Place = Labelled & { readonly above: string | null }
type Places = ReadonlyMap<string, Place>

/** Members of many hosts, by host, in a number of queries that grows with the depth of the regions only. */
export async function placeMembers(
  engine: Engine,
  db: Db,
  { project, hosts }: { readonly project: string; readonly hosts: readonly string[] },
): Promise<ReadonlyMap<string, Members>> {
  if (hosts.length === 0) return new Map()
  const rows = await db
    .of<KernelTables>(project)
    .select('kernel_hosts')
    .select(['id', 'site', 'labels'])
    .where('id', 'in', [...hosts])
    .execute()
  const ids = [...new Set(rows.flatMap(row => row.site ?? []))]
  const sites = await engine.resourcesById(db, { project, kind: 'site', ids }, { depth: MOST_EMBEDDED })
  const places = await placesFrom(db, project, ids)
  return new Map(
    rows.map(row => {
      const host = { id: row.id, labels: JSON.parse(row.labels) as Label[] } // written by the kernel
      const site = row.site === null ? undefined : sites.get(row.site)
      return [row.id, { ...siteMembers(site), ...labelMembers(host, chainOf(places, row.site)) }]
    }),
  )
}

/** Levels of regions that a host's site shows. */
const MOST_EMBEDDED = 6

/** `siteId` is read back as it is set, empty where there is none: EIM's clients read it beside the site. */
function siteMembers(site: Members | undefined): Members {
  if (site === undefined) return { siteId: '' }
  const { provider, resourceId = '' } = site
  return { siteId: resourceId, site, ...(provider === undefined ? {} : { provider }) }
}

function labelMembers(host: Labelled, chain: readonly Place[]): Members {
  const effective = effectiveLabels(host, chain)
  const inherited = effective.filter(({ source }) => source !== host.id).map(({ key, value }) => ({ key, value }))
  const metadataSources: Json = effective.map(({ key, value, source }) => ({ key, value, source }))
  return { inheritedMetadata: inherited, metadataSources }
}

function chainOf(places: Places, site: string | null): readonly Place[] {
  const chain: Place[] = []
  for (let next = site; next !== null && chain.length < MOST_LEVELS; ) {
    const place = places.get(next)
    if (place === undefined) return chain
    chain.push(place)
    next = place.above
  }
  return chain
}

/** Sites and all regions around them, level by level. */
async function placesFrom(db: Db, project: string, sites: readonly string[]): Promise<Places> {
  const places = new Map<string, Place>()
  if (sites.length === 0) return places
  const rows = db.of<Tables>(project)
  const found = await rows
    .select('inventory_sites')
    .select(['id', 'region as above', 'metadata'])
    .where('id', 'in', [...sites])
    .execute()
  for (let level = found; level.length > 0; ) {
    for (const { id, above, metadata } of level)
      places.set(id, { id, above, labels: metadata === null ? [] : (JSON.parse(metadata) as Label[]) }) // written by the engine
    const above = [...new Set(level.flatMap(row => row.above ?? []))].filter(id => !places.has(id))
    if (above.length === 0) return places
    level = await rows
      .select('inventory_regions')
      .select(['id', 'parent as above', 'metadata'])
      .where('id', 'in', above)
      .execute()
  }
  return places
}
