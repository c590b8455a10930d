// SPDX-License-Identifier: Apache-2.0
/** `muster region tree`: regions within regions, and the sites in them. */
import type { Session } from '../call.ts'
import type { Run } from '../grammar.ts'
import { literal } from '../render/text.ts'
import { kindOf } from '../resources/catalogue.ts'
import { listPlace } from '../resources/find.ts'
import { either, member, type Resource } from '../resources/kind.ts'

export type Branch = {
  readonly kind: 'Region' | 'Site'
  readonly id: string
  readonly name: string
  readonly children: readonly Branch[]
}

export const tree: Run = async call => {
  const session = await call.session()
  const roots = treeOf(await all(session, 'region'), await all(session, 'site'))
  if (call.output.format === 'table' || call.output.format === 'wide') {
    await call.output.data(roots.map(root => drawBranch(root, 0)).join(''))
    return undefined
  }
  await call.output.list({ kind: 'Location', name: ({ id }: Branch) => id, columns: [] }, roots)
  return undefined
}

async function all(session: Session, noun: string): Promise<readonly Resource[]> {
  const [place] = kindOf(noun).places
  return (await listPlace(session, place, { orderBy: 'name' })).resources
}

const parentOf = either('parentRegion.resourceId', 'parentId')
const regionOf = either('region.resourceId', 'regionId')
const idOf = member('resourceId')

/** Puts regions and sites under each other; what has no parent, or one that is not there, is a root. */
export function treeOf(regions: readonly Resource[], sites: readonly Resource[]): readonly Branch[] {
  const known = new Set(regions.map(idOf))
  const under = (list: readonly Resource[], of: (resource: Resource) => string): Map<string, Resource[]> => {
    const map = new Map<string, Resource[]>()
    for (const each of list) {
      const parent = known.has(of(each)) ? of(each) : ''
      map.set(parent, [...(map.get(parent) ?? []), each])
    }
    return map
  }
  const [regionsOf, sitesOf] = [under(regions, parentOf), under(sites, regionOf)]
  const leaf = (site: Resource): Branch => ({ kind: 'Site', id: idOf(site), name: member('name')(site), children: [] })
  const branch = (region: Resource): Branch => {
    const id = idOf(region)
    const children = [...(regionsOf.get(id) ?? []).map(branch), ...(sitesOf.get(id) ?? []).map(leaf)]
    return { kind: 'Region', id, name: member('name')(region), children }
  }
  return [...(regionsOf.get('') ?? []).map(branch), ...(sitesOf.get('') ?? []).map(leaf)]
}

/** Ids of the sites in a region and in all regions below it. */
export async function sitesWithin(session: Session, region: string): Promise<readonly string[]> {
  const branches = treeOf(await all(session, 'region'), await all(session, 'site'))
  const sites: string[] = []
  const walk = (branch: Branch, within: boolean): void => {
    const inside = within || branch.id === region
    if (inside && branch.kind === 'Site') sites.push(branch.id)
    for (const child of branch.children) walk(child, inside)
  }
  for (const branch of branches) walk(branch, false)
  return sites
}

function drawBranch({ kind, id, name, children }: Branch, depth: number): string {
  const indent = depth === 0 ? '' : `${' '.repeat(8 * (depth - 1))}└───── `
  return `${literal(`${indent}${kind}: ${id} (${name})`)}\n${children.map(each => drawBranch(each, depth + 1)).join('')}`
}
