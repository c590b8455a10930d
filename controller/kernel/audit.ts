// SPDX-License-Identifier: Apache-2.0
/** The audit: hash-chained entries written in the transaction of the change they record. */
import { canonical, formatTime, type Json } from '../../plugins/contract/index.ts'
import type { Db, Store, Tx } from '../store/store.ts'
import type { Principal } from './permissions.ts'
import type { Signer, Surroundings } from './ports.ts'
import type { KernelTables } from './tables/tables.ts'

/** The chain of what belongs to no project. */
export const INSTALLATION_CHAIN = 'installation'

/** The chain of a project. */
export function projectChain(project: string): string {
  return `project:${project}`
}

export type AuditRecord = {
  readonly chain: string
  readonly principal: Principal
  readonly action: string
  readonly target: string
  readonly outcome: 'done' | 'refused'
  readonly reason?: string | undefined
  readonly request?: string | undefined
  /** Facts of the change; never a secret. */
  readonly detail?: Json
}

export type AuditEntry = {
  readonly n: number
  readonly at: string
  readonly chain: string
  readonly principal: { readonly id: string; readonly kind: string; readonly via: string; readonly address?: string }
  readonly action: string
  readonly target: string
  readonly outcome: string
  readonly reason?: string
  readonly request?: string
  readonly detail?: Json
  readonly prev: string
  readonly hash: string
}

export type Checkpoint = {
  readonly chain: string
  readonly n: number
  readonly hash: string
  readonly at: string
  readonly kid: string
}

const GENESIS = '0'
const EXPORT_PAGE = 1_000

export interface Audit {
  /** Appends within the caller's transaction: if it cannot be written, neither is the change. */
  append(tx: Tx, record: AuditRecord): Promise<void>
  list(chain: string, after: number, limit: number): Promise<readonly AuditEntry[]>
  chains(): Promise<readonly string[]>
  /** Signs the present end of every chain that grew since its last checkpoint. */
  checkpoint(): Promise<void>
  /** The whole chain with its checkpoints, as lines of NDJSON. */
  exported(chain: string, installation: string): AsyncGenerator<string>
  /** Digest of the newest checkpoint, for hosts to witness. */
  witness(): string | undefined
}

export function createAudit(store: Store, signer: Signer, { clock, digest }: Surroundings): Audit {
  let newest: string | undefined
  const append = async (tx: Tx, record: AuditRecord): Promise<void> => {
    const last = await lastOf(tx, record.chain)
    const prev = last?.hash ?? GENESIS
    const body = entryBody(record, (last?.n ?? 0) + 1, { at: formatTime(clock.now()), prev })
    const hash = digest(`${prev}\n${canonical(body)}`)
    await tx
      .installation<KernelTables>()
      .insertInto('kernel_audit')
      .values({ chain: record.chain, n: body.n, at: body.at, entry: JSON.stringify(body), prev, hash })
      .execute()
  }
  const checkpoint = async (): Promise<void> => {
    for (const chain of await chainsOf(store)) {
      const last = await lastOf(store, chain)
      const sealed = await lastCheckpoint(store, chain)
      if (last === undefined || last.n === sealed?.n) continue
      const head: Checkpoint = {
        chain,
        n: last.n,
        hash: last.hash,
        at: formatTime(clock.now()),
        kid: signer.auditKey.kid,
      }
      const { sig } = signer.signCheckpoint(checkpointBytes(head))
      await store
        .installation<KernelTables>()
        .insertInto('kernel_checkpoints')
        .values({ ...head, sig })
        .execute()
      newest = digest(checkpointBytes(head))
    }
  }
  return {
    append,
    checkpoint,
    chains: () => chainsOf(store),
    list: (chain, after, limit) => listEntries(store, chain, { after, limit }),
    exported: (chain, installation) => exportLines(store, chain, installation),
    witness: () => newest,
  }
}

/** The bytes a checkpoint's signature covers. */
export function checkpointBytes(head: Checkpoint): Uint8Array {
  return new TextEncoder().encode(`muster audit 1\n${canonical(head)}`)
}

function entryBody(record: AuditRecord, n: number, link: { at: string; prev: string }): Omit<AuditEntry, 'hash'> {
  const { chain, principal, action, target, outcome, reason, request, detail } = record
  const { id, kind, via, address } = principal
  return {
    n,
    at: link.at,
    chain,
    principal: { id, kind, via, ...(address === undefined ? {} : { address }) },
    action,
    target,
    outcome,
    ...(reason === undefined ? {} : { reason }),
    ...(request === undefined ? {} : { request }),
    ...(detail === undefined ? {} : { detail }),
    prev: link.prev,
  }
}

async function lastOf(db: Db, chain: string): Promise<{ n: number; hash: string } | undefined> {
  return db
    .installation<KernelTables>()
    .selectFrom('kernel_audit')
    .select(['n', 'hash'])
    .where('chain', '=', chain)
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst()
}

async function lastCheckpoint(db: Db, chain: string): Promise<{ n: number } | undefined> {
  return db
    .installation<KernelTables>()
    .selectFrom('kernel_checkpoints')
    .select('n')
    .where('chain', '=', chain)
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst()
}

async function chainsOf(db: Db): Promise<readonly string[]> {
  const rows = await db.installation<KernelTables>().selectFrom('kernel_audit').select('chain').distinct().execute()
  return rows.map(row => row.chain).sort()
}

async function listEntries(db: Db, chain: string, page: { after: number; limit: number }): Promise<AuditEntry[]> {
  const rows = await db
    .installation<KernelTables>()
    .selectFrom('kernel_audit')
    .select(['entry', 'hash'])
    .where('chain', '=', chain)
    .where('n', '>', page.after)
    .orderBy('n')
    .limit(page.limit)
    .execute()
  return rows.map(row => ({ ...JSON.parse(row.entry), hash: row.hash }))
}

async function* exportLines(db: Db, chain: string, installation: string): AsyncGenerator<string> {
  yield JSON.stringify({ kind: 'muster-audit', v: 1, chain, installation })
  for (let after = 0; ; ) {
    const page = await listEntries(db, chain, { after, limit: EXPORT_PAGE })
    for (const entry of page) yield JSON.stringify(entry)
    const last = page.at(-1)
    if (last === undefined) break
    after = last.n
  }
  const checkpoints = await db
    .installation<KernelTables>()
    .selectFrom('kernel_checkpoints')
    .selectAll()
    .where('chain', '=', chain)
    .orderBy('n')
    .execute()
  for (const { sig, ...head } of checkpoints) yield JSON.stringify({ checkpoint: head, sig })
}
