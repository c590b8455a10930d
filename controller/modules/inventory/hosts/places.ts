// SPDX-License-Identifier: Apache-2.0
/** Where hosts stand: their sites as resources, and the labels they take over from sites and regions. */
import type { Json } from '../../../../plugins/contract/index.ts'
import type { Label } from '../../../kernel/hosts.ts'
import type { KernelTables } from '../../../kernel/tables/tables.ts'
import type { Db } from '../../../store/store.ts'
import type { Engine } from '../engine/engine.ts'
import type { Members } from '../engine/kind.ts'
import { labelsIn } from '../locations/labels.ts'
import type { LocationTables } from '../locations/tables.ts'
import { regionsAbove, upFrom } from '../locations/tree.ts'
import { effectiveLabels, type Labelled } from './labels.ts'

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
  const chains = await chainsOf(db, project, ids)
  return new Map(
    rows.map(row => {
      const host = { id: row.id, labels: JSON.parse(row.labels) as Label[] } // written by the kernel
      const site = row.site === null ? undefined : sites.get(row.site)
      return [row.id, { ...siteMembers(site), ...labelMembers(host, chains.get(row.site ?? '') ?? []) }]
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

function labelMembers(host: Labelled, chain: readonly Labelled[]): Members {
  const effective = effectiveLabels(host, chain)
  const inherited = effective.filter(({ source }) => source !== host.id).map(({ key, value }) => ({ key, value }))
  const metadataSources: Json = effective.map(({ key, value, source }) => ({ key, value, source }))
  return { inheritedMetadata: inherited, metadataSources }
}

/** By site: its labels, then those of all regions around it, the nearest first. */
async function chainsOf(
  db: Db,
  project: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Labelled[]>> {
  if (ids.length === 0) return new Map()
  const sites = await db
    .of<LocationTables>(project)
    .select('inventory_sites')
    .select(['id', 'region', 'metadata'])
    .where('id', 'in', [...ids])
    .execute()
  const regions = await regionsAbove(
    db,
    project,
    sites.flatMap(({ region }) => region ?? []),
  )
  const labelled = ({ id, metadata }: { id: string; metadata: string | null }) => ({ id, labels: labelsIn(metadata) })
  return new Map(sites.map(site => [site.id, [site, ...upFrom(regions, site.region)].map(labelled)]))
}
