// SPDX-License-Identifier: Apache-2.0
/** The tree of regions: ancestors, depth, and how many sites stand below each. */
import type { Db, Tx } from '../../../store/store.ts'
import type { Draft } from '../engine/kind.ts'
import { problem } from './problems.ts'
import type { LocationTables, RegionRow } from './tables.ts'

/** As many levels as EIM's trees have. */
export const MAX_LEVELS = 5

const CHUNK = 500

/** The regions named and all above them, by id: one query for each level. */
export async function regionsAbove(
  db: Db,
  project: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RegionRow>> {
  const found = new Map<string, RegionRow>()
  let wanted = [...new Set(ids)]
  while (wanted.length > 0) {
    const rows = await regionsWhere(db, project, { column: 'id', values: wanted })
    for (const row of rows) found.set(row.id, row)
    wanted = [...new Set(rows.flatMap(row => (row.parent === null || found.has(row.parent) ? [] : [row.parent])))]
  }
  return found
}

/** A region and those above it, from the nearest to the outermost, as far as they are among the given ones. */
export function upFrom<R extends { readonly parent: string | null }>(
  regions: ReadonlyMap<string, R>,
  id: string | null,
): readonly R[] {
  const chain: R[] = []
  for (let next = id; next !== null && chain.length < MAX_LEVELS; ) {
    const region = regions.get(next)
    if (region === undefined) return chain
    chain.push(region)
    next = region.parent
  }
  return chain
}

type Among = { readonly column: 'id' | 'parent'; readonly values: readonly string[] }

async function regionsWhere(db: Db, project: string, { column, values }: Among): Promise<readonly RegionRow[]> {
  const found: RegionRow[] = []
  for (let at = 0; at < values.length; at += CHUNK) {
    found.push(
      ...(await db
        .of<LocationTables>(project)
        .select('inventory_regions')
        .selectAll()
        .where(column, 'in', values.slice(at, at + CHUNK))
        .execute()),
    )
  }
  return found
}

/** Throws `region-cycle` for a parent at or below the region, and `region-too-deep` for more than five levels. */
export async function checkParent(tx: Tx, { next, present }: Draft): Promise<void> {
  const { id, project, parent } = next
  if (typeof parent !== 'string' || parent === present?.parent) return
  const above = await regionsAbove(tx, project, [parent])
  if (above.has(id) || parent === id) throw problem('region-cycle', `${parent} is ${id} itself or stands below it`)
  const levels = above.size + (present === undefined ? 1 : await heightOf(tx, project, id))
  if (levels > MAX_LEVELS) throw problem('region-too-deep', `it would make ${levels} levels; ${MAX_LEVELS} are allowed`)
}

/** Levels of the subtree, the region's own among them. */
async function heightOf(tx: Tx, project: string, id: string): Promise<number> {
  let height = 0
  for (let level = [id]; level.length > 0 && height <= MAX_LEVELS; height++) {
    level = (await regionsWhere(tx, project, { column: 'parent', values: level })).map(row => row.id)
  }
  return height
}

/** Sites in each of the regions and in all regions below it. */
export async function sitesBelow(
  db: Db,
  project: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const tables = db.of<LocationTables>(project)
  const regions = await tables.select('inventory_regions').select(['id', 'parent']).execute()
  const counts = await tables
    .select('inventory_sites')
    .select('region')
    .select(each => each.fn.countAll<number>().as('sites'))
    .where('region', 'is not', null)
    .groupBy('region')
    .execute()
  const byId = new Map(regions.map(region => [region.id, region]))
  const totals = new Map<string, number>()
  for (const { region, sites } of counts) {
    for (const { id } of upFrom(byId, region)) totals.set(id, (totals.get(id) ?? 0) + Number(sites))
  }
  return new Map(ids.map(id => [id, totals.get(id) ?? 0]))
}
