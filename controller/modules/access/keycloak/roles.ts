// SPDX-License-Identifier: Apache-2.0
/** What somebody may do, in the names of Edge Infrastructure Manager's roles. They inform clients; decisions are made from grants. */
import { decide, mayEnter } from '../../../kernel/access.ts'
import type { Permission, Principal } from '../../../kernel/permissions.ts'
import type { Project } from '../../../kernel/projects.ts'

/** More would not fit into a header. */
const MOST_PROJECTS = 40

const WORDS: readonly (readonly [string, readonly Permission[]])[] = [
  ['im-r', ['host.read', 'inventory.read']],
  ['im-rw', ['host.change', 'inventory.write']],
  ['en-ob', ['host.admit']],
  ['alrt-r', ['event.read']],
]

const OF_ORGANIZATION: readonly (readonly [string, Permission])[] = [
  ['project-read-role', 'project.read'],
  ['project-write-role', 'project.write'],
  ['project-update-role', 'project.write'],
  ['project-delete-role', 'project.write'],
]

/** `realm_access.roles`: membership and rights by project, and what holds for the organization. */
export function eimRoles(principal: Principal, projects: readonly Project[], organization: string): readonly string[] {
  const entered = projects.filter(({ name }) => mayEnter(principal, name)).slice(0, MOST_PROJECTS)
  const own = entered.flatMap(({ name: project, uuid }) => [
    `${organization}_${uuid}_m`,
    ...WORDS.filter(([, needed]) => needed.every(each => decide(principal, each, { project }).allowed)).map(
      ([word]) => `${uuid}_${word}`,
    ),
  ])
  const wide = OF_ORGANIZATION.filter(([, needed]) => decide(principal, needed).allowed)
  return ['default-roles-master', ...own, ...wide.map(([word]) => `${organization}_${word}`)]
}
