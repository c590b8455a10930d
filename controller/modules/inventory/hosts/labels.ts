// SPDX-License-Identifier: Apache-2.0
/** Labels that a host takes over from the places it stands in: the nearest wins, and its own before all. Pure. */
import type { Label } from '../../../kernel/hosts.ts'

/** A thing with labels of its own, and where it stands. */
export type Labelled = { readonly id: string; readonly labels: readonly Label[] }

export type Source = Label & {
  /** Id of the host, site or region that gives it. */
  readonly source: string
}

/** Every effective label with where it comes from; `places` from the nearest to the outermost. */
export function effectiveLabels(host: Labelled, places: readonly Labelled[]): readonly Source[] {
  const effective = new Map<string, Source>()
  for (const { id, labels } of [host, ...places])
    for (const { key, value } of labels) if (!effective.has(key)) effective.set(key, { key, value, source: id })
  return [...effective.values()]
}
