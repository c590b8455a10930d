// SPDX-License-Identifier: Apache-2.0
/** Which hosts of a project somebody sees: selectors of sites and labels, in memory and as SQL. */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { HostSelector } from './permissions.ts'

/** A host is within when a selector of `allow` fits it and none of `deny` does. */
export type HostsWithin = { readonly allow: readonly HostSelector[] | 'all'; readonly deny: readonly HostSelector[] }

type Placed = {
  readonly site?: string | undefined
  readonly labels: readonly { readonly key: string; readonly value: string }[]
}

/** Whether somebody sees a host. */
export function isWithin(host: Placed, { allow, deny }: HostsWithin): boolean {
  if (deny.some(selector => selects(selector, host))) return false
  return allow === 'all' || allow.some(selector => selects(selector, host))
}

/** A selector without sites and labels fits every host; an empty list of sites fits none. */
export function selects({ sites, labels = [] }: HostSelector, host: Placed): boolean {
  if (sites !== undefined && (host.site === undefined || !sites.includes(host.site))) return false
  return labels.every(({ key, value }) => host.labels.some(label => label.key === key && label.value === value))
}

/** The same over rows of `kernel_hosts`; `undefined` when every host is within. */
export function withinSql({ allow, deny }: HostsWithin): RawBuilder<SqlBool> | undefined {
  const refused = deny.map(selector => sql<SqlBool>`not ${selectorSql(selector)}`)
  const conditions = allow === 'all' ? refused : [anyOf(allow.map(selectorSql)), ...refused]
  return conditions.length === 0 ? undefined : sql<SqlBool>`(${sql.join(conditions, sql` and `)})`
}

function anyOf(conditions: readonly RawBuilder<SqlBool>[]): RawBuilder<SqlBool> {
  return conditions.length === 0 ? sql<SqlBool>`(1 = 0)` : sql<SqlBool>`(${sql.join(conditions, sql` or `)})`
}

function selectorSql({ sites, labels = [] }: HostSelector): RawBuilder<SqlBool> {
  const conditions = labels.map(({ key, value }) => labelSql(key, value))
  if (sites !== undefined) conditions.push(siteSql(sites))
  return conditions.length === 0 ? sql<SqlBool>`(1 = 1)` : sql<SqlBool>`(${sql.join(conditions, sql` and `)})`
}

function siteSql(sites: readonly string[]): RawBuilder<SqlBool> {
  if (sites.length === 0) return sql<SqlBool>`(1 = 0)`
  // Coalesced, so that NOT of it is true for a host without a site.
  return sql<SqlBool>`(coalesce(kernel_hosts.site, '') in (${sql.join([...sites])}))`
}

/** The label, looked up once and not for each row. An id exists once in the installation. */
export function labelSql(key: string, value: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`(kernel_hosts.id in
    (select host from kernel_labels where key = ${key} and value = ${value}))`
}
