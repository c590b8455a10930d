// SPDX-License-Identifier: Apache-2.0
/** Members of what rows refer to, or of what refers to them, as members of the rows themselves. */
import { type RawBuilder, sql } from 'kysely'
import type { SqlField } from './query.ts'

/** How rows belong together: `from.by` of the rows asked for is `alias.key` of the others, within a project. */
export type Way = {
  /** A name, or a query in brackets. */
  readonly table: string | RawBuilder<unknown>
  readonly alias: string
  readonly key: string
  readonly from: string
  readonly by: string
  /** `from.by` exists once in the installation, whatever the project: then it alone says which rows are meant. */
  readonly once?: boolean
}

/**
 * Reads a member of other rows: as a value for orders, and for filters from the other rows' side, which finds the few
 * that fit once instead of asking for each row.
 */
export function through(field: SqlField, { table, alias, key, from, by, once = false }: Way): SqlField {
  const { searched: _, always: __, some, order, ...more } = field
  const others = sql`${typeof table === 'string' ? sql.table(table) : table} as ${sql.id(alias)}`
  const own = { project: sql.ref(`${from}.project`), key: sql.ref(`${from}.${by}`) }
  const theirs = { project: sql.ref(`${alias}.project`), key: sql.ref(`${alias}.${key}`) }
  // A list of single values is made once; one of pairs twice, to enter an index by and to check what was found.
  const [mine, all] = once
    ? [own.key, theirs.key]
    : [sql`(${own.project}, ${own.key})`, sql`${theirs.project}, ${theirs.key}`]
  const read = (value: RawBuilder<unknown>) =>
    sql`(select ${value} from ${others} where ${theirs.project} = ${own.project} and ${theirs.key} = ${own.key})`
  return {
    ...more,
    sql: () => read(field.sql()),
    ...(order === undefined ? {} : { order: () => read(order()) }),
    some: test => sql`(${own.key} is not null and ${mine} in (
      select ${all} from ${others}
      where ${theirs.key} is not null and ${some === undefined ? test(field.sql(), field.sql()) : some(test)}))`,
  }
}
