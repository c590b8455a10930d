// SPDX-License-Identifier: Apache-2.0
/** What can be permitted, and the sets of it that have names, for the controller and for those that ask it. Pure. */

export const PERMISSIONS = [
  'host.read',
  'host.label',
  'host.operate',
  'host.change',
  'host.access',
  'host.destroy',
  'host.admit',
  'inventory.read',
  'inventory.write',
  'token.read',
  'token.write',
  'event.read',
  'audit.read',
  'access.read',
  'access.write',
  'project.read',
  'project.write',
  'webhook.read',
  'webhook.write',
  'system.read',
  'system.write',
] as const
export type Permission = (typeof PERMISSIONS)[number]

const VIEWER = ['host.read', 'inventory.read', 'event.read', 'project.read'] as const satisfies readonly Permission[]
const OPERATOR = [...VIEWER, 'host.label', 'host.operate', 'token.read'] as const
const ENGINEER = [
  ...OPERATOR,
  'host.change',
  'host.admit',
  'inventory.write',
  'token.write',
  'webhook.read',
  'webhook.write',
  'system.read',
] as const
const MANAGER = [...ENGINEER, 'host.access', 'host.destroy', 'audit.read', 'access.read', 'access.write'] as const

export const ROLES = {
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
  admin: PERMISSIONS,
} as const satisfies Readonly<Record<string, readonly Permission[]>>
export type Role = keyof typeof ROLES

export function isRole(name: string): name is Role {
  return Object.hasOwn(ROLES, name)
}

/** What a role of this list may; nothing for a name that is not on it. */
export function rightsOf(role: string): readonly Permission[] {
  return isRole(role) ? ROLES[role] : []
}
