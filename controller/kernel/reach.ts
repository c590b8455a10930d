// SPDX-License-Identifier: Apache-2.0
/** Narrows rows that name a host to the hosts somebody reaches. */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { hostsWithin } from './access.ts'
import { withinSql } from './host-scope.ts'
import type { Permission, Principal } from './permissions.ts'

export type Reach = {
  readonly project: string
  readonly permission: Permission
  readonly column: string
  /** What the column holds of a host: its id unless given. */
  readonly by?: 'id' | 'uuid'
}

/** A condition over the column that names the host; always true for those who reach every host of the project. */
export function reachSql(principal: Principal, { project, permission, column, by = 'id' }: Reach): RawBuilder<SqlBool> {
  const within = withinSql(hostsWithin(principal, permission, project))
  if (within === undefined) return sql<SqlBool>`(1 = 1)`
  return sql<SqlBool>`(${sql.ref(column)} in (select ${sql.ref(`kernel_hosts.${by}`)} from kernel_hosts
    where kernel_hosts.project = ${project} and kernel_hosts.state != 'deleted' and ${within}))`
}
