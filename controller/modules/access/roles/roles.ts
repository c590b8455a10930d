// SPDX-License-Identifier: Apache-2.0
/** Roles: those that are built in, and those an installation adds. */
import { PERMISSIONS, type Permission, ROLES } from '../../../kernel/permissions.ts'
import type { Db } from '../../../store/store.ts'
import { problem } from '../problems.ts'
import type { AccessTables, RoleRow } from '../tables.ts'

export type RoleResource = {
  readonly name: string
  readonly description: string
  readonly permissions: readonly Permission[]
  readonly builtIn: boolean
}

/** The kernel's, and one for those who only bring machines in. */
const BUILT_IN: Readonly<
  Record<string, { readonly permissions: readonly Permission[]; readonly description: string }>
> = {
  viewer: { permissions: ROLES.viewer, description: 'can look at hosts, inventory and events' },
  operator: { permissions: ROLES.operator, description: 'can also label and operate hosts, but not change them' },
  engineer: { permissions: ROLES.engineer, description: 'can also admit and configure hosts and change the inventory' },
  manager: {
    permissions: ROLES.manager,
    description: 'can also open sessions, retire hosts, read the audit and say who may do what',
  },
  security: {
    permissions: ROLES.security,
    description: 'can admit hosts, open sessions, read the audit and say who may do what',
  },
  admin: { permissions: ROLES.admin, description: 'can do everything' },
  onboarder: {
    permissions: ['host.admit', 'token.read', 'token.write'],
    description: 'can bring machines in, and see nothing of those that are there',
  },
}

export function isBuiltIn(name: string): boolean {
  return Object.hasOwn(BUILT_IN, name)
}

/** What a built-in role may; for roles that no installation can change. */
export function builtInPermissions(name: string): readonly Permission[] {
  return BUILT_IN[name]?.permissions ?? []
}

export async function listRoles(db: Db): Promise<readonly RoleResource[]> {
  const rows = await db.installation<AccessTables>().selectFrom('access_roles').selectAll().orderBy('name').execute()
  const builtIn = Object.entries(BUILT_IN).map(([name, role]) => ({ name, ...role, builtIn: true }))
  return [...builtIn, ...rows.map(roleOf)]
}

export async function findRole(db: Db, name: string): Promise<RoleResource | undefined> {
  const known = BUILT_IN[name]
  if (known !== undefined && isBuiltIn(name)) return { name, ...known, builtIn: true }
  const row = await db
    .installation<AccessTables>()
    .selectFrom('access_roles')
    .selectAll()
    .where('name', '=', name)
    .executeTakeFirst()
  return row === undefined ? undefined : roleOf(row)
}

/** Throws `role-unknown`. */
export async function roleNamed(db: Db, name: string): Promise<RoleResource> {
  const role = await findRole(db, name)
  if (role === undefined) throw problem('role-unknown', name.slice(0, 60))
  return role
}

/** Rows were written by this module; permissions that this version does not know are left out. */
function roleOf({ name, description, permissions }: RoleRow): RoleResource {
  const listed = JSON.parse(permissions) as Permission[]
  return { name, description, permissions: listed.filter(each => PERMISSIONS.includes(each)), builtIn: false }
}
