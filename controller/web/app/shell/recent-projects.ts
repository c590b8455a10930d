// SPDX-License-Identifier: Apache-2.0
/** The projects that somebody worked in last, so that going back to one takes no search. */

const KEPT = 5
/** With fewer in all, a list of its own helps nobody. */
const WORTH_IT = 6

/** The newest comes first. */
export function withRecent(recent: readonly string[], project: string): readonly string[] {
  if (recent[0] === project) return recent
  return [project, ...recent.filter(each => each !== project)].slice(0, KEPT)
}

/** Those that were worked in lately and are still there, in that order, and the others by name. */
export function groupedProjects(
  names: readonly string[],
  recent: readonly string[],
): { readonly lately: readonly string[]; readonly others: readonly string[] } {
  const lately = names.length < WORTH_IT ? [] : recent.filter(name => names.includes(name))
  return { lately, others: names.filter(name => !lately.includes(name)) }
}
