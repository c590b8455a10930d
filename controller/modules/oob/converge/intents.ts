// SPDX-License-Identifier: Apache-2.0
/** What people want of a host's firmware: written with the order, kept until it is so, told to the host's agent. */
import { formatTime, type Json } from '../../../../plugins/contract/index.ts'
import { projectChain } from '../../../kernel/audit.ts'
import { putDesired } from '../../../kernel/documents.ts'
import type { Principal } from '../../../kernel/permissions.ts'
import type { Db, Tx } from '../../../store/store.ts'
import type { OobParts } from '../ports.ts'
import type { ConvergeTables, IntentRow } from './tables.ts'

export type AmtOrder = {
  readonly project: string
  readonly host: string
  readonly amt: 'provisioned' | 'unprovisioned'
  readonly mode?: 'acm' | 'ccm' | undefined
  /** Activates with this one, whatever the policy says. */
  readonly profile?: string | undefined
  readonly dnsSuffix?: string | undefined
  readonly by: Principal
  readonly reason?: string | undefined
}

export async function findIntent(db: Db, project: string, host: string): Promise<IntentRow | undefined> {
  return db.of<ConvergeTables>(project).select('oob_intents').selectAll().where('host', '=', host).executeTakeFirst()
}

export async function listIntents(db: Db, project: string, hosts: readonly string[]): Promise<readonly IntentRow[]> {
  if (hosts.length === 0) return []
  return db.of<ConvergeTables>(project).select('oob_intents').selectAll().where('host', 'in', hosts).execute()
}

/** Takes an order; each one is a new attempt, also when it asks for what is wanted already. */
export async function orderAmt({ kernel }: OobParts, tx: Tx, order: AmtOrder): Promise<IntentRow> {
  const { project, host, amt, by, reason } = order
  const present = await findIntent(tx, project, host)
  const at = formatTime(kernel.clock.now())
  const row: Omit<IntentRow, 'project'> = {
    host,
    amt,
    // A profile and a mode each take the place of what was asked for before.
    mode: order.mode ?? (order.profile === undefined ? present?.mode : null) ?? null,
    profile: order.profile ?? (order.mode === undefined ? present?.profile : null) ?? null,
    dns_suffix: order.dnsSuffix ?? present?.dns_suffix ?? null,
    attempt: (present?.attempt ?? 0) + 1,
    ordered_by: by.id,
    ordered_at: at,
    status: amt === 'provisioned' ? 'AMT Activation requested' : 'AMT deactivation requested',
    indicator: 'IN_PROGRESS',
    status_at: at,
    power_policy: present?.power_policy ?? 'ordered',
  }
  await save(tx, project, row)
  await kernel.audit.append(tx, {
    chain: projectChain(project),
    principal: by,
    action: amt === 'provisioned' ? 'oob.activate' : 'oob.deactivate',
    target: host,
    outcome: 'done',
    ...(reason === undefined ? {} : { reason }),
    detail: { mode: row.mode, profile: row.profile, attempt: row.attempt },
  })
  return { project, ...row }
}

/** Nothing is wanted any more; settings stay, and the host's agent leaves its firmware as it is. */
export async function withdrawAmt(parts: OobParts, tx: Tx, project: string, host: string): Promise<void> {
  const present = await findIntent(tx, project, host)
  if (present === undefined || present.amt === null) return
  const { project: _, ...row } = present
  await save(tx, project, { ...row, amt: null, status: '', indicator: 'UNSPECIFIED' })
  await tellAgent(parts, tx, { project, host, content: {} })
}

export type Preferences = {
  readonly host: string
  readonly mode?: 'acm' | 'ccm'
  readonly dnsSuffix?: string
  readonly powerPolicy?: 'immediate' | 'ordered'
}

/** Settings that order nothing by themselves. */
export async function prefer({ kernel }: OobParts, tx: Tx, project: string, wish: Preferences): Promise<void> {
  const present = await findIntent(tx, project, wish.host)
  const at = formatTime(kernel.clock.now())
  await save(tx, project, {
    ...(present ?? {
      host: wish.host,
      amt: null,
      attempt: 0,
      ordered_by: 'system',
      ordered_at: at,
      status: '',
      indicator: 'UNSPECIFIED',
      status_at: at,
    }),
    mode: wish.mode ?? present?.mode ?? null,
    profile: wish.mode === undefined ? (present?.profile ?? null) : null,
    dns_suffix: wish.dnsSuffix ?? present?.dns_suffix ?? null,
    power_policy: wish.powerPolicy ?? present?.power_policy ?? 'ordered',
  })
}

/** Keeps a new status; nothing is written when it is what it was. */
export async function sayOfIntent(
  { kernel }: OobParts,
  tx: Tx,
  intent: IntentRow,
  { says, indicator }: { readonly says: string; readonly indicator: string },
): Promise<boolean> {
  if (intent.status === says && intent.indicator === indicator) return false
  const { project, host } = intent
  await tx
    .of<ConvergeTables>(project)
    .update('oob_intents', { status: says, indicator, status_at: formatTime(kernel.clock.now()) })
    .where('host', '=', host)
    .execute()
  await kernel.events.emit(tx, { project, type: 'oob.amt', subject: host, data: { says, indicator } })
  return true
}

/** Tells the host's agent; the same document again changes nothing. */
export async function tellAgent(
  { kernel }: OobParts,
  tx: Tx,
  { project, host, content }: { readonly project: string; readonly host: string; readonly content: Json },
): Promise<void> {
  const section = 'amt'
  const { changed } = await putDesired(tx, project, {
    host,
    section,
    content,
    ifMatch: undefined,
    by: 'system',
    now: kernel.clock.now(),
  })
  if (changed) tx.afterCommit(() => void kernel.dispatch.desired({ project, host }, section))
}

async function save(tx: Tx, project: string, row: Omit<IntentRow, 'project'>): Promise<void> {
  const { host, ...rest } = row
  await tx
    .of<ConvergeTables>(project)
    .insert('oob_intents', { host, ...rest })
    .onConflict(clash => clash.columns(['project', 'host']).doUpdateSet(rest))
    .execute()
}
