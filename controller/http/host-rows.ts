// SPDX-License-Identifier: Apache-2.0
/** Hosts with some of their members only: what nobody asks for is neither read nor sent. */
import { standingsOf } from '../kernel/host-standing.ts'
import type { Host } from '../kernel/hosts.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { type HostResource, hostProperties, hostResources } from './hosts.ts'
import { problem } from './problems.ts'

type Tree = { readonly [member: string]: Tree | true }

const MOST = 60
/** Not a member of the resource itself, because few ask for it: where each section stands. */
const SECTIONS = 'sections'

/** The members of a list such as `name,presence.online,site.name`; `undefined` for all. Throws `bad-request`. */
export function fieldsAsked(text: string | undefined, kernel: Kernel): Tree | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const names = text.split(',').map(each => each.trim())
  if (names.length > MOST) throw problem('bad-request', `fields: at most ${MOST} members`)
  const known = new Set([SECTIONS, 'desiredPowerState', ...Object.keys(hostProperties)])
  for (const { properties } of kernel.facets) for (const name of Object.keys(properties)) known.add(name)
  const tree: Record<string, Tree | true> = { resourceId: true }
  for (const name of names) {
    const path = name.split('.')
    if (!known.has(path[0] ?? '') || path.length > 4 || path.includes(''))
      throw problem('bad-request', `fields: a host has no member ${name.slice(0, 60)}`)
    graft(tree, path)
  }
  return tree
}

/** A member asked for as a whole stays whole. */
function graft(tree: Record<string, Tree | true>, [name = '', ...rest]: readonly string[]): void {
  const present = Object.hasOwn(tree, name) ? tree[name] : undefined
  if (present === true) return
  if (rest.length === 0) {
    tree[name] = true
    return
  }
  const branch = { ...present }
  graft(branch, rest)
  tree[name] = branch
}

/** Reads and renders what is asked of hosts of one project. */
export async function hostRows(
  kernel: Kernel,
  project: string,
  { hosts, fields }: { readonly hosts: readonly Host[]; readonly fields: Tree },
): Promise<HostResource[]> {
  const ids = hosts.map(({ id }) => id)
  const sections = Object.hasOwn(fields, SECTIONS) ? await standingsOf(kernel.store, project, ids) : undefined
  const resources = await hostResources(kernel, project, hosts, new Set(Object.keys(fields)))
  return resources.map(resource => {
    const whole =
      sections === undefined ? resource : { ...resource, [SECTIONS]: sections.get(resource.resourceId) ?? [] }
    return pruned(whole, fields) as HostResource // with the members that were asked for
  })
}

function pruned(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map(each => pruned(each, tree))
  if (typeof value !== 'object' || value === null) return value
  const kept: Record<string, unknown> = {}
  for (const [name, branch] of Object.entries(tree)) {
    const member = Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined
    if (member !== undefined) kept[name] = branch === true ? member : pruned(member, branch)
  }
  return kept
}
