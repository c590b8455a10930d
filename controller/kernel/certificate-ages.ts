// SPDX-License-Identifier: Apache-2.0
/** When the certificates of hosts end, in numbers, and which end first. */
import { DAY, type EpochMs, formatTime } from '../../plugins/contract/index.ts'
import type { Db } from '../store/store.ts'
import type { KernelTables } from './tables/tables.ts'

/** Hosts are expected to renew long before; these are the last days in which somebody can still look why not. */
const SOON_MS = 7 * DAY
const LATER_MS = 30 * DAY

export type CertificateAges = {
  /** Certificates in use, one for each host that has connected. */
  readonly inUse: number
  readonly expired: number
  readonly within7Days: number
  readonly within30Days: number
  readonly next: readonly { readonly project: string; readonly host: string; readonly notAfter: string }[]
}

/** `first` is how many are named, those that end first. */
export async function certificateAges(db: Db, now: EpochMs, first: number): Promise<CertificateAges> {
  const [at, soon, later] = [now, now + SOON_MS, now + LATER_MS].map(formatTime) as [string, string, string] // three above
  const inUse = db
    .installation<KernelTables>()
    .selectFrom('kernel_certificates as certificate')
    .innerJoin('kernel_hosts as host', join =>
      join.onRef('host.project', '=', 'certificate.project').onRef('host.id', '=', 'certificate.host'),
    )
    .where('certificate.state', '=', 'active')
    .where('host.state', '!=', 'deleted')
  const counts = await inUse
    .select(({ fn, eb }) => {
      const before = (time: string) =>
        fn.sum<number>(eb.case().when('certificate.not_after', '<=', time).then(1).else(0).end())
      return [
        fn.countAll<number>().as('all'),
        before(at).as('expired'),
        before(soon).as('soon'),
        before(later).as('later'),
      ]
    })
    .executeTakeFirst()
  const next = await inUse
    .select(['certificate.project', 'certificate.host', 'certificate.not_after as notAfter'])
    .orderBy('certificate.not_after')
    .orderBy('certificate.host')
    .limit(first)
    .execute()
  // A sum over nothing is null.
  const number = (value: number | null | undefined): number => Number(value ?? 0)
  return {
    inUse: number(counts?.all),
    expired: number(counts?.expired),
    within7Days: number(counts?.soon) - number(counts?.expired),
    within30Days: number(counts?.later) - number(counts?.expired),
    next,
  }
}

export type VersionCount = { readonly version: string; readonly hosts: number }

/** How many hosts run which version of the agent; what has never connected runs none. */
export async function agentVersions(db: Db): Promise<readonly VersionCount[]> {
  const rows = await db
    .installation<KernelTables>()
    .selectFrom('kernel_presence as presence')
    .innerJoin('kernel_hosts as host', join =>
      join.onRef('host.project', '=', 'presence.project').onRef('host.id', '=', 'presence.host'),
    )
    .select(({ fn }) => ['presence.agent as version', fn.countAll<number>().as('hosts')])
    .where('host.state', '!=', 'deleted')
    .where('presence.agent', 'is not', null)
    .groupBy('presence.agent')
    .orderBy('presence.agent')
    .execute()
  return rows.map(({ version, hosts }) => ({ version: version ?? '', hosts: Number(hosts) }))
}
