// SPDX-License-Identifier: Apache-2.0
/** Lists and counts hosts: filtered, ordered, in pages, and as far as the caller sees them. */
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import { type Keyset, keysetOf, type Position, type Positioned } from '../query/keyset.ts'
import type { Fields, Filter, OrderBy, SqlField } from '../query/query.ts'
import { allOf, filterSql, searchSql } from '../query/sql.ts'
import type { Db } from '../store/store.ts'
import { HOST_FIELDS } from './host-fields.ts'
import { type HostsWithin, labelSql, withinSql } from './host-scope.ts'
import { type Host, hostOf, type Label } from './hosts.ts'
import type { KernelTables } from './tables/tables.ts'

export type HostSelection = {
  readonly ids?: readonly string[] | undefined
  /** Part of one of the searched members, whatever the case. */
  readonly search?: string | undefined
  readonly labels?: readonly Label[] | undefined
  readonly online?: boolean | undefined
  readonly filter?: Filter | undefined
  /** Members that `filter` and `order` may name; the kernel's own unless given. */
  readonly fields?: Fields<SqlField> | undefined
  /** What the caller sees of the project; everything unless given. */
  readonly within?: HostsWithin | undefined
}

export type HostQuery = HostSelection & {
  readonly limit: number
  readonly order?: OrderBy | undefined
  /** Where the page before ended; with the same order. */
  readonly after?: Position | undefined
  readonly offset?: number | undefined
}

export type HostPage = {
  readonly hosts: readonly Host[]
  /** Of the whole selection. */
  readonly total: number
  readonly hasNext: boolean
  /** Where this page ends, when there is more. */
  readonly end?: Position
}

/**
 * Lists hosts, by id unless ordered otherwise; the id makes every order total. Throws `filter-invalid` and
 * `order-invalid` for members that are not known.
 */
export async function listHosts(db: Db, project: string, query: HostQuery): Promise<HostPage> {
  const kysely = db.installation<KernelTables>()
  const { order = [], fields = HOST_FIELDS, limit, offset = 0 } = query
  const matching = selectionSql(project, query)
  const keyset = keysetOf(order, narrows(query) ? unindexed(order, fields) : fields, sql.ref('kernel_hosts.id'))
  const found = await pageOf(kysely, { query, keyset, matching })
  const page = found.slice(0, limit)
  const hasNext = found.length > limit
  const last = page.at(-1)
  // When the end was seen from here, there is nothing to count.
  const whole = found.length < sought(limit) && query.after === undefined && (offset === 0 || page.length > 0)
  return {
    hosts: await readHosts(
      db,
      project,
      page.map(({ id }) => id),
    ),
    total: whole ? offset + found.length : await countSelected(db, project, query),
    hasNext,
    ...(hasNext && last !== undefined ? { end: keyset.positionOf(last) } : {}),
  }
}

/** Counts the hosts of a selection. */
export async function countSelected(db: Db, project: string, selection: HostSelection): Promise<number> {
  const matching = sql`${selectionSql(project, selection)} and ${countHint(selection)}`
  const { rows } = await sql<{ total: number }>`select count(*) as total from kernel_hosts
    where ${matching}`.execute(db.installation<KernelTables>())
  return Number(rows[0]?.total ?? 0)
}

/** Members of the kernel's that the index of statuses holds. */
const COUNTED: ReadonlySet<string> = new Set([
  ...['resourceId', 'hostStatus', 'hostStatusIndicator'],
  ...['site', 'siteId', 'siteID', 'site.resourceId', 'site.siteID'],
])

/**
 * Always true, and says which index to count by: the narrow one of the statuses, when all that is asked for stands in it.
 * Labels and members of modules name their hosts themselves, which is quicker than any walk.
 */
function countHint({ filter, search = '', online, labels = [] }: HostSelection): RawBuilder<SqlBool> {
  const asked = filter === undefined ? [] : mentioned(filter)
  const held = search === '' && online === undefined && labels.length === 0 && asked.every(name => COUNTED.has(name))
  return held ? sql`kernel_hosts.status >= ''` : sql`1 = 1`
}

const BARE_WORD = ''

/** The names of the members a filter asks about. */
function mentioned(filter: Filter): readonly string[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.parts.flatMap(mentioned)
    case 'not':
      return mentioned(filter.part)
    case 'text':
      return [BARE_WORD]
    default:
      return [filter.field.join('.')]
  }
}

/** Whether anything is asked beyond the project. */
function narrows({ ids, search = '', labels = [], online, filter, within }: HostSelection): boolean {
  const asked = [ids, online, filter, within === undefined ? undefined : withinSql(within)]
  return search !== '' || labels.length > 0 || asked.some(each => each !== undefined)
}

/** Orders for which an index holds all that filters ask for. */
const COVERED: ReadonlySet<string> = new Set(['resourceId', 'name'])

/**
 * An index that gives another order holds nothing to filter by, so walking it would read the wide row of each host that
 * does not fit; an expression in place of the column keeps the database from it.
 */
function unindexed(order: OrderBy, fields: Fields<SqlField>): Fields<SqlField> {
  const [first] = order
  const field = first === undefined || !Object.hasOwn(fields, first.field) ? undefined : fields[first.field]
  if (first === undefined || field === undefined || COVERED.has(first.field)) return fields
  return { ...fields, [first.field]: { ...field, sql: () => sql`coalesce(${field.sql()}, null)` } }
}

/** Looking further than the page costs little, and often shows the end, which spares the counting. */
const LOOKAHEAD = 250
const sought = (limit: number): number => Math.max(limit + 1, LOOKAHEAD)

type Found = Positioned & { readonly id: string }
type Paging = { readonly query: HostQuery; readonly keyset: Keyset; readonly matching: RawBuilder<SqlBool> }

/** Ids only: all that filters and orders ask for stands in an index, so that the wide rows are read for one page alone. */
async function pageOf(kysely: Kysely<KernelTables>, { query, keyset, matching }: Paging): Promise<readonly Found[]> {
  const { after, limit, offset = 0 } = query
  const behind = after === undefined ? sql`` : sql`and ${keyset.after(after)}`
  const { rows } = await sql<Found>`select kernel_hosts.id as id, ${keyset.columns} from kernel_hosts
    where ${matching} ${behind} order by ${keyset.orderBy} limit ${sought(limit)} offset ${offset}`.execute(kysely)
  return rows
}

/** In the order of the ids. */
async function readHosts(db: Db, project: string, ids: readonly string[]): Promise<readonly Host[]> {
  if (ids.length === 0) return []
  const rows = await db
    .of<KernelTables>(project)
    .select('kernel_hosts')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute()
  const byId = new Map(rows.map(row => [row.id, row]))
  return ids.flatMap(id => {
    const row = byId.get(id)
    return row === undefined ? [] : [hostOf(row)]
  })
}

/** What EIM shows above its list of hosts. */
export type HostSummary = {
  readonly total: number
  /** With a status that indicates an error. */
  readonly error: number
  readonly running: number
  /** Without a site. */
  readonly unallocated: number
}

/** Counts the hosts of a selection by what matters first, in one pass. */
export async function summarizeHosts(db: Db, project: string, selection: HostSelection): Promise<HostSummary> {
  const { rows } = await sql<Record<keyof HostSummary, number | null>>`select count(*) as total,
      sum(case when kernel_hosts.status_indicator = 'ERROR' then 1 else 0 end) as error,
      sum(case when kernel_hosts.status = 'Running' then 1 else 0 end) as running,
      sum(case when kernel_hosts.site is null then 1 else 0 end) as unallocated
    from kernel_hosts where ${selectionSql(project, selection)} and ${countHint(selection)}`.execute(
    db.installation<KernelTables>(),
  )
  const [row] = rows
  const { total, error, running, unallocated } = row ?? { total: 0, error: 0, running: 0, unallocated: 0 }
  return { total: Number(total), error: Number(error), running: Number(running), unallocated: Number(unallocated) }
}

function selectionSql(project: string, selection: HostSelection): RawBuilder<SqlBool> {
  const { ids, search, labels = [], online, filter, fields = HOST_FIELDS, within } = selection
  const conditions = [
    sql<SqlBool>`kernel_hosts.project = ${project}`,
    // Written out, so that the indices without deleted hosts are used.
    sql<SqlBool>`kernel_hosts.state != 'deleted'`,
    ids === undefined ? undefined : sql<SqlBool>`kernel_hosts.id in (${sql.join(ids.length === 0 ? [''] : [...ids])})`,
    search === undefined || search === '' ? undefined : searchSql(search, fields),
    ...labels.map(({ key, value }) => labelSql(key, value)),
    online === undefined ? undefined : sql<SqlBool>`kernel_hosts.online = ${online ? 1 : 0}`,
    filterSql(filter, fields),
    within === undefined ? undefined : withinSql(within),
  ]
  return allOf(conditions.filter(each => each !== undefined))
}
