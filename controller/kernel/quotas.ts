// SPDX-License-Identifier: Apache-2.0
/** Quotas: how much of a kind a project may hold. Whoever adds to a project asks here first. */
import type { Db, Tx } from '../store/store.ts'
import { problem } from './problems.ts'
import type { KernelTables } from './tables/tables.ts'

/** What can be limited, with what it counts. */
export const QUOTAS = {
  hosts: 'Hosts, without those that were deleted',
  joinTokens: 'Join tokens that still let machines in',
  queuedCommands: 'Commands without an outcome',
  regions: 'Regions',
  sites: 'Sites',
} as const
export type Quota = keyof typeof QUOTAS

export function isQuota(name: string): name is Quota {
  return Object.hasOwn(QUOTAS, name)
}

export type Claim = {
  readonly quota: Quota
  /** Counts what there is; asked only where a quota is set. */
  readonly present: () => Promise<number>
  /** How many come in addition; 1 without it. */
  readonly adding?: number
}

/**
 * Lets a transaction go on if what it adds stays within the project's quota; a project without one is not limited.
 * Throws `quota-exceeded` with the quota and the present count.
 */
export async function withinQuota(tx: Tx, project: string, { quota, present, adding = 1 }: Claim): Promise<void> {
  const row = await tx
    .of<KernelTables>(project)
    .select('kernel_quotas')
    .select('most')
    .where('quota', '=', quota)
    .executeTakeFirst()
  if (row === undefined) return
  const count = await present()
  if (count + adding <= row.most) return
  const detail = `${quota}: ${count} of ${row.most} are taken${adding === 1 ? '' : `, and ${adding} more were asked for`}`
  throw problem('quota-exceeded', detail, { quota, most: row.most, present: count })
}

export type Quotas = Readonly<Partial<Record<Quota, number>>>

/** The quotas of a project; what is not named has none. */
export async function quotasOf(db: Db, project: string): Promise<Quotas> {
  const rows = await db.of<KernelTables>(project).select('kernel_quotas').select(['quota', 'most']).execute()
  return Object.fromEntries(rows.flatMap(({ quota, most }) => (isQuota(quota) ? [[quota, most]] : [])))
}

/** Replaces all quotas of a project. Fewer than there are is allowed: then nothing is added until some are gone. */
export async function setQuotas(tx: Tx, project: string, quotas: Quotas): Promise<void> {
  await tx.of<KernelTables>(project).remove('kernel_quotas').execute()
  for (const [quota, most] of Object.entries(quotas))
    await tx.of<KernelTables>(project).insert('kernel_quotas', { quota, most }).execute()
}
