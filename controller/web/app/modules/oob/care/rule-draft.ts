// SPDX-License-Identifier: Apache-2.0
/** A rule of activation as a form holds it, and back. Pure but for the keys. */
import type { Policy } from './reads.ts'

type Rule = Policy['rules'][number]

export type RuleDraft = {
  /** Tells drafts apart while they are moved; of no meaning elsewhere. */
  readonly key: string
  readonly name: string
  readonly sku: string
  /** `key=value, …` */
  readonly labels: string
  readonly controlMode: string
  readonly profile: string
  /** Kept as they are: hosts have no tags here. */
  readonly tags: readonly string[] | undefined
}

export function draftOf({ name = '', sku, labels = {}, controlMode, profile = '', tags }: Rule): RuleDraft {
  return {
    key: crypto.randomUUID(),
    name,
    sku: sku ?? '',
    labels: Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(', '),
    controlMode: controlMode ?? '',
    profile,
    tags,
  }
}

/** `undefined` when the labels cannot be read. */
export function ruleOf({ name, sku, labels, controlMode, profile, tags }: RuleDraft): Rule | undefined {
  const read = labelsIn(labels)
  if (read === undefined) return undefined
  return {
    ...(name.trim() === '' ? {} : { name: name.trim() }),
    ...(sku === 'amt' || sku === 'ism' ? { sku } : {}),
    ...(Object.keys(read).length === 0 ? {} : { labels: read }),
    ...(controlMode === 'acm' || controlMode === 'ccm' ? { controlMode } : {}),
    ...(profile === '' ? {} : { profile }),
    ...(tags === undefined ? {} : { tags: [...tags] }),
  }
}

export function labelsIn(text: string): Record<string, string> | undefined {
  const pairs = text
    .split(',')
    .map(each => each.trim())
    .filter(Boolean)
    .map(each => /^([^=\s]+)\s*=\s*(.*)$/.exec(each))
  const labels: Record<string, string> = {}
  for (const pair of pairs) {
    if (pair === null) return undefined
    const [, key = '', value = ''] = pair
    labels[key] = value
  }
  return labels
}
