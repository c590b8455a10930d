// SPDX-License-Identifier: Apache-2.0
/** Figures that a module offers to whoever watches the installation. */

export type Labelled = { readonly labels: Readonly<Record<string, string>>; readonly value: number }

/** `counter` only grows; `gauge` goes both ways. Names begin with `muster_` and carry their unit (seconds, bytes). */
export type Measure = {
  readonly name: string
  readonly help: string
  readonly kind: 'gauge' | 'counter'
  readonly labels: readonly string[]
  read(): readonly Labelled[]
}
