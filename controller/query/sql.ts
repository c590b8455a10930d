// SPDX-License-Identifier: Apache-2.0
/** A filter as SQL over the expressions of its members. */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Fields, FieldType, Filter, SqlField } from './query.ts'
import { type Asked, askedBy, askedByHas, type Bound, fold, type Test } from './tests.ts'
import { versionSql } from './version.ts'

type Condition = RawBuilder<SqlBool>

/**
 * A condition that is never `NULL`, so that NOT of it means what it says. `undefined` when there is nothing to ask.
 * Throws `filter-invalid` for what the members do not allow.
 */
export function filterSql(filter: Filter | undefined, fields: Fields<SqlField>): Condition | undefined {
  return filter === undefined ? undefined : conditionOf(filter, fields)
}

function conditionOf(filter: Filter, fields: Fields<SqlField>): Condition {
  switch (filter.kind) {
    case 'and':
      return allOf(filter.parts.map(part => conditionOf(part, fields)))
    case 'or':
      return anyOf(filter.parts.map(part => conditionOf(part, fields)))
    case 'not':
      return negation(conditionOf(filter.part, fields))
    case 'compare':
      return asked(askedBy(filter, fields))
    case 'has':
      return asked(askedByHas(filter, fields))
    case 'text':
      return searchSql(filter.value.text, fields)
  }
}

/** A bare word: one of the searched members contains it. */
export function searchSql(text: string, fields: Fields<SqlField>): Condition {
  const folded = fold(text)
  const test: Test = { is: 'contains', text: folded }
  const searched = Object.values(fields).filter(field => field.searched === true)
  // What reaches over the end of a line could be found across two members.
  const shared = folded.includes('\n') ? [] : [...new Set(searched.flatMap(field => field.foundIn ?? []))]
  const others = searched.filter(({ foundIn }) => foundIn === undefined || !shared.includes(foundIn))
  return anyOf([
    ...shared.map(foundIn => sql<SqlBool>`(instr(${foundIn()}, ${folded}) > 0)`),
    ...others.map(field => someSql(field, test)),
  ])
}

/** Both must be true of it; nothing is asked by an empty list. */
export function allOf(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? sql<SqlBool>`(1 = 1)` : sql<SqlBool>`(${sql.join(conditions, sql` and `)})`
}

function anyOf(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? sql<SqlBool>`(1 = 0)` : sql<SqlBool>`(${sql.join(conditions, sql` or `)})`
}

function negation(condition: Condition): Condition {
  return sql<SqlBool>`(not ${condition})`
}

function asked({ member: { field }, negated, tests }: Asked<SqlField>): Condition {
  const condition = allOf(tests.map(test => someSql(field, test)))
  return negated ? negation(condition) : condition
}

function someSql(field: SqlField, test: Test): Condition {
  if (field.some !== undefined) return field.some((value, key) => testSql({ value, key, type: field.type }, test))
  const value = field.sql()
  const condition = testSql({ value, key: value, type: field.type }, test)
  return field.always === true || test.is === 'present'
    ? condition
    : sql<SqlBool>`(${value} is not null and ${condition})`
}

type Tested = { readonly value: RawBuilder<unknown>; readonly key: RawBuilder<unknown>; readonly type: FieldType }

/** May be `NULL` where the value is. */
function testSql(tested: Tested, test: Test): Condition {
  const { value, key, type } = tested
  switch (test.is) {
    case 'present':
      if (type === 'labels') return sql<SqlBool>`(${key} is not null)`
      return type === 'integer' || type === 'boolean'
        ? sql<SqlBool>`(${value} is not null)`
        : sql<SqlBool>`(${value} is not null and ${value} != '')`
    case 'contains':
      return type === 'labels'
        ? anyOf([containsSql(key, test.text), containsSql(value, test.text)])
        : containsSql(value, test.text)
    case 'among':
      return sql<SqlBool>`${value} in (${sql.join([...test.values])})`
    case 'label':
      return test.value === undefined
        ? sql<SqlBool>`${key} = ${test.key}`
        : sql<SqlBool>`(${key} = ${test.key} and ${value} = ${test.value})`
    case 'keyed':
      return sql<SqlBool>`(${key} = ${test.key} and ${testSql({ ...tested, type: 'id' }, test.test)})`
    default:
      return boundSql(value, { bound: test.is, value: test.value, type })
  }
}

function containsSql(value: RawBuilder<unknown>, folded: string): Condition {
  const pattern = `%${folded.replace(/[\\%_]/g, match => `\\${match}`)}%`
  // Here LIKE takes the two cases of ASCII letters for the same, which is quicker than to fold the value first.
  return sql<SqlBool>`${value} like ${pattern} escape '\\'`
}

const BOUNDS: Readonly<Record<Bound, RawBuilder<unknown>>> = {
  below: sql`<`,
  upTo: sql`<=`,
  above: sql`>`,
  from: sql`>=`,
}

type Limit = { readonly bound: Bound; readonly value: string | number; readonly type: FieldType }

/** Empty texts are absent, as in `= ""`. */
function boundSql(value: RawBuilder<unknown>, limit: Limit): Condition {
  if (limit.type === 'integer' || limit.type === 'boolean')
    return sql<SqlBool>`${value} ${BOUNDS[limit.bound]} ${limit.value}`
  if (limit.type === 'version')
    return sql<SqlBool>`(${value} != '' and ${versionSql(value)} ${BOUNDS[limit.bound]} ${limit.value})`
  const compared = limit.type === 'text' ? sql`lower(${value})` : value
  return sql<SqlBool>`(${value} != '' and ${compared} ${BOUNDS[limit.bound]} ${limit.value})`
}
