// SPDX-License-Identifier: Apache-2.0
/** Pages by position: goes on behind the last row of a page, whatever the order, while rows come and go. */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { orderedField } from './check.ts'
import { problem } from './problems.ts'
import type { Fields, OrderBy, SqlField } from './query.ts'

type Value = string | number | null
/** Where a page ended: the values of the order, and last the id. */
export type Position = readonly Value[]
type Term = { readonly value: RawBuilder<unknown>; readonly descending: boolean; readonly always: boolean }
/** A row as selected with `columns`. */
export type Positioned = Readonly<Record<string, unknown>>

export type Keyset = {
  /** What to select so that `positionOf` finds it. */
  readonly columns: RawBuilder<unknown>
  readonly orderBy: RawBuilder<unknown>
  /** Rows that come after the position. Throws `cursor-invalid` when the position belongs to another order. */
  after(position: Position): RawBuilder<SqlBool>
  positionOf(row: Positioned): Position
}

/**
 * An order made total by the id. Absent values come first, and last where the order descends.
 * Throws `order-invalid` for members that are unknown or have no order.
 */
export function keysetOf(order: OrderBy, fields: Fields<SqlField>, id: RawBuilder<unknown>): Keyset {
  const terms = order.map(({ field: name, descending, at }): Term => {
    const field = orderedField(fields, name, at)
    return { value: field.order?.() ?? field.sql(), descending, always: field.always === true }
  })
  // An order that ends in descending members reads the index backwards only if the id descends too.
  terms.push({ value: id, descending: terms.at(-1)?.descending ?? false, always: true })
  return {
    columns: sql.join(terms.map(({ value }, index) => sql`${value} as ${sql.ref(`k${index}`)}`)),
    orderBy: sql.join(terms.map(orderSql)),
    after: position => {
      if (position.length !== terms.length) throw problem('cursor-invalid')
      return afterSql(terms, position)
    },
    // The columns selected are texts, numbers or absent.
    positionOf: row => terms.map((_, index) => row[`k${index}`] as Value),
  }
}

function orderSql({ value, descending, always }: Term): RawBuilder<unknown> {
  if (always) return descending ? sql`${value} desc` : sql`${value} asc`
  return descending ? sql`${value} desc nulls last` : sql`${value} asc nulls first`
}

function afterSql([term, ...terms]: readonly Term[], [value = null, ...values]: Position): RawBuilder<SqlBool> {
  if (term === undefined) return sql<SqlBool>`(1 = 0)`
  const rest = terms.length === 0 ? undefined : afterSql(terms, values)
  if (value === null) return afterNull(term, rest)
  const beyond = term.descending ? sql`<` : sql`>`
  const here = sql<SqlBool>`${term.value} ${beyond} ${value}`
  const last = term.descending && !term.always ? sql<SqlBool>`(${here} or ${term.value} is null)` : here
  if (rest === undefined) return last
  const both = sql<SqlBool>`(${last} or (${term.value} = ${value} and ${rest}))`
  // Says the same once more, in the form in which an index can be entered at the position.
  return term.always ? sql<SqlBool>`(${term.value} ${beyond}= ${value} and ${both})` : both
}

function afterNull({ value, descending }: Term, rest: RawBuilder<SqlBool> | undefined): RawBuilder<SqlBool> {
  const among = rest === undefined ? sql<SqlBool>`(1 = 0)` : sql<SqlBool>`(${value} is null and ${rest})`
  return descending ? among : sql<SqlBool>`(${value} is not null or ${among})`
}
