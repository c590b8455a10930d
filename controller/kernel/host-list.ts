// SPDX-License-Identifier: Apache-2.0
/** Lists and counts hosts: filtered, ordered, in pages, and as far as the caller sees them. */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { type Keyset, keysetOf, type Position, type Positioned } from '../query/keyset.ts'
import type { Fields, Filter, OrderBy, SqlField } from '../query/query.ts'
import { allOf, filterSql, searchSql } from '../query/sql.ts'
import type { Db } from '../store/store.ts'
import { HOST_FIELDS } from './host-fields.ts'
import { type HostsWithin, labelSql, withinSql } from './host-scope.ts'
import { findHosts, type Host, type Label } from './hosts.ts'
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
  /** What the first page found in all: said again, because counting again costs more than the page. */
  readonly counted?: number | undefined
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
  const { order = [], fields = HOST_FIELDS, limit, offset = 0, after, counted } = query
  const few = await fewOf(db, project, query)
  // The few are read by their ids and then ordered; no index that has the order is walked for them.
  const covered = few === undefined ? COVERED : NONE
  const members = narrows(query) ? unindexed(order, fields, covered) : fields
  const keyset = keysetOf(order, members, sql.ref('kernel_hosts.id'))
  const matching = selectionSql(project, few === undefined ? query : { ids: padded(few) })
  const found = few?.length === 0 ? [] : await pageOf(db, { query, keyset, matching })
  const page = found.slice(0, limit)
  const hasNext = found.length > limit
  const last = page.at(-1)
  // When the end was seen from here, there is nothing to count.
  const whole = found.length < sought(limit) && after === undefined && (offset === 0 || page.length > 0)
  const seen = few?.length ?? (whole ? offset + found.length : undefined)
  const ids = page.map(({ id }) => id)
  return {
    hosts: await readHosts(db, project, ids),
    total: counted ?? seen ?? (await countSelected(db, project, query)),
    hasNext,
    ...(hasNext && last !== undefined ? { end: keyset.positionOf(last) } : {}),
  }
}

const FEW = 500

/**
 * The ids of a selection, when there are few: found in one walk over the narrowest index, after which ordering and
 * counting are nothing. Of many, each order shows a page soon, so that the walk is broken off.
 */
async function fewOf(db: Db, project: string, query: HostQuery): Promise<readonly string[] | undefined> {
  const { ids, counted = 0 } = query
  const asked = askedOf(query)
  if (ids !== undefined || counted > FEW || asked.length === 0 || !asked.every(isWalked)) return undefined
  const { rows } = await sql<{ id: string }>`select kernel_hosts.id as id from kernel_hosts
    where ${selectionSql(project, query)} and ${hintOf(query)} limit ${FEW + 1}`.execute(
    db.installation<KernelTables>(),
  )
  return rows.length > FEW ? undefined : rows.map(({ id }) => id)
}

/** As many as the next of a few lengths, so that there are but a few statements to keep: no host has the empty id. */
function padded(ids: readonly string[]): readonly string[] {
  const length = [8, 64, FEW].find(each => each >= ids.length) ?? ids.length
  return Array.from({ length }, (_, index) => ids[index] ?? '')
}

/** Labels and members of modules name their hosts themselves; anything else is looked for in each host. */
function isWalked(name: string): boolean {
  return name === BARE_WORD || (Object.hasOwn(HOST_FIELDS, name) && name !== 'metadata')
}

/** Counts the hosts of a selection. */
export async function countSelected(db: Db, project: string, selection: HostSelection): Promise<number> {
  const matching = sql`${selectionSql(project, selection)} and ${hintOf(selection)}`
  const { rows } = await sql<{ total: number }>`select count(*) as total from kernel_hosts
    where ${matching}`.execute(db.installation<KernelTables>())
  return Number(rows[0]?.total ?? 0)
}

/** Members that the narrowest index holds, which is `kernel_hosts_brief`. */
const BRIEF: ReadonlySet<string> = new Set([
  ...['resourceId', 'name', 'hostStatus', 'hostStatusIndicator', 'online', 'reachability'],
  ...['site', 'siteId', 'siteID', 'site.resourceId', 'site.siteID'],
])

const ANY = sql<SqlBool>`1 = 1`

/**
 * Always true, and says which index to walk over: the narrowest, when all that is asked for stands in it. Labels and
 * members of modules name their hosts themselves, which is quicker than any walk.
 */
function hintOf(selection: HostSelection): RawBuilder<SqlBool> {
  return askedOf(selection).every(name => BRIEF.has(name)) ? sql`kernel_hosts.status >= ''` : ANY
}

/** The names of the members that a selection asks about. */
function askedOf({ filter, search = '', online, labels = [], within }: HostSelection): readonly string[] {
  const limits = within === undefined ? [] : [...(within.allow === 'all' ? [] : within.allow), ...within.deny]
  return [
    ...(filter === undefined ? [] : mentioned(filter)),
    ...(search === '' ? [] : [BARE_WORD]),
    ...(online === undefined ? [] : ['online']),
    ...(labels.length > 0 || limits.some(each => (each.labels ?? []).length > 0) ? ['metadata'] : []),
    ...(limits.some(each => each.sites !== undefined) ? ['site'] : []),
  ]
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
export function narrows({ ids, search = '', labels = [], online, filter, within }: HostSelection): boolean {
  const asked = [ids, online, filter, within === undefined ? undefined : withinSql(within)]
  return search !== '' || labels.length > 0 || asked.some(each => each !== undefined)
}

/** Orders for which an index holds all that filters ask for. */
const COVERED: ReadonlySet<string> = new Set(['resourceId', 'name'])
const NONE: ReadonlySet<string> = new Set()

/**
 * An index that gives another order holds nothing to filter by, so walking it would read the wide row of each host that
 * does not fit; an expression in place of the column keeps the database from it.
 */
function unindexed(order: OrderBy, fields: Fields<SqlField>, covered: ReadonlySet<string>): Fields<SqlField> {
  const [first] = order
  const field = first === undefined || !Object.hasOwn(fields, first.field) ? undefined : fields[first.field]
  if (first === undefined || field === undefined || covered.has(first.field)) return fields
  return { ...fields, [first.field]: { ...field, sql: () => sql`coalesce(${field.sql()}, null)` } }
}

/** Looking further than the page costs little, and often shows the end, which spares the counting. */
const LOOKAHEAD = 250
const sought = (limit: number): number => Math.max(limit + 1, LOOKAHEAD)

type Found = Positioned & { readonly id: string }
type Paging = { readonly query: HostQuery; readonly keyset: Keyset; readonly matching: RawBuilder<SqlBool> }

/** Ids only: all that filters and orders ask for stands in an index, so that the wide rows are read for one page alone. */
async function pageOf(db: Db, { query, keyset, matching }: Paging): Promise<readonly Found[]> {
  const { after, limit, offset = 0 } = query
  const behind = after === undefined ? sql`` : sql`and ${keyset.after(after)}`
  const { rows } = await sql<Found>`select kernel_hosts.id as id, ${keyset.columns} from kernel_hosts
    where ${matching} ${behind} order by ${keyset.orderBy} limit ${sought(limit)} offset ${offset}`.execute(
    db.installation<KernelTables>(),
  )
  return rows
}

/** In the order of the ids. */
async function readHosts(db: Db, project: string, ids: readonly string[]): Promise<readonly Host[]> {
  const hosts = await findHosts(db, project, ids)
  return ids.flatMap(id => hosts.get(id) ?? [])
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
    from kernel_hosts where ${selectionSql(project, selection)} and ${hintOf(selection)}`.execute(
    db.installation<KernelTables>(),
  )
  const [row] = rows
  const { total, error, running, unallocated } = row ?? { total: 0, error: 0, running: 0, unallocated: 0 }
  return { total: Number(total), error: Number(error), running: Number(running), unallocated: Number(unallocated) }
}

/** A condition over `kernel_hosts`. */
export function selectionSql(project: string, selection: HostSelection): RawBuilder<SqlBool> {
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
