// SPDX-License-Identifier: Apache-2.0
/** Where things stand: a host's site, the site's region, the regions around it. */
import { getHost } from '../../kernel/hosts.ts'
import type { Db } from '../../store/store.ts'
import type { Engine } from './engine/engine.ts'
import type { LocationTables } from './locations/tables.ts'
import { regionsAbove, upFrom } from './locations/tree.ts'

/** From where to look upwards; at most one of them. */
export type From = {
  readonly host?: string | undefined
  readonly instance?: string | undefined
  readonly site?: string | undefined
  readonly region?: string | undefined
}

/** Ids from the nearest to the outermost. */
export type Places = readonly string[]

/**
 * The thing itself, then its site, then the site's regions up to the outermost. Throws `not-found` for what is not in
 * the project. `undefined` when nothing was named.
 */
export async function chainOf(engine: Engine, db: Db, project: string, from: From): Promise<Places | undefined> {
  const { host, instance, site, region } = from
  if (instance !== undefined) {
    const row = await engine.get(db, { project, kind: 'instance', id: instance })
    return [instance, ...(typeof row.host === 'string' ? await aboveHost(db, project, row.host) : [])]
  }
  if (host !== undefined) {
    await getHost(db, project, host)
    return [host, ...(await aboveHost(db, project, host))]
  }
  if (site !== undefined) {
    await engine.get(db, { project, kind: 'site', id: site })
    return aboveSite(db, project, site)
  }
  if (region === undefined) return undefined
  await engine.get(db, { project, kind: 'region', id: region })
  return regionsFrom(db, project, region)
}

async function aboveHost(db: Db, project: string, host: string): Promise<Places> {
  const { site } = await getHost(db, project, host)
  return site === undefined ? [] : aboveSite(db, project, site)
}

async function aboveSite(db: Db, project: string, site: string): Promise<Places> {
  const row = await db
    .of<LocationTables>(project)
    .select('inventory_sites')
    .select('region')
    .where('id', '=', site)
    .executeTakeFirst()
  const region = row?.region ?? undefined
  return [site, ...(region === undefined ? [] : await regionsFrom(db, project, region))]
}

async function regionsFrom(db: Db, project: string, first: string): Promise<Places> {
  return upFrom(await regionsAbove(db, project, [first]), first).map(({ id }) => id)
}
