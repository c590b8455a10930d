// SPDX-License-Identifier: Apache-2.0
/** Resources that are for exactly one of several things: what a write makes of their target members, and how they are found. */
import { type Expression, type SqlBool, sql } from 'kysely'
import type { Finding } from '../../../plugins/contract/index.ts'
import type { Cell, Draft } from './engine/kind.ts'
import { refuseFindings } from './findings.ts'

/** Name of the member in bodies to the column it fills. */
export type TargetColumns = Readonly<Record<string, string>>

/**
 * Columns to clear, or why the targets cannot be so. A change that names one new target moves the resource there; a
 * body that names two, or leaves none, is refused.
 */
export function targetOutcome(
  columns: TargetColumns,
  { given, next }: Pick<Draft, 'given' | 'next'>,
): { readonly clear: Readonly<Record<string, Cell>> } | { readonly findings: readonly Finding[] } {
  const names = Object.keys(columns)
  const said = names.filter(name => typeof given[name] === 'string' && given[name] !== '')
  if (said.length > 1) {
    const message = `only one target is possible, not ${said.join(' and ')}`
    return { findings: said.map(name => ({ pointer: `/body/${name}`, message })) }
  }
  const [moved] = said
  if (moved !== undefined) {
    const others = Object.entries(columns).filter(([name]) => name !== moved)
    return { clear: Object.fromEntries(others.map(([, column]) => [column, null])) }
  }
  if (Object.values(columns).some(column => typeof next[column] === 'string')) return { clear: {} }
  const [first = ''] = names
  return { findings: [{ pointer: `/body/${first}`, message: `needs one of ${names.join(', ')}` }] }
}

/** The columns to clear. Throws `invalid` with what is wrong with the targets, and with what else was found wrong. */
export function targetsSettled(
  columns: TargetColumns,
  draft: Draft,
  more: readonly Finding[] = [],
): Readonly<Record<string, Cell>> {
  const outcome = targetOutcome(columns, draft)
  refuseFindings([...('findings' in outcome ? outcome.findings : []), ...more])
  return 'clear' in outcome ? outcome.clear : {}
}

/** Rows of a table that are for one of these things, of which there must be some. */
export function isFor(table: string, columns: TargetColumns, ids: readonly string[]): Expression<SqlBool> {
  const each = Object.values(columns).map(column => sql`${sql.ref(`${table}.${column}`)} in (${sql.join([...ids])})`)
  return sql<SqlBool>`(${sql.join(each, sql` or `)})`
}
