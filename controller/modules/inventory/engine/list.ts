// SPDX-License-Identifier: Apache-2.0
/** Pages of a kind's rows: filtered, in any order, by offset or by cursor. */
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import { canonical } from '../../../../plugins/contract/index.ts'
import { decodeCursor, encodeCursor } from '../../../query/cursor.ts'
import { parseFilter } from '../../../query/filter.ts'
import { keysetOf, type Positioned } from '../../../query/keyset.ts'
import { parseOrder } from '../../../query/order.ts'
import { filterSql } from '../../../query/sql.ts'
import type { Db } from '../../../store/store.ts'
import type { Page, Query } from './engine.ts'
import type { Kind, Row } from './kind.ts'
import type { ResourceTables, World } from './world.ts'

const PAGE = 20

export type Listed = {
  readonly kind: Kind
  readonly project: string
  readonly query: Query
  /** Only rows with this in this column. */
  readonly within?: { readonly column: string; readonly id: string } | undefined
}

/** Throws `filter-invalid`, `order-invalid` and `cursor-invalid`. */
export async function listOf(world: World, db: Db, { kind, project, query, within }: Listed): Promise<Page> {
  const fields = world.fieldsOf(kind)
  const { filter = '', orderBy = '', pageSize = PAGE, offset = 0, asked = {} } = query
  const order = parseOrder(orderBy.trim() === '' ? (kind.order ?? '') : orderBy)
  const keyset = keysetOf(order, fields, sql.ref(`${kind.table}.id`))
  const conditions = [
    sql<SqlBool>`${sql.ref(`${kind.table}.project`)} = ${project}`,
    within === undefined ? undefined : sql<SqlBool>`${sql.ref(`${kind.table}.${within.column}`)} = ${within.id}`,
    await kind.narrow?.({ db, project, asked }),
    filterSql(parseFilter(filter), fields),
  ]
  const matching = sql.join(
    conditions.filter(each => each !== undefined),
    sql` and `,
  )
  const digest = digestOf(world, { kind, query, within })
  const after = query.cursor === undefined || query.cursor === '' ? undefined : decodeCursor(query.cursor, digest)
  const behind = after === undefined ? sql`` : sql`and ${keyset.after(after.position)}`
  const from = sql`from ${sql.table(kind.table)} where ${matching}`
  const tables = db.installation<ResourceTables>()
  const { rows: found } = await sql<
    Row & Positioned
  >`select ${sql.table(kind.table)}.*, ${keyset.columns} ${from} ${behind}
    order by ${keyset.orderBy} limit ${pageSize + 1} offset ${offset}`.execute(tables)
  const last = found[pageSize - 1]
  const hasNext = found.length > pageSize
  // When the end was seen from the beginning, there is nothing to count.
  const whole = after === undefined && !hasNext && (offset === 0 || found.length > 0)
  const total = after?.total ?? (whole ? offset + found.length : await countOf(tables, from))
  return {
    rows: found.slice(0, pageSize),
    total,
    hasNext,
    ...(hasNext && last !== undefined
      ? { nextCursor: encodeCursor({ position: keyset.positionOf(last), total }, digest) }
      : {}),
  }
}

async function countOf(tables: Kysely<ResourceTables>, from: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ total: number }>`select count(*) as total ${from}`.execute(tables)
  return Number(rows[0]?.total ?? 0)
}

/** A cursor goes with the question it answers a part of, and with no other. */
function digestOf(world: World, { kind, query, within }: Omit<Listed, 'project'>): string {
  const { filter = '', orderBy = '', asked = {} } = query
  const { cursor, offset, pageSize, ...question } = asked
  return world.kernel.digest(canonical([kind.name, within?.id ?? '', filter, orderBy, question]))
}
