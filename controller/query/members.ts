// SPDX-License-Identifier: Apache-2.0
/** Finds the member a path stands for, and names those that come close when there is none. */
import { refuse } from './problems.ts'
import type { Field, Fields } from './query.ts'

export type Member<F extends Field = Field> = {
  readonly name: string
  readonly field: F
  /** Of labels: the key asked for. */
  readonly key?: string
}

type Asked = { readonly at: number; readonly code?: 'filter-invalid' | 'order-invalid' }

/** Throws `filter-invalid` (or the given code) with the names that come closest. */
export function memberOf<F extends Field>(
  fields: Fields<F>,
  path: readonly string[],
  { at, code = 'filter-invalid' }: Asked,
): Member<F> {
  const name = path.join('.')
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (field !== undefined) return { name, field }
  const [root = '', key] = path
  const labels = Object.hasOwn(fields, root) ? fields[root] : undefined
  if (labels?.type === 'labels' && key !== undefined && path.length === 2) return { name, field: labels, key }
  throw refuse(code, { at, token: name, expected: 'a known member', near: nearest(name, Object.keys(fields)) })
}

const SHOWN = 3

/** The known names that take the fewest changes to write, or that begin or end alike. */
function nearest(name: string, known: readonly string[]): readonly string[] {
  const wanted = name.toLowerCase().slice(0, 60)
  const ranked = known
    .map(each => ({ each, far: distance(wanted, each.toLowerCase()) }))
    .filter(({ each, far }) => far <= Math.max(2, wanted.length / 3) || alike(wanted, each.toLowerCase()))
    .sort((one, other) => one.far - other.far || (one.each < other.each ? -1 : 1))
  return ranked.slice(0, SHOWN).map(({ each }) => each)
}

function alike(wanted: string, each: string): boolean {
  return wanted.length >= 3 && (each.includes(wanted) || (each.length >= 3 && wanted.includes(each)))
}

/** Levenshtein's. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1]
    for (let column = 1; column <= other.length; column++) {
      const changed = (row[column - 1] ?? 0) + (letter === other[column - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}
