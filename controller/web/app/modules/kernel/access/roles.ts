// SPDX-License-Identifier: Apache-2.0
/** What the roles of the kernel may, for tokens that carry one; a test compares them with the controller's. */

const VIEWER = ['host.read', 'inventory.read', 'event.read', 'project.read']
const OPERATOR = [...VIEWER, 'host.label', 'host.operate', 'token.read']
const ENGINEER = [
  ...OPERATOR,
  'host.change',
  'host.admit',
  'inventory.write',
  'token.write',
  'webhook.read',
  'webhook.write',
  'system.read',
]
const MANAGER = [...ENGINEER, 'host.access', 'host.destroy', 'audit.read', 'access.read', 'access.write']

const ROLES: Readonly<Record<string, readonly string[]>> = {
  viewer: VIEWER,
  operator: OPERATOR,
  engineer: ENGINEER,
  manager: MANAGER,
  security: [
    ...VIEWER,
    'host.admit',
    'host.access',
    'token.read',
    'audit.read',
    'access.read',
    'access.write',
    'system.read',
  ],
  admin: [...MANAGER, 'project.read', 'project.write', 'system.write'],
}

export const BUILT_IN_ROLES: readonly string[] = Object.keys(ROLES)

/** The permissions of a role; none for one that is not the kernel's. */
export function roleRights(role: string): readonly string[] {
  return [...new Set(ROLES[role] ?? [])]
}
