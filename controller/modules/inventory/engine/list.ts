// SPDX-License-Identifier: Apache-2.0
/** Pages of a kind's rows: filtered, in any order, by offset or by cursor. */
import { type SqlBool, sql } from 'kysely'
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
  const behind =
    query.cursor === undefined || query.cursor === ''
      ? sql``
      : sql`and ${keyset.after(decodeCursor(query.cursor, digest))}`
  const from = sql`from ${sql.table(kind.table)} where ${matching}`
  const tables = db.installation<ResourceTables>()
  const { rows: found } = await sql<
    Row & Positioned
  >`select ${sql.table(kind.table)}.*, ${keyset.columns} ${from} ${behind}
    order by ${keyset.orderBy} limit ${pageSize + 1} offset ${offset}`.execute(tables)
  const counted = await sql<{ total: number }>`select count(*) as total ${from}`.execute(tables)
  const last = found[pageSize - 1]
  const hasNext = found.length > pageSize
  return {
    rows: found.slice(0, pageSize),
    total: Number(counted.rows[0]?.total ?? 0),
    hasNext,
    ...(hasNext && last !== undefined ? { nextCursor: encodeCursor(keyset.positionOf(last), digest) } : {}),
  }
}

/** A cursor goes with the question it answers a part of, and with no other. */
function digestOf(world: World, { kind, query, within }: Omit<Listed, 'project'>): string {
  const { filter = '', orderBy = '', asked = {} } = query
  const { cursor, offset, pageSize, ...question } = asked
  return world.kernel.digest(canonical([kind.name, within?.id ?? '', filter, orderBy, question]))
}
