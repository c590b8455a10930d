// SPDX-License-Identifier: Apache-2.0
/** Roles, permissions and places as sentences. */
import { type RightName, rights, t } from '../words/permissions.ts'

/** Every permission there are words for, from looking to deciding. */
export const RIGHTS: readonly RightName[] = Object.keys(rights) as RightName[] // what it was made of

/** What people ask about first; the others are not worth a "cannot". */
const NOTABLE: readonly RightName[] = ['host.operate', 'host.change', 'host.access', 'host.destroy', 'access.write']

/** A permission in words; one that is newer than this page keeps its name. */
export function rightText(permission: string): string {
  const known: Readonly<Record<string, string>> = rights
  return known[permission] ?? permission
}

/** "Can look at hosts and label hosts. Cannot open the console or screen of a machine." */
export function roleSentence(permissions: readonly string[]): string {
  if (permissions.length === 0) return t.nothing
  if (RIGHTS.every(right => permissions.includes(right))) return t.everything
  const known = RIGHTS.filter(right => permissions.includes(right))
  const newer = permissions.filter(each => !known.some(right => right === each))
  const missing = NOTABLE.filter(right => !permissions.includes(right))
  const can = t.can(t.and([...known, ...newer].map(rightText)))
  return missing.length === 0 ? can : `${can} ${t.cannot(t.or(missing.map(rightText)))}`
}

export type LabelPair = { readonly key: string; readonly value: string }
/** Where something holds; without a project in all of them. */
export type Place = {
  readonly project?: string | undefined
  readonly sites?: readonly string[] | undefined
  readonly labels?: readonly LabelPair[] | undefined
}

/** "for hosts of site Lyon with line=4 in project plant"; sites are told by their names where those are known. */
export function placeText(
  { project, sites = [], labels = [] }: Place,
  siteName: (id: string) => string = id => id,
): string {
  const narrow = sites.length > 0 || labels.length > 0
  if (!narrow) return project === undefined ? t.everywhere : t.inProject(project)
  return [
    t.hosts,
    ...(sites.length === 0 ? [] : [t.ofSites(t.and(sites.map(siteName)), sites.length)]),
    ...(labels.length === 0 ? [] : [t.withLabels(t.and(labels.map(({ key, value }) => `${key}=${value}`)))]),
    project === undefined ? t.inEveryProject : t.inProject(project),
  ].join(' ')
}

export type GrantText = { readonly role: string; readonly effect: 'allow' | 'deny'; readonly scope: Place }

/** "operator in project plant", "never security everywhere". */
export function grantText({ role, effect, scope }: GrantText, siteName?: (id: string) => string): string {
  return `${effect === 'deny' ? t.not(role) : role} ${placeText(scope, siteName)}`
}

/** Everything that was given to somebody, in one line. */
export function grantsText(
  accountRole: string,
  grants: readonly GrantText[],
  siteName?: (id: string) => string,
): string {
  const own = accountRole === 'none' || accountRole === '' ? [] : [t.account(accountRole)]
  const all = [...own, ...grants.map(each => grantText(each, siteName))]
  return all.length === 0 ? t.noGrant : all.join('; ')
}

/** A place as the command line takes it; the project follows `-p`. */
export function placeFlags({ project, sites = [], labels = [] }: Place, quoted: (word: string) => string): string {
  const words = [
    ...(project === undefined ? ['--everywhere'] : ['-p', quoted(project)]),
    ...sites.flatMap(site => ['--site', quoted(site)]),
    ...labels.flatMap(({ key, value }) => ['-l', quoted(`${key}=${value}`)]),
  ]
  return words.map(word => ` ${word}`).join('')
}
