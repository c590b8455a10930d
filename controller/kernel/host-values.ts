// SPDX-License-Identifier: Apache-2.0
/** The values that a member has among the hosts of a selection, each with the number of hosts that have it. */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { memberOf } from '../query/members.ts'
import { refuse } from '../query/problems.ts'
import type { SqlField } from '../query/query.ts'
import { fold } from '../query/tests.ts'
import type { Db } from '../store/store.ts'
import { HOST_FIELDS } from './host-fields.ts'
import { countSelected, type HostSelection, narrows, selectionSql } from './host-list.ts'
import type { KernelTables } from './tables/tables.ts'

export type ValuesQuery = {
  /** As filters name it; `metadata.<key>` for the values of a label, `metadata` for the keys of labels. */
  readonly member: string
  /** Part of the value, whatever the case. */
  readonly containing?: string | undefined
  readonly limit: number
}

export type HostValues = {
  readonly member: string
  /** The most frequent first. */
  readonly values: readonly { readonly value: string; readonly count: number }[]
  /** There are more than were asked for. */
  readonly more: boolean
  /** Hosts of the selection without a value. */
  readonly absent: number
  readonly total: number
}

type Row = { readonly kind: 'value' | 'absent' | 'all'; readonly value: string | number | null; readonly count: number }

/** Throws `filter-invalid` for members that are not known, and for those that have no values of their own. */
export async function valuesOf(
  db: Db,
  project: string,
  { member, containing = '', limit, ...selection }: ValuesQuery & HostSelection,
): Promise<HostValues> {
  const { fields = HOST_FIELDS } = selection
  const path = member.startsWith('metadata.') ? ['metadata', member.slice('metadata.'.length)] : member.split('.')
  const { field, key } = memberOf(fields, path, { at: 0 })
  if (key === '')
    throw refuse('filter-invalid', { at: 0, token: member, expected: 'the key of a label behind the dot' })
  if (field.type === 'reference')
    throw refuse('filter-invalid', { at: 0, token: member, expected: `a member of it such as ${member}.resourceId` })
  const isLabel = field.type === 'labels'
  const selected = selectionSql(project, selection)
  // A host that was deleted has no labels any more.
  const those = narrows(selection)
    ? sql<SqlBool>`counted.host in (select kernel_hosts.id from kernel_hosts where ${selected})`
    : sql<SqlBool>`counted.project = ${project}`
  const found = isLabel ? labelCounts({ key, those }) : memberCounts(field, selected)
  const { rows } = await sql<Row>`with found as materialized (${found})
    select * from (select 'value' as kind, value, count from found where value is not null and value != ''
      and ${containsSql(containing)} order by count desc, value limit ${limit + 1})
    union all select 'absent', null, coalesce(sum(count), 0) from found where value is null or value = ''
    union all select 'all', null, coalesce(sum(count), 0) from found`.execute(db.installation<KernelTables>())
  const values = rows.filter(({ kind }) => kind === 'value')
  const counted = (kind: Row['kind']): number => Number(rows.find(row => row.kind === kind)?.count ?? 0)
  // A host has any number of labels, so that what was found says nothing of how many hosts there are.
  const total = isLabel ? await countSelected(db, project, selection) : counted('all')
  const labelled = key === undefined && isLabel ? await countLabelled(db, selected) : counted('all')
  return {
    member,
    values: values.slice(0, limit).map(({ value, count }) => ({ value: String(value), count: Number(count) })),
    more: values.length > limit,
    absent: isLabel ? total - labelled : counted('absent'),
    total,
  }
}

function memberCounts(field: SqlField, selected: RawBuilder<SqlBool>): RawBuilder<unknown> {
  return sql`select ${field.sql()} as value, count(*) as count from kernel_hosts where ${selected} group by 1`
}

async function countLabelled(db: Db, selected: RawBuilder<SqlBool>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from kernel_hosts
    where ${selected} and exists (select 1 from kernel_labels as counted
      where counted.project = kernel_hosts.project and counted.host = kernel_hosts.id)`.execute(
    db.installation<KernelTables>(),
  )
  return Number(rows[0]?.count ?? 0)
}

type Labels = { readonly key: string | undefined; readonly those: RawBuilder<SqlBool> }

/** By the value of one key, or by key. */
function labelCounts({ key, those }: Labels): RawBuilder<unknown> {
  const counted = sql.ref(key === undefined ? 'counted.key' : 'counted.value')
  const which = key === undefined ? sql<SqlBool>`1 = 1` : sql<SqlBool>`counted.key = ${key}`
  return sql`select ${counted} as value, count(*) as count from kernel_labels as counted
    where ${which} and ${those} group by 1`
}

function containsSql(text: string): RawBuilder<SqlBool> {
  return text === '' ? sql<SqlBool>`1 = 1` : sql<SqlBool>`instr(lower(value), ${fold(text)}) > 0`
}
