// SPDX-License-Identifier: Apache-2.0
/** What an identity provider says of somebody, and what that means here: only what was mapped, and nothing by default. */
import type { Grant } from '../../../kernel/permissions.ts'
import { listProjects } from '../../../kernel/projects.ts'
import type { Db } from '../../../store/store.ts'
import type { Mapping, Provider } from '../config.ts'
import { builtInPermissions, findRole } from '../roles/roles.ts'
import type { Told } from '../sessions/sessions.ts'
import type { Claims } from '../tokens/jwt.ts'

const MOST = 500
const LONGEST = 200

/** `undefined` when a list is something else than texts: such a token is not understood, and believed in nothing. */
export function toldBy(claims: Claims, { groupsClaim = 'groups' }: Pick<Provider, 'groupsClaim'>): Told | undefined {
  const groups = texts(memberOf(claims, groupsClaim))
  const roles = texts(memberOf(claims, 'realm_access.roles'))
  return groups === undefined || roles === undefined ? undefined : { groups, roles }
}

function texts(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return []
  const list: unknown = typeof value === 'string' ? [value] : value
  if (!Array.isArray(list) || !list.every(each => typeof each === 'string')) return undefined
  return list.slice(0, MOST).filter(each => each.length <= LONGEST)
}

/** A member by its own name, or by names joined with dots. */
function memberOf(claims: unknown, path: string): unknown {
  if (typeof claims !== 'object' || claims === null) return undefined
  if (Object.hasOwn(claims, path)) return (claims as Record<string, unknown>)[path] // an object, as was looked at
  const dot = path.indexOf('.')
  if (dot < 0 || !Object.hasOwn(claims, path.slice(0, dot))) return undefined
  return memberOf((claims as Record<string, unknown>)[path.slice(0, dot)], path.slice(dot + 1)) // as above
}

/** The audience or the party it was made for (OpenID Connect Core §2). */
export function isFor({ aud, azp }: Claims, { clientId, audience }: Pick<Provider, 'clientId' | 'audience'>): boolean {
  const audiences = typeof aud === 'string' ? [aud] : (aud ?? [])
  if (audience !== undefined) return audiences.includes(audience)
  if (azp !== undefined) return azp === clientId
  return audiences.includes(clientId)
}

/** Grants by the provider's mapping, in the order of the configuration. */
export async function mappedGrants(
  db: Db,
  provider: Provider & { readonly name: string },
  told: Told,
): Promise<readonly Grant[]> {
  const grants: Grant[] = []
  for (const [at, mapping] of (provider.map ?? []).entries()) {
    if (!meets(mapping, told)) continue
    const permissions = (await findRole(db, mapping.as))?.permissions ?? []
    const scope = mapping.project === undefined ? {} : { project: mapping.project }
    const id = `${provider.name}:${at + 1}`
    grants.push({ id, role: mapping.as, effect: 'allow', permissions: new Set(permissions), scope })
  }
  return provider.eim === true ? [...grants, ...(await eimGrants(db, told))] : grants
}

function meets({ group, role }: Mapping, told: Told): boolean {
  if (group === undefined && role === undefined) return false
  const groupFits = group === undefined || told.groups.some(each => fits(group, each))
  return groupFits && (role === undefined || told.roles.some(each => fits(role, each)))
}

/** `*` stands for any text; linear in the length of both. */
export function fits(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return pattern === text
  const last = rest.pop() ?? ''
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false
  let at = first.length
  const end = text.length - last.length
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found < 0 || found + part.length > end) return false
    at = found + part.length
  }
  return true
}

const EIM_ROLES: Readonly<Record<string, string>> = { 'im-r': 'viewer', 'im-rw': 'manager', 'en-ob': 'onboarder' }

/** `<project>_im-r` and its like, with the project's UUID or its name. */
async function eimGrants(db: Db, { roles }: Told): Promise<readonly Grant[]> {
  const named = roles.flatMap(text => {
    const [, project = '', word = ''] = /^(.+)_(im-r|im-rw|en-ob)$/.exec(text) ?? []
    const role = EIM_ROLES[word]
    return role === undefined ? [] : [{ text, project, role }]
  })
  if (named.length === 0) return []
  const projects = await listProjects(db)
  return named.flatMap(({ text, project: id, role }) => {
    const project = projects.find(each => each.uuid === id.toLowerCase() || each.name === id)?.name
    if (project === undefined) return []
    return [
      { id: `eim:${text}`, role, effect: 'allow', permissions: new Set(builtInPermissions(role)), scope: { project } },
    ]
  })
}
