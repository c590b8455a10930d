// SPDX-License-Identifier: Apache-2.0
/** How two documents differ, member by member; lists of things with names are compared by those. Pure. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** One difference. `undefined` on a side where there is nothing. */
export type Change = {
  /** Members from the top, such as `['hostNics', 'enp1s0', 'mtu']`. */
  readonly path: readonly string[]
  readonly before: Json | undefined
  readonly after: Json | undefined
}

type Members = { readonly [name: string]: Json }

export function isMembers(value: Json | undefined): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Same content, in whatever order the members are written. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each, at) => same(each, b[at]))
  if (!isMembers(a) || !isMembers(b)) return false
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every(name => Object.hasOwn(b, name) && same(a[name], b[name]))
}

/** Members by which things of a list are told apart, the best first. */
const NAMES = ['resourceId', 'id', 'deviceName', 'pciId', 'address', 'key', 'serial', 'name'] as const

/** A list as members by name, when each thing in it has one of its own. */
function byName(list: readonly Json[], other: readonly Json[]): readonly [Members, Members] | undefined {
  const both = [...list, ...other]
  if (both.length === 0 || !both.every(isMembers)) return undefined
  for (const name of NAMES) {
    const [left, right] = [keyed(list, name), keyed(other, name)]
    if (left !== undefined && right !== undefined) return [left, right]
  }
  return undefined
}

function keyed(list: readonly Json[], name: string): Members | undefined {
  const found = new Map<string, Json>()
  for (const each of list) {
    const key = isMembers(each) ? each[name] : undefined
    if (typeof key !== 'string' || key === '' || found.has(key)) return undefined
    found.set(key, each)
  }
  return Object.fromEntries(found)
}

/** Every difference, in the order in which the members stand. */
export function changesBetween(
  before: Json | undefined,
  after: Json | undefined,
  path: readonly string[] = [],
): readonly Change[] {
  if (same(before, after)) return []
  const sides = sidesOf(before, after)
  if (sides === undefined) return [{ path, before, after }]
  const [left, right] = sides
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])]
  return names.flatMap(name => changesBetween(own(left, name), own(right, name), [...path, name]))
}

function sidesOf(before: Json | undefined, after: Json | undefined): readonly [Members, Members] | undefined {
  if (isMembers(before) && isMembers(after)) return [before, after]
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined
  return byName(before, after)
}

/** `undefined` for what it merely inherits: documents come from machines and may have any names. */
export function own(members: Members, name: string): Json | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined
}
