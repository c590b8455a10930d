// SPDX-License-Identifier: Apache-2.0
/** What lists ask of a host in one word: whether it can be reached, whether it is as it should be, and its agent. */
import { sql } from 'kysely'
import type { SqlField } from '../query/query.ts'
import { through } from '../query/through.ts'
import { versionSql } from '../query/version.ts'
import type { Db } from '../store/store.ts'
import type { KernelTables } from './tables/tables.ts'

export const REACHABILITY = ['online', 'asleep', 'offline', 'never'] as const
export const COMPLIANCE = ['settled', 'progressing', 'held', 'failed', 'unsupported'] as const

/** Hosts that left in good order sleep; those that were lost, refused or cut off are offline. */
export const reachability: SqlField = {
  type: 'enum',
  always: true,
  values: REACHABILITY,
  sql: () => sql`(case when kernel_hosts.online = 1 then 'online' when kernel_hosts.status = '' then 'never'
    when kernel_hosts.status in ('Agent stopped', 'Rebooting') and kernel_hosts.status_indicator != 'ERROR' then 'asleep'
    else 'offline' end)`,
}

/** An id exists once in the installation, so that the few hosts of which something holds are found once, not per host. */
const reporting = (status: string) =>
  sql`select host from kernel_reported where status = ${sql.lit(status)} and status != 'settled'`

/** The worst of the sections of a host; what a machine cannot do counts only where somebody asks it to. */
const compliance: SqlField = {
  type: 'enum',
  always: true,
  values: COMPLIANCE,
  sql: () => sql`(case when kernel_hosts.id in (${reporting('failed')}) then 'failed'
    when kernel_hosts.id in (${reporting('held')}) then 'held'
    when kernel_hosts.id in (${reporting('progressing')}) then 'progressing'
    when kernel_hosts.id in (select wanted.host from kernel_desired as wanted left join kernel_reported as told
      on told.project = wanted.project and told.host = wanted.host and told.section = wanted.section
      where wanted.revision > coalesce(told.revision, 0)) then 'progressing'
    when kernel_hosts.id in (select told.host from kernel_reported as told join kernel_desired as wanted
      on told.project = wanted.project and told.host = wanted.host and told.section = wanted.section
      where told.status in ('unsupported', 'unavailable') and told.status != 'settled') then 'unsupported'
    else 'settled' end)`,
}

const PRESENCE = {
  table: 'kernel_presence',
  alias: 'host_presence',
  key: 'host',
  from: 'kernel_hosts',
  by: 'id',
  once: true,
}
const VERSION = sql.ref('host_presence.agent')
const agent = through({ type: 'version', sql: () => VERSION, order: () => versionSql(VERSION) }, PRESENCE)

/** Beside the members of `HOST_FIELDS`. */
export const STANDING_FIELDS: Readonly<Record<string, SqlField>> = {
  compliance,
  agent,
  'presence.agent': agent,
  'presence.address': through({ type: 'text', sql: () => sql.ref('host_presence.address') }, PRESENCE),
  /** Where no module keeps sites, the id is the only name a site has. */
  'site.name': { type: 'text', sql: () => sql.ref('kernel_hosts.site') },
}

/** Where one section of a host stands, without what was reported. */
export type SectionStanding = {
  readonly section: string
  readonly status: string
  /** Revision of the desired document; 0 when there is none. */
  readonly desired: number
  readonly reported: number
}

/** The sections of many hosts, by host. */
export async function standingsOf(
  db: Db,
  project: string,
  hosts: readonly string[],
): Promise<ReadonlyMap<string, readonly SectionStanding[]>> {
  const found = new Map<string, Map<string, SectionStanding>>()
  if (hosts.length === 0) return new Map()
  const rows = db.of<KernelTables>(project)
  const [reported, desired] = await Promise.all([
    rows
      .select('kernel_reported')
      .select(['host', 'section', 'status', 'revision'])
      .where('host', 'in', [...hosts])
      .execute(),
    rows
      .select('kernel_desired')
      .select(['host', 'section', 'revision'])
      .where('host', 'in', [...hosts])
      .execute(),
  ])
  const sectionsOf = (host: string) => {
    const sections = found.get(host) ?? new Map<string, SectionStanding>()
    found.set(host, sections)
    return sections
  }
  for (const { host, section, status, revision } of reported)
    sectionsOf(host).set(section, { section, status, desired: 0, reported: revision })
  for (const { host, section, revision } of desired) {
    const told = sectionsOf(host).get(section) ?? { section, status: 'unknown', desired: 0, reported: 0 }
    sectionsOf(host).set(section, { ...told, desired: revision })
  }
  return new Map([...found].map(([host, sections]) => [host, [...sections.values()]]))
}
