// SPDX-License-Identifier: Apache-2.0
/** A named slice of a host's document: what it may become, what is seen of it, and what can be done once. */
import type { TSchema } from 'typebox'

/** What a step may disturb; the gate decides when it may run. */
export type Impact = 'none' | 'service' | 'connectivity' | 'reboot'

/** One idempotent act produced by a plan. Sections narrow it to a union tagged by `do`. */
export type Step = { readonly do: string; readonly impact: Impact; readonly why: string }

/**
 * How much harm a command can do: 0 observe, 1 operate, 2 change, 3 dangerous, 4 destructive.
 * The controller asks for a matching permission; classes 2 and up need a reason.
 */
export type RiskClass = 0 | 1 | 2 | 3 | 4

export type CommandType = {
  readonly title: string
  readonly input: TSchema
  readonly output: TSchema
  readonly class: RiskClass
  /** How long after it was issued a host may still start it, unless the caller says otherwise. */
  readonly ttlMs: number
  /** How long it may run once started. */
  readonly timeoutMs: number
  readonly impact: Impact
  /** Given by parts of the controller in the course of something else; people cannot. */
  readonly internal?: true
}

export type Commands = Readonly<Record<string, CommandType>>

export type Section = {
  /** The key this plugin owns in every host's document. */
  readonly name: string
  readonly title: string
  readonly desired: TSchema
  readonly observed: TSchema
  readonly commands: Commands
}

/** Keeps a section's literal types while checking its shape. */
export function defineSection<const S extends Section>(section: S): S {
  return section
}
