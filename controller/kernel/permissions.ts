// SPDX-License-Identifier: Apache-2.0
/** Who may do what: permissions are verbs on kinds, roles are sets of them. */
import type { RiskClass } from '../../plugins/contract/index.ts'
import type { Permission } from '../query/roles.ts'
import type { Place } from './access.ts'

export { isRole, PERMISSIONS, type Permission, ROLES, type Role } from '../query/roles.ts'

const BY_CLASS: Readonly<Record<RiskClass, Permission>> = {
  0: 'host.read',
  1: 'host.operate',
  2: 'host.change',
  3: 'host.access',
  4: 'host.destroy',
}

/** The permission a command of a risk class asks for. */
export function permissionFor(riskClass: RiskClass): Permission {
  return BY_CLASS[riskClass]
}

/** Hosts of a project: those at one of the sites, if any are named, that carry all the labels. */
export type HostSelector = {
  readonly sites?: readonly string[]
  readonly labels?: readonly { readonly key: string; readonly value: string }[]
}

/** Where a grant holds: everywhere, in one project, or for some hosts of one. */
export type Scope = { readonly project?: string; readonly hosts?: HostSelector }

/** One reason why somebody may, or may not, do something: a role bound to a scope. */
export type Grant = {
  /** Id of the binding, or `role` for what the account or token itself carries. */
  readonly id: string
  readonly role: string
  readonly effect: 'allow' | 'deny'
  readonly permissions: ReadonlySet<Permission>
  readonly scope: Scope
}

/** Somebody or something that acts. */
export type Principal = {
  readonly id: string
  readonly kind: 'person' | 'service' | 'host' | 'system'
  readonly name: string
  readonly role: string
  /** How it was recognised: `token`, `certificate`, `setup-link`, `console`. */
  readonly via: string
  readonly address?: string
  /** What it may do everywhere in the installation. */
  readonly permissions: ReadonlySet<Permission>
  /** All its grants; without them, `permissions` hold everywhere and nothing else does. */
  readonly grants?: readonly Grant[]
  /** Where the request at hand acts; only the API sets it. */
  readonly at?: Place
}

/** What the controller itself does: sweeps, timers, rules. */
export const SYSTEM: Principal = {
  id: 'system',
  kind: 'system',
  name: 'controller',
  role: 'system',
  via: 'internal',
  permissions: new Set(),
}
