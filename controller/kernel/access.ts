// SPDX-License-Identifier: Apache-2.0
/** Decides who may do what where, from grants alone: pure, so that every answer can be explained. */
import { type HostsWithin, selects } from './host-scope.ts'
import type { Label } from './hosts.ts'
import {
  type Grant,
  type HostSelector,
  PERMISSIONS,
  type Permission,
  type Principal,
  type Scope,
} from './permissions.ts'

/** What selectors look at. */
export type HostTraits = { readonly site?: string | undefined; readonly labels: readonly Label[] }

/** Where something is done: in the installation as a whole, in a project as a whole, or on one host of it. */
export type Place = { readonly project?: string; readonly host?: HostTraits }

export type Decision = {
  readonly allowed: boolean
  /** The grants that decided: those that deny, else those that allow; none when nothing was granted. */
  readonly by: readonly Grant[]
}

/** All grants of somebody, those that came without any among them. */
export function grantsOf({
  role,
  permissions,
  grants,
}: Pick<Principal, 'role' | 'permissions' | 'grants'>): readonly Grant[] {
  return grants ?? [{ id: 'role', role, effect: 'allow', permissions, scope: {} }]
}

/**
 * Whether a permission holds at a place. One grant that denies it there wins over any that allow it, whichever of
 * them is the narrower. What is asked of a project as a whole must be allowed for each of its hosts, so there a denial
 * for some hosts counts too.
 */
export function decide(
  principal: Pick<Principal, 'role' | 'permissions' | 'grants'>,
  permission: Permission,
  place: Place = {},
): Decision {
  const about = grantsOf(principal).filter(grant => grant.permissions.has(permission))
  const denied = about.filter(grant => grant.effect === 'deny' && touches(grant.scope, place))
  if (denied.length > 0) return { allowed: false, by: denied }
  const allowed = about.filter(grant => grant.effect === 'allow' && covers(grant.scope, place))
  return { allowed: allowed.length > 0, by: allowed }
}

/** Whether a permission holds where the request at hand acts. */
export function may(principal: Principal, permission: Permission): boolean {
  return decide(principal, permission, principal.at ?? {}).allowed
}

/** The hosts of a project for which a permission holds, to narrow lists by. */
export function hostsWithin(
  principal: Pick<Principal, 'role' | 'permissions' | 'grants'>,
  permission: Permission,
  project: string,
): HostsWithin {
  const about = grantsOf(principal).filter(grant => grant.permissions.has(permission) && isIn(grant.scope, project))
  const denied = about.filter(grant => grant.effect === 'deny').map(grant => grant.scope.hosts ?? {})
  if (denied.some(selectsAll)) return { allow: [], deny: [] }
  const allowed = about.filter(grant => grant.effect === 'allow').map(grant => grant.scope.hosts ?? {})
  return { allow: allowed.some(selectsAll) ? 'all' : allowed, deny: denied }
}

/** Whether `hostsWithin` leaves any host that could be reached. */
export function anyHost({ allow }: HostsWithin): boolean {
  return allow === 'all' || allow.length > 0
}

/** Whether nothing is narrowed. */
export function everyHost({ allow, deny }: HostsWithin): boolean {
  return allow === 'all' && deny.length === 0
}

/** Whether somebody may do anything at all in a project; to everybody else it does not exist. */
export function mayEnter(principal: Pick<Principal, 'role' | 'permissions' | 'grants'>, project: string): boolean {
  return PERMISSIONS.some(permission => anyHost(hostsWithin(principal, permission, project)))
}

/** What holds in the whole installation, as `Principal.permissions` has it. */
export function installationPermissions(grants: readonly Grant[]): ReadonlySet<Permission> {
  const nobody = { role: '', permissions: new Set<Permission>(), grants }
  return new Set(PERMISSIONS.filter(permission => decide(nobody, permission).allowed))
}

/** Whether somebody holds a permission in all of a scope, by one of their grants. */
export function holdsWithin(
  principal: Pick<Principal, 'role' | 'permissions' | 'grants'>,
  permission: Permission,
  scope: Scope,
): boolean {
  const place: Place = scope.project === undefined ? {} : { project: scope.project }
  if (decide(principal, permission, place).allowed) return true
  if (scope.hosts === undefined) return false
  return grantsOf(principal).some(
    grant => grant.effect === 'allow' && grant.permissions.has(permission) && isPartOf(scope, grant.scope),
  )
}

/** Whether a scope is a part of another, as far as that can be told without looking at hosts. */
function isPartOf(scope: Scope, other: Scope): boolean {
  if (other.project !== undefined && other.project !== scope.project) return false
  const { sites, labels = [] } = scope.hosts ?? {}
  const { sites: atSites, labels: needed = [] } = other.hosts ?? {}
  if (atSites !== undefined && (sites === undefined || !sites.every(site => atSites.includes(site)))) return false
  return needed.every(({ key, value }) => labels.some(label => label.key === key && label.value === value))
}

export type Narrowing = { readonly permissions: ReadonlySet<Permission>; readonly scope: Scope }

/** The grants of somebody who lends a part of what they may: allowed is what both allow, denied what either denies. */
export function narrowed(grants: readonly Grant[], { permissions, scope }: Narrowing): readonly Grant[] {
  return grants.flatMap(grant => {
    if (grant.effect === 'deny') return [grant]
    const both = intersected(grant.scope, scope)
    if (both === undefined) return []
    return [
      { ...grant, permissions: new Set([...grant.permissions].filter(each => permissions.has(each))), scope: both },
    ]
  })
}

/** Where both scopes hold; `undefined` when that is nowhere. */
function intersected(one: Scope, other: Scope): Scope | undefined {
  if (one.project !== undefined && other.project !== undefined && one.project !== other.project) return undefined
  const project = one.project ?? other.project
  const hosts = bothSelectors(one.hosts, other.hosts)
  if (hosts?.sites?.length === 0) return undefined
  return { ...(project === undefined ? {} : { project }), ...(hosts === undefined ? {} : { hosts }) }
}

function bothSelectors(one: HostSelector | undefined, other: HostSelector | undefined): HostSelector | undefined {
  if (one === undefined || other === undefined) return one ?? other
  const { sites } = one
  const common = sites === undefined ? other.sites : sites.filter(site => other.sites?.includes(site) ?? true)
  const labels = [...(one.labels ?? []), ...(other.labels ?? [])]
  return { ...(common === undefined ? {} : { sites: common }), labels }
}

function isIn({ project }: Scope, name: string): boolean {
  return project === undefined || project === name
}

/** A selector that leaves nothing out; sites that name none select none. */
function selectsAll({ sites, labels = [] }: HostSelector): boolean {
  return sites === undefined && labels.length === 0
}

/** Whether a scope holds for all of a place. */
function covers({ project, hosts = {} }: Scope, place: Place): boolean {
  if (project !== undefined && project !== place.project) return false
  return selectsAll(hosts) || (place.host !== undefined && selects(hosts, place.host))
}

/** Whether a scope holds for any part of a project or host; the installation is denied only as a whole. */
function touches({ project, hosts = {} }: Scope, place: Place): boolean {
  if (place.project === undefined) return project === undefined && selectsAll(hosts)
  if (project !== undefined && project !== place.project) return false
  return place.host === undefined || selects(hosts, place.host)
}
