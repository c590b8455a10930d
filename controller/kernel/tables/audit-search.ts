// SPDX-License-Identifier: Apache-2.0
/** How the audit came to be searched: who, what and to what in columns of their own, beside the entry that proves them. */
import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

type Db = Kysely<never>

/** Columns that repeat a part of the entry; the entry alone is hashed, so they find and prove nothing. */
const COLUMNS = ['principal', 'action', 'target', 'outcome'] as const

export const auditSearchMigration: Migration = {
  async up(given) {
    const db = given as unknown as Db // a builder that knows no tables yet
    const table = db.schema.alterTable('kernel_audit')
    for (const column of COLUMNS) await table.addColumn(column, 'text', each => each.notNull().defaultTo('')).execute()
    await sql`drop trigger kernel_audit_no_update`.execute(db)
    await fill(db)
    await sql`create trigger kernel_audit_no_update before update on kernel_audit
      begin select raise(abort, 'the audit is append-only'); end`.execute(db)
    for (const column of ['principal', 'action', 'target', 'at'])
      await db.schema.createIndex(`kernel_audit_${column}`).on('kernel_audit').columns(['chain', column, 'n']).execute()
    // Refusals are few; everything else is no use to an index.
    await sql`create index kernel_audit_refused on kernel_audit (chain, n) where outcome != 'done'`.execute(db)
  },
}

const BATCH = 500

type Row = { readonly chain: string; readonly n: number; readonly entry: string }

async function fill(db: Db): Promise<void> {
  let last: Pick<Row, 'chain' | 'n'> | undefined = { chain: '', n: 0 }
  while (last !== undefined) {
    const { rows }: { readonly rows: readonly Row[] } = await sql<Row>`select chain, n, entry from kernel_audit
      where (chain, n) > (${last.chain}, ${last.n}) order by chain, n limit ${BATCH}`.execute(db)
    for (const { chain, n, entry } of rows) {
      const { principal, action, target, outcome } = searchedOf(JSON.parse(entry) as Entry) // written by the audit
      await sql`update kernel_audit set principal = ${principal}, action = ${action}, target = ${target},
        outcome = ${outcome} where chain = ${chain} and n = ${n}`.execute(db)
    }
    last = rows.at(-1)
  }
}

type Entry = {
  readonly principal: { readonly id: string }
  readonly action: string
  readonly target: string
  readonly outcome: string
}

/** What is repeated of an entry. */
export function searchedOf({
  principal: { id },
  action,
  target,
  outcome,
}: Entry): Record<(typeof COLUMNS)[number], string> {
  return { principal: id, action, target, outcome }
}
