// SPDX-License-Identifier: Apache-2.0
/** The tree of regions and sites as a list of nodes: those that match a name, and everything above them. */
import { sql } from 'kysely'
import { searchSql } from '../../../query/sql.ts'
import type { Db } from '../../../store/store.ts'
import type { LocationTables } from './tables.ts'

export type Wanted = {
  /** Part of a name, whatever the case; everything when empty. */
  readonly name: string
  readonly sites: boolean
  readonly regions: boolean
}

export type Node = {
  readonly resourceId: string
  /** Empty for what stands at the top. */
  readonly parentId: string
  readonly name: string
  readonly type: 'RESOURCE_KIND_REGION' | 'RESOURCE_KIND_SITE'
}

export type Nodes = { readonly nodes: readonly Node[]; readonly total: number }

/** So many sites, and so many regions, are shown at once. */
export const MAX_NODES = 1_000

type Region = { readonly id: string; readonly name: string | null; readonly parent: string | null }

/** Parents come before their children, regions before sites, then by name. */
export async function nodesOf(db: Db, project: string, wanted: Wanted): Promise<Nodes> {
  const tables = db.of<LocationTables>(project)
  const regions = await tables.select('inventory_regions').select(['id', 'name', 'parent']).execute()
  const byId = new Map(regions.map(region => [region.id, region]))
  const matching = wanted.regions ? regions.filter(({ name }) => holds(name, wanted.name)) : []
  const found = wanted.sites ? await sitesNamed(db, project, wanted.name) : { sites: [], total: 0, regions: [] }
  const all = withAncestors(byId, [...matching.map(({ id }) => id), ...found.regions])
  const shownSites = found.sites.slice(0, MAX_NODES)
  const needed = withAncestors(
    byId,
    shownSites.flatMap(({ region }) => region ?? []),
  )
  // What carries a site that is shown goes first, so that no node lacks its parent.
  const others = ordered(
    byId,
    [...all].filter(id => !needed.has(id)),
  ).slice(0, Math.max(0, MAX_NODES - needed.size))
  const shown = ordered(byId, [...needed, ...others])
  return {
    total: all.size + found.total,
    nodes: [
      ...shown.flatMap(id => regionNode(byId.get(id))),
      ...shownSites.map(({ id, name, region }): Node => {
        return { resourceId: id, parentId: region ?? '', name: name ?? '', type: 'RESOURCE_KIND_SITE' }
      }),
    ],
  }
}

function holds(name: string | null, part: string): boolean {
  return (name ?? '').toLowerCase().includes(part.toLowerCase())
}

async function sitesNamed(db: Db, project: string, name: string) {
  const field = { type: 'text', searched: true, sql: () => sql.ref('inventory_sites.name') } as const
  let sites = db.of<LocationTables>(project).select('inventory_sites')
  if (name !== '') sites = sites.where(searchSql(name, { name: field }))
  const { total } = await sites.select(each => each.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const regions = await sites.select('region').distinct().where('region', 'is not', null).execute()
  return {
    total: Number(total),
    regions: regions.flatMap(({ region }) => region ?? []),
    sites: await sites.select(['id', 'name', 'region']).orderBy('name').orderBy('id').limit(MAX_NODES).execute(),
  }
}

function withAncestors(byId: ReadonlyMap<string, Region>, ids: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const id of ids) {
    for (let at = byId.get(id); at !== undefined && !found.has(at.id); at = byId.get(at.parent ?? '')) found.add(at.id)
  }
  return found
}

function ordered(byId: ReadonlyMap<string, Region>, ids: readonly string[]): readonly string[] {
  const level = (id: string): number => {
    let depth = 0
    for (let at = byId.get(id); at !== undefined && at.parent !== null; at = byId.get(at.parent)) depth++
    return depth
  }
  const key = (id: string) => ({ id, depth: level(id), name: byId.get(id)?.name ?? '' })
  return ids
    .map(key)
    .sort((a, b) => a.depth - b.depth || compared(a.name, b.name) || compared(a.id, b.id))
    .map(({ id }) => id)
}

function compared(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1
}

function regionNode(region: Region | undefined): readonly Node[] {
  if (region === undefined) return []
  const { id, parent, name } = region
  return [{ resourceId: id, parentId: parent ?? '', name: name ?? '', type: 'RESOURCE_KIND_REGION' }]
}
