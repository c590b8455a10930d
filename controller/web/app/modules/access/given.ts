// SPDX-License-Identifier: Apache-2.0
/** Grants as rows: whom they are about, and which of them fit. */
import { placeText } from '../../kit/rights.ts'
import { t as words } from '../../words/access.ts'
import type { Binding } from './queries.ts'

export function whoOf({ name, principal = '', group }: Binding, nameOf: (id: string) => string): string {
  return group === undefined ? (name ?? nameOf(principal)) : words.given.group(group)
}

/** Those that fit; `where` is a project, or `*` for those that hold in every one. */
export function fittingBindings(
  bindings: readonly Binding[],
  { words: find, where }: { readonly words: string; readonly where: string },
  nameOf: (id: string) => string,
): readonly Binding[] {
  const needle = find.trim().toLowerCase()
  return bindings.filter(binding => {
    const { project } = binding.scope
    if (where === '*' && project !== undefined) return false
    if (where !== '' && where !== '*' && project !== where) return false
    const text = `${whoOf(binding, nameOf)} ${binding.role} ${placeText(binding.scope)} ${binding.effect}`
    return text.toLowerCase().includes(needle)
  })
}
