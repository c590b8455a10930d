// SPDX-License-Identifier: Apache-2.0
/** Says in sentences why somebody may do something, or why not. */
import { decide, grantsOf, type Place } from '../../../kernel/access.ts'
import type { Grant, HostSelector, Permission, Principal, Scope } from '../../../kernel/permissions.ts'
import type { Binding } from './bindings.ts'

export type Explanation = {
  readonly allowed: boolean
  readonly reasons: {
    readonly grant: string
    readonly effect: 'allow' | 'deny'
    readonly decides: boolean
    readonly says: string
  }[]
  /** What is missing for a yes. */
  readonly missing?: string
}

export type Question = {
  readonly permission: Permission
  readonly place: Place
  /** How the place is called. */
  readonly named: string
  /** Whether who asks may know of a grant that says nothing about the place; of those that decide there they may. */
  readonly sees: (grant: Grant) => boolean
}

/** Those that decide come first, then those that have the permission elsewhere. */
export function explain(principal: Principal, bindings: readonly Binding[], asked: Question): Explanation {
  const { allowed, by } = decide(principal, asked.permission, asked.place)
  const about = grantsOf(principal).filter(grant => grant.permissions.has(asked.permission))
  const others = about.filter(grant => !by.includes(grant) && isShown(grant, asked))
  const byId = new Map(bindings.map(binding => [binding.id, binding]))
  const reason = (grant: Grant, decides: boolean) => ({
    grant: grant.id,
    effect: grant.effect,
    decides,
    says: sentence(grant, byId.get(grant.id)),
  })
  return {
    allowed,
    reasons: [...by.map(grant => reason(grant, true)), ...others.map(grant => reason(grant, false))],
    ...(allowed ? {} : { missing: missing(principal, by, asked) }),
  }
}

function isShown(grant: Grant, { place, sees }: Question): boolean {
  return grant.scope.project === undefined || grant.scope.project === place.project || sees(grant)
}

function sentence({ id, role, effect, scope }: Grant, binding: Binding | undefined): string {
  const what = effect === 'deny' ? `denied what ${role} may` : role
  return `${what} ${scopeText(scope)}, because of ${origin(id, binding)}`
}

function origin(id: string, binding: Binding | undefined): string {
  if (binding !== undefined) {
    const whose = binding.group === undefined ? '' : ` of the group ${binding.group}`
    return `the binding ${id}${whose} made by ${binding.createdBy} on ${binding.createdAt}`
  }
  return id === 'role' ? 'the role of the account itself' : `the mapping ${id} of the identity provider`
}

function scopeText({ project, hosts }: Scope): string {
  const where = project === undefined ? 'in the whole installation' : `in project ${project}`
  return hosts === undefined ? where : `${hostsText(hosts)} ${where}`
}

function hostsText({ sites, labels = [] }: HostSelector): string {
  const at = sites === undefined ? [] : [`at ${sites.length === 1 ? 'site' : 'the sites'} ${sites.join(', ')}`]
  const carrying =
    labels.length === 0 ? [] : [`labelled ${labels.map(({ key, value }) => `${key}=${value}`).join(', ')}`]
  return ['for hosts', ...at, ...carrying].join(' ')
}

function missing(principal: Principal, denials: readonly Grant[], asked: Question): string {
  const { permission, named, place } = asked
  if (denials.length > 0)
    return `nothing may deny ${permission} ${named}: ${denials.map(({ id }) => id).join(', ')} must go`
  const held = grantsOf(principal).filter(grant => grant.effect === 'allow' && isShown(grant, asked))
  const roles = [...new Set(held.map(grant => roleText(grant, place)))].join(', ')
  return `no role of ${principal.name} has ${permission} ${named}${roles === '' ? '' : ` (roles: ${roles})`}`
}

/** A role that does not hold at all of the place says where it does. */
function roleText({ role, scope: { project, hosts } }: Grant, place: Place): string {
  const where = project === undefined || project === place.project ? '' : ` in project ${project}`
  return `${role}${hosts === undefined ? '' : ' of some hosts'}${where}`
}
