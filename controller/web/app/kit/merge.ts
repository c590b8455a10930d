// SPDX-License-Identifier: Apache-2.0
/** Brings together two changes of one document: what only one side changed is taken, the rest must be chosen. Pure. */
import { isMembers, type Json, own, same } from './diff.ts'

/** A member that both sides changed, each in another way. */
export type Conflict = {
  readonly path: readonly string[]
  readonly base: Json | undefined
  readonly theirs: Json | undefined
  readonly mine: Json | undefined
}
export type Choice = 'theirs' | 'mine' | 'both'

/** A member that one side changed and the other did not. */
export type Taken = {
  readonly path: readonly string[]
  readonly side: 'theirs' | 'mine' | 'same'
  readonly value: Json | undefined
}

export type Merge = {
  readonly conflicts: readonly Conflict[]
  readonly taken: readonly Taken[]
  /** The whole document once every conflict is chosen, by its `pathKey`; `undefined` before. */
  resolve(choices: ReadonlyMap<string, Choice>): { readonly document: Json | undefined } | undefined
}

export type Sides = {
  readonly base: Json | undefined
  readonly theirs: Json | undefined
  readonly mine: Json | undefined
}

/** Spells a path so that no two paths are spelled alike (RFC 6901). */
export function pathKey(path: readonly string[]): string {
  return path.map(name => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

export function mergeOf(sides: Sides): Merge {
  const conflicts: Conflict[] = []
  const taken: Taken[] = []
  walk(sides, [], { conflict: each => conflicts.push(each), took: each => taken.push(each) })
  return {
    conflicts,
    taken,
    resolve: choices => {
      if (conflicts.some(({ path }) => !choices.has(pathKey(path)))) return undefined
      return { document: build(sides, [], choices) }
    },
  }
}

type Told = { readonly conflict: (each: Conflict) => void; readonly took: (each: Taken) => void }

function walk(sides: Sides, path: readonly string[], told: Told): void {
  const verdict = judge(sides)
  if (verdict === 'unchanged') return
  if (verdict === 'deeper') {
    for (const name of namesOf(sides)) walk(memberOf(sides, name), [...path, name], told)
    return
  }
  if (verdict === 'conflict') told.conflict({ path, ...sides })
  else told.took({ path, side: verdict, value: verdict === 'mine' ? sides.mine : sides.theirs })
}

type Verdict = 'unchanged' | 'same' | 'theirs' | 'mine' | 'deeper' | 'conflict'

function judge({ base, theirs, mine }: Sides): Verdict {
  if (same(theirs, mine) && same(base, mine)) return 'unchanged'
  if (isMembers(theirs) && isMembers(mine)) return 'deeper'
  if (same(theirs, mine)) return 'same'
  if (same(base, theirs)) return 'mine'
  return same(base, mine) ? 'theirs' : 'conflict'
}

function namesOf({ base, theirs, mine }: Sides): readonly string[] {
  return [...new Set([base, theirs, mine].flatMap(each => (isMembers(each) ? Object.keys(each) : [])))]
}

function memberOf({ base, theirs, mine }: Sides, name: string): Sides {
  const of = (side: Json | undefined) => (isMembers(side) ? own(side, name) : undefined)
  return { base: of(base), theirs: of(theirs), mine: of(mine) }
}

function build(sides: Sides, path: readonly string[], choices: ReadonlyMap<string, Choice>): Json | undefined {
  const verdict = judge(sides)
  if (verdict === 'unchanged' || verdict === 'same' || verdict === 'theirs') return sides.theirs
  if (verdict === 'mine') return sides.mine
  if (verdict === 'deeper') {
    const members = namesOf(sides).flatMap(name => {
      const value = build(memberOf(sides, name), [...path, name], choices)
      return value === undefined ? [] : [[name, value] as const]
    })
    return Object.fromEntries(members)
  }
  const choice = choices.get(pathKey(path))
  if (choice === 'both') return union(sides)
  return choice === 'mine' ? sides.mine : sides.theirs
}

/** Whether both sides of a conflict can be kept: each changed a list. */
export function canKeepBoth({ theirs, mine }: Sides): boolean {
  return Array.isArray(theirs) && Array.isArray(mine)
}

/** Theirs with what is only mine after it; what either took out of the base stays out. */
function union({ base, theirs, mine }: Sides): Json {
  const [first, second, was] = [list(theirs), list(mine), list(base)]
  const has = (of: readonly Json[], wanted: Json) => of.some(each => same(each, wanted))
  const kept = first.filter(each => !has(was, each) || has(second, each))
  return [...kept, ...second.filter(each => !has(first, each) && !has(was, each))]
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}
