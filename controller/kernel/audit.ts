// SPDX-License-Identifier: Apache-2.0
/** The audit: hash-chained entries written in the transaction of the change they record. */
import { canonical, formatTime, type Json } from '../../plugins/contract/index.ts'
import type { Checkpoint } from '../query/audit-lines.ts'
import type { Db, Store, Tx } from '../store/store.ts'
import { projectOfChain, standingIn } from './audit-fence.ts'
import type { Principal } from './permissions.ts'
import type { Signer, Surroundings } from './ports.ts'
import { problem } from './problems.ts'
import { searchedOf } from './tables/audit-search.ts'
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

const GENESIS = '0'
const EXPORT_PAGE = 1_000

export type Exported = { readonly chain: string; readonly installation: string; readonly after?: number }

export type AuditParts = Pick<Surroundings, 'clock' | 'digest' | 'log'> & {
  /** Told of what was refused, by code. */
  readonly refused?: (code: string) => void
}

export interface Audit {
  /**
   * Appends within the caller's transaction: if it cannot be written, neither is the change. Throws `not-found` for a
   * project that is closed, and for one in which the principal may do nothing at all; the latter is told aloud.
   */
  append(tx: Tx, record: AuditRecord): Promise<void>
  list(chain: string, after: number, limit: number): Promise<readonly AuditEntry[]>
  chains(): Promise<readonly string[]>
  /** Signs the present end of every chain that grew since its last checkpoint. */
  checkpoint(): Promise<void>
  /** A chain after an entry, the first without one, with its checkpoints, as lines of NDJSON. */
  exported(part: Exported): AsyncGenerator<string>
  /** Digest of the newest checkpoint, for hosts to witness. */
  witness(): string | undefined
}

export function createAudit(store: Store, signer: Signer, parts: AuditParts): Audit {
  const { clock, digest } = parts
  let newest: string | undefined
  const write = (tx: Tx, record: AuditRecord): Promise<void> => appendEntry(tx, record, parts)
  const append = async (tx: Tx, record: AuditRecord): Promise<void> => {
    const standing = await standingIn(tx, record.chain, record.principal)
    if (standing === 'within') return write(tx, record)
    // The caller's transaction ends with this, so the entry about it needs one of its own, which waits for that end.
    if (standing === 'breach') void breached(store, parts, { record, write })
    throw problem('not-found', `project ${projectOfChain(record.chain)}`)
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
    exported: part => exportLines(store, part),
    witness: () => newest,
  }
}

/**
 * Appends an entry without asking whether the principal may enter the project: for the controller itself, and for
 * commands of the machine's owner that work beside it.
 */
export async function appendEntry(
  tx: Tx,
  record: AuditRecord,
  { clock, digest }: Pick<Surroundings, 'clock' | 'digest'>,
): Promise<void> {
  const last = await lastOf(tx, record.chain)
  const prev = last?.hash ?? GENESIS
  const body = entryBody(record, (last?.n ?? 0) + 1, { at: formatTime(clock.now()), prev })
  const hash = digest(`${prev}\n${canonical(body)}`)
  await tx
    .installation<KernelTables>()
    .insertInto('kernel_audit')
    .values({
      chain: record.chain,
      n: body.n,
      at: body.at,
      entry: JSON.stringify(body),
      prev,
      hash,
      ...searchedOf(body),
    })
    .execute()
}

type Breach = { readonly record: AuditRecord; readonly write: (tx: Tx, record: AuditRecord) => Promise<void> }

async function breached(store: Store, { log, refused }: AuditParts, { record, write }: Breach): Promise<void> {
  const { chain, action, target, principal } = record
  refused?.('isolation-breach')
  log.error('somebody nearly changed a project they may not enter', { chain, action, principal: principal.id })
  const entry = { ...record, chain: INSTALLATION_CHAIN, outcome: 'refused', detail: { chain, action } } as const
  await store
    .change(tx => write(tx, { ...entry, action: 'isolation.breach', target }))
    .catch(thrown => log.error('a breach was not recorded', { error: String(thrown) }))
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

async function* exportLines(db: Db, { chain, installation, after: from = 0 }: Exported): AsyncGenerator<string> {
  const [before] = from === 0 ? [] : await listEntries(db, chain, { after: from - 1, limit: 1 })
  // What came before stays unseen, but its hash is what the first entry hangs on.
  const begin = before === undefined ? {} : { after: from, prev: before.hash }
  yield JSON.stringify({ kind: 'muster-audit', v: 1, chain, installation, ...begin })
  for (let after = from; ; ) {
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
    .where('n', '>', from)
    .orderBy('n')
    .execute()
  for (const { sig, ...head } of checkpoints) yield JSON.stringify({ checkpoint: head, sig })
}
