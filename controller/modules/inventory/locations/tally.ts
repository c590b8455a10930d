// SPDX-License-Identifier: Apache-2.0
/** How the hosts of each site are doing, counted in one walk over them. */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { KernelTables } from '../../../kernel/tables/tables.ts'
import type { Db } from '../../../store/store.ts'

export type SiteTally = {
  /** Empty for hosts that stand nowhere. */
  readonly site: string
  readonly hosts: number
  readonly online: number
  /** They were there and are not, whyever. */
  readonly offline: number
  /** Those of them whose connection was lost; the others were refused or cut off. */
  readonly lost: number
  /** They were there, and said that they would go: stopped, restarting. */
  readonly asleep: number
  readonly never: number
  /** They say that something is wrong, whether there or not; lost connections are counted above. */
  readonly failing: number
  /** RFC 3339: when the last of those that are lost was lost. */
  readonly lostSince: string | undefined
}

type Counted = {
  site: string
  hosts: number
  online: number
  lost: number
  asleep: number
  never: number
  failing: number
  since: string | null
}

const LOST = sql`kernel_hosts.online = 0 and kernel_hosts.status = 'No Connection'`
const ASLEEP = sql`kernel_hosts.online = 0 and kernel_hosts.status in ('Agent stopped', 'Rebooting')`
const NEVER = sql`kernel_hosts.online = 0 and kernel_hosts.status = ''`
const FAILING = sql`kernel_hosts.status_indicator = 'ERROR' and kernel_hosts.status != 'No Connection'`

/** One tally for each site that has hosts; `reach` says which of them count. */
export async function tallySites(db: Db, project: string, reach: RawBuilder<SqlBool>): Promise<readonly SiteTally[]> {
  const { rows } = await sql<Counted>`select coalesce(kernel_hosts.site, '') as site,
      count(*) as hosts,
      sum(kernel_hosts.online) as online,
      sum(${LOST}) as lost,
      sum(${ASLEEP}) as asleep,
      sum(${NEVER}) as never,
      sum(${FAILING}) as failing,
      max(case when ${LOST} then kernel_hosts.status_at end) as since
    from kernel_hosts
    where kernel_hosts.project = ${project} and kernel_hosts.state != 'deleted' and ${reach}
    group by coalesce(kernel_hosts.site, '') order by site`.execute(db.installation<KernelTables>())
  return rows.map(({ site, since, ...counts }) => {
    const numbers = Object.entries(counts).map(([name, count]) => [name, Number(count)])
    const { hosts, online, lost, asleep, never, failing } = Object.fromEntries(numbers) as typeof counts // of the same names
    return {
      site,
      ...{ hosts, online, lost, asleep, never, failing },
      offline: hosts - online - asleep - never,
      lostSince: since === null || since === '' ? undefined : since,
    }
  })
}
