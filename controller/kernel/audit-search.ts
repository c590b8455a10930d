// SPDX-License-Identifier: Apache-2.0
/** Finds entries of the audit: by who, what, to what, when and with what outcome, from either end. */
import type { ExpressionBuilder } from 'kysely'
import type { Db } from '../store/store.ts'
import type { AuditEntry } from './audit.ts'
import { fitsType } from './event-types.ts'
import type { KernelTables } from './tables/tables.ts'

export type AuditSearch = {
  readonly chain: string
  /** Entries up to this number are not looked at. */
  readonly after: number
  /** Nor are those from this number on. */
  readonly before?: number | undefined
  /** Id or name of whoever did it. */
  readonly principal?: string | undefined
  /** An action, or the words with which actions begin: `host` finds `host.change`. */
  readonly action?: string | undefined
  /** What it was done to, or what that is a part of: `host-1` finds `host-1/power`. */
  readonly target?: string | undefined
  readonly outcome?: 'done' | 'refused' | undefined
  /** RFC 3339, UTC: at this time or later. */
  readonly since?: string | undefined
  /** RFC 3339, UTC: before this time. */
  readonly until?: string | undefined
  readonly newestFirst: boolean
  readonly limit: number
}

export type AuditPage = { readonly entries: readonly AuditEntry[]; readonly hasNext: boolean }

const NOTHING: AuditPage = { entries: [], hasNext: false }

/** One page. Numbers are found through narrow indices; only the entries of the page itself are read. */
export async function searchAudit(db: Db, search: AuditSearch): Promise<AuditPage> {
  const { chain, limit, newestFirst, outcome, target, since, until } = search
  const span = await spanOf(db, search)
  const principals = await principalsOf(db, search.principal)
  const actions = await actionsFor(db, search)
  if (span === undefined || principals?.length === 0 || actions?.length === 0) return NOTHING
  let query = db
    .installation<KernelTables>()
    .selectFrom('kernel_audit')
    .select('n')
    .where('chain', '=', chain)
    .where('n', '>', span.after)
  if (span.before !== undefined) query = query.where('n', '<', span.before)
  // The clock may have been set back meanwhile, so the span alone does not decide.
  if (since !== undefined) query = query.where('at', '>=', since)
  if (until !== undefined) query = query.where('at', '<', until)
  if (principals !== undefined) query = query.where('principal', 'in', principals)
  if (actions !== undefined) query = query.where('action', 'in', actions)
  if (target !== undefined) query = query.where(each => within(each, target))
  if (outcome !== undefined) query = query.where('outcome', outcome === 'done' ? '=' : '!=', 'done')
  const numbers = query.orderBy('n', newestFirst ? 'desc' : 'asc').limit(limit + 1)
  const rows = await db
    .installation<KernelTables>()
    .selectFrom('kernel_audit')
    .select(['entry', 'hash'])
    .where('chain', '=', chain)
    .where('n', 'in', numbers)
    .orderBy('n', newestFirst ? 'desc' : 'asc')
    .execute()
  const entries = rows.slice(0, limit).map(({ entry, hash }): AuditEntry => ({ ...JSON.parse(entry), hash }))
  return { entries, hasNext: rows.length > limit }
}

/** Every action that stands in a chain after an entry, in order. */
export async function actionsIn(db: Db, chain: string, after: number): Promise<readonly string[]> {
  const found: string[] = []
  for (let last = ''; ; ) {
    // One step for each action and not for each entry: the index knows where the next one begins.
    const next = await db
      .installation<KernelTables>()
      .selectFrom('kernel_audit')
      .select('action')
      .where('chain', '=', chain)
      .where('action', '>', last)
      .where('n', '>', after)
      .orderBy('action')
      .limit(1)
      .executeTakeFirst()
    if (next === undefined) return found
    found.push(next.action)
    last = next.action
  }
}

type Span = { readonly after: number; readonly before: number | undefined }

/** The numbers between which a time lies; `undefined` when nothing was written in it. */
async function spanOf(db: Db, { chain, after, before, since, until }: AuditSearch): Promise<Span | undefined> {
  if (since === undefined && until === undefined) return { after, before }
  let query = db
    .installation<KernelTables>()
    .selectFrom('kernel_audit')
    .select(({ fn }) => [fn.min('n').as('first'), fn.max('n').as('last')])
    .where('chain', '=', chain)
  if (since !== undefined) query = query.where('at', '>=', since)
  if (until !== undefined) query = query.where('at', '<', until)
  const found = await query.executeTakeFirst()
  if (typeof found?.first !== 'number' || typeof found.last !== 'number') return undefined
  return {
    after: Math.max(after, found.first - 1),
    before: Math.min(before ?? Number.MAX_SAFE_INTEGER, found.last + 1),
  }
}

/** By id, which those who are gone have too, and by name. */
async function principalsOf(db: Db, asked: string | undefined): Promise<readonly string[] | undefined> {
  if (asked === undefined) return undefined
  const named = await db
    .installation<KernelTables>()
    .selectFrom('kernel_principals')
    .select('id')
    .where('name', '=', asked)
    .execute()
  return [...new Set([asked, ...named.map(({ id }) => id)])]
}

async function actionsFor(db: Db, { chain, after, action }: AuditSearch): Promise<readonly string[] | undefined> {
  if (action === undefined) return undefined
  return (await actionsIn(db, chain, after)).filter(each => fitsType(each, action))
}

/** `0` is the character after `/`, so the range holds what begins with the target and a slash. */
function within(each: ExpressionBuilder<KernelTables, 'kernel_audit'>, target: string) {
  return each.or([
    each('target', '=', target),
    each.and([each('target', '>', `${target}/`), each('target', '<', `${target}0`)]),
  ])
}
