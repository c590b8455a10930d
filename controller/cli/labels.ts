// SPDX-License-Identifier: Apache-2.0
/** Labels as people type and read them. */
import type { Label } from './api.ts'
import { readLabel } from './options.ts'
import { problem } from './problems.ts'

/** `line=4 site=berlin`, sorted by key. */
export function spellLabels(labels: readonly Label[] | undefined): string {
  return [...(labels ?? [])]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, value }) => `${key}=${value}`)
    .join(' ')
}

/** Applies `k=v` (set) and `k-` (remove) to labels. Throws `usage` for anything else, and when nothing is asked. */
export function changedLabels(labels: readonly Label[], changes: readonly string[]): readonly Label[] {
  if (changes.length === 0) throw problem('usage', 'say which labels: k=v sets one, k- removes one')
  const result = new Map(labels.map(({ key, value }) => [key, value]))
  for (const change of changes) {
    if (!change.includes('=') && change.endsWith('-') && change.length > 1) {
      result.delete(change.slice(0, -1))
      continue
    }
    const { key, value } = readLabel(change, 'a label')
    result.set(key, value)
  }
  return [...result].map(([key, value]) => ({ key, value }))
}
