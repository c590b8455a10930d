// SPDX-License-Identifier: Apache-2.0
/** Figures that a module offers to whoever watches the installation. */
import type { HostsWithin } from './host-scope.ts'

export type Labelled = { readonly labels: Readonly<Record<string, string>>; readonly value: number }

/** `counter` only grows; `gauge` goes both ways. Names begin with `muster_` and carry their unit (seconds, bytes). */
export type Measure = {
  readonly name: string
  readonly help: string
  readonly kind: 'gauge' | 'counter'
  readonly labels: readonly string[]
  read(): readonly Labelled[]
}

/** Hosts of one project, as far as somebody may see them. */
export type SeenHosts = { readonly project: string; readonly within: HostsWithin }

/** Figures of many hosts, too many to hold as one text. */
export type Exposition = {
  /** The exposition format of Prometheus 0.0.4 in parts of bounded size: each family once, with its head. */
  text(seen: readonly SeenHosts[]): AsyncIterable<string>
}
