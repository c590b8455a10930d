// SPDX-License-Identifier: Apache-2.0
/** Regions and sites as a tree, with what is known of the hosts in each. Pure. */
import { isTrouble, NO_HOSTS, type PlaceState, stateOf, summed, type Tally } from './state.ts'

export type FlatNode = { readonly id: string; readonly parent: string; readonly name: string; readonly isSite: boolean }

export type PlaceNode = {
  readonly id: string
  readonly name: string
  readonly isSite: boolean
  /** Names of the regions around it, the outermost first. */
  readonly path: readonly string[]
  readonly parent: string
  readonly children: readonly PlaceNode[]
  readonly tally: Tally
  readonly state: PlaceState
  /** Sites in it and below it; 1 for a site. */
  readonly sites: number
  /** Those of them that somebody should look at. */
  readonly troubled: number
  /** Levels of regions in it, its own among them; 0 for a site. */
  readonly height: number
}

/** As many levels of regions as there may be. */
export const MAX_LEVELS = 5

/** The outermost places; regions come before sites, each by name. What names a parent that is not there stands at the top. */
export function treeOf(nodes: readonly FlatNode[], tallies: ReadonlyMap<string, Tally>): readonly PlaceNode[] {
  const regions = new Set(nodes.flatMap(({ id, isSite }) => (isSite ? [] : [id])))
  const below = new Map<string, FlatNode[]>()
  for (const node of nodes) {
    const parent = regions.has(node.parent) && node.parent !== node.id ? node.parent : ''
    below.set(parent, [...(below.get(parent) ?? []), node])
  }
  const built = (node: FlatNode, path: readonly string[]): PlaceNode => {
    const { id, isSite } = node
    const name = node.name === '' ? id : node.name
    // Five levels are all there can be; a loop that should not be there ends here too.
    const inner = isSite || path.length > MAX_LEVELS ? [] : (below.get(id) ?? []).sort(byName)
    const children = inner.map(each => built(each, [...path, name]))
    const tally = isSite ? (tallies.get(id) ?? NO_HOSTS) : summed(children.map(each => each.tally))
    const state = stateOf(tally)
    const count = (of: (each: PlaceNode) => number): number => children.reduce((sum, each) => sum + of(each), 0)
    return {
      ...{ id, name, isSite, path, parent: node.parent, children, tally, state },
      sites: isSite ? 1 : count(each => each.sites),
      troubled: isSite ? Number(isTrouble(state)) : count(each => each.troubled),
      height: isSite ? 0 : 1 + Math.max(0, ...children.map(each => each.height)),
    }
  }
  return (below.get('') ?? []).sort(byName).map(node => built(node, []))
}

function byName(a: FlatNode, b: FlatNode): number {
  return Number(a.isSite) - Number(b.isSite) || a.name.localeCompare(b.name, 'en', { numeric: true })
}

/** All of them, each before what is in it. */
export function flattened(nodes: readonly PlaceNode[]): readonly PlaceNode[] {
  return nodes.flatMap(node => [node, ...flattened(node.children)])
}

export function findPlace(nodes: readonly PlaceNode[], id: string): PlaceNode | undefined {
  return flattened(nodes).find(each => each.id === id)
}

export type BoardRegion = {
  readonly id: string
  readonly path: readonly string[]
  readonly sites: readonly PlaceNode[]
  readonly node: PlaceNode | undefined
}

/** The sites of each region that has some of its own, in the order of the tree; those in no region come last. */
export function boardRegions(nodes: readonly PlaceNode[]): readonly BoardRegion[] {
  const own = nodes.filter(({ isSite }) => isSite)
  const within = (region: PlaceNode): readonly BoardRegion[] => [
    {
      id: region.id,
      path: [...region.path, region.name],
      sites: region.children.filter(({ isSite }) => isSite),
      node: region,
    },
    ...region.children.filter(({ isSite }) => !isSite).flatMap(within),
  ]
  return [
    ...nodes.filter(({ isSite }) => !isSite).flatMap(within),
    { id: '', path: [], sites: own, node: undefined },
  ].filter(({ sites }) => sites.length > 0)
}

/** A place and what is below it, the innermost first, as it must be removed. */
export function innermostFirst(node: PlaceNode): readonly PlaceNode[] {
  return [...node.children.flatMap(innermostFirst), node]
}

/** Rows of the tree that are seen, with their depth. */
export function visibleRows(
  nodes: readonly PlaceNode[],
  open: ReadonlySet<string>,
  depth = 0,
): readonly { readonly node: PlaceNode; readonly depth: number; readonly at: number; readonly of: number }[] {
  return nodes.flatMap((node, index) => [
    { node, depth, at: index + 1, of: nodes.length },
    ...(open.has(node.id) ? visibleRows(node.children, open, depth + 1) : []),
  ])
}
