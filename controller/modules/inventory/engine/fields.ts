// SPDX-License-Identifier: Apache-2.0
/** By what the resources of a kind may be filtered and ordered: their own columns, and those of what they refer to. */
import { type RawBuilder, sql } from 'kysely'
import type { FieldType, SqlField } from '../../../query/query.ts'
import { through } from '../../../query/through.ts'
import { isOutside, type Kind, type Member, type OutsideKind, type ReferenceMember } from './kind.ts'
import { enumOf, shownUnset } from './members.ts'

/** EIM follows references so far. */
export const DEEPEST = 5

type Fields = Record<string, SqlField>

export type FieldSource = {
  /** Finds what references lead to. */
  readonly find: (name: string) => Kind | OutsideKind
  /** Name or alias under which the rows stand in the query. */
  readonly alias: string
  /** How many more references are followed. */
  readonly depth?: number
}

export function fieldsOf(kind: Kind, { find, alias, depth = DEEPEST }: FieldSource): Readonly<Fields> {
  const column = (name: string) => () => sql.ref(`${alias}.${name}`)
  const fields: Fields = {
    resourceId: { type: 'id', sql: column('id'), searched: true },
    ...times('createdAt', column('created_at')),
    ...times('updatedAt', column('updated_at')),
  }
  for (const [name, member] of Object.entries(kind.members)) {
    if (member.is === 'alias') fields[name] = { type: 'id', sql: column('id') }
    if (member.is === 'column') Object.assign(fields, columnField(name, member, column(member.column)))
    if (member.is === 'reference') Object.assign(fields, referenceFields(name, member, { find, alias, depth }))
  }
  // A kind's own expressions stand over its table, so they hold for the outermost rows only.
  return alias === kind.table ? { ...fields, ...kind.fields } : fields
}

function times(name: string, column: () => RawBuilder<unknown>): Fields {
  return { [name]: { type: 'time', sql: column }, [`timestamps.${name}`]: { type: 'time', sql: column } }
}

const TYPES = { text: 'text', integer: 'integer', boolean: 'boolean', json: 'none' } as const

function columnField(
  name: string,
  member: Extract<Member, { is: 'column' }>,
  column: () => RawBuilder<unknown>,
): Fields {
  const values = enumOf(member.schema)
  const usual: FieldType | 'none' = values === undefined ? TYPES[member.form ?? 'text'] : 'enum'
  const type = member.filter ?? usual
  if (type === 'none' || member.secret === true) return {}
  const more = {
    ...(type === 'enum' && values !== undefined ? { values } : {}),
    ...(member.searched ? { searched: true } : {}),
  }
  const unset = shownUnset(member)
  if (unset === undefined || unset === '' || type === 'text') return { [name]: { type, sql: column, ...more } }
  return { [name]: { type, sql: () => sql`coalesce(${column()}, ${unset})`, always: true, ...more } }
}

/** The reference itself, its id, and the members of what it leads to, each as a query of one row. */
export function referenceFields(
  name: string,
  { to, column, writes = name, shownAs }: Pick<ReferenceMember, 'to' | 'column' | 'writes' | 'shownAs'>,
  { find, alias, depth = DEEPEST }: FieldSource,
): Readonly<Fields> {
  const id = () => sql.ref(`${alias}.${column}`)
  const fields: Fields = shownAs === 'id' ? {} : { [name]: { type: 'reference', sql: id } }
  if (writes !== name || shownAs === 'id') fields[writes] = { type: 'id', sql: id }
  if (depth <= 0 || shownAs === 'id') return fields
  const target = find(to)
  const inner = isOutside(target) ? target.table : `r${DEEPEST - depth + 1}`
  const theirs = isOutside(target) ? target.fields : fieldsOf(target, { find, alias: inner, depth: depth - 1 })
  const way = { table: target.table, alias: inner, key: 'id', from: alias, by: column }
  for (const [member, field] of Object.entries(theirs)) fields[`${name}.${member}`] = through(field, way)
  fields[`${name}.resourceId`] = { type: 'id', sql: id }
  return fields
}
