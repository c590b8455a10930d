// SPDX-License-Identifier: Apache-2.0
/** One section with what takes care of it: a hosted plugin, or a part of the agent itself. */
import type { AnyRunning, Problem, Section } from '../../plugins/contract/index.ts'

export interface Unit {
  readonly section: Section
  readonly plugin: { readonly name: string; readonly version: string }
  readonly running: AnyRunning
  /** Why it cannot be asked just now: crashed or refused. */
  readonly fault: Problem | undefined
  /** Leaves quarantine, because something new is wanted of it. */
  retry(): void
  stop(): Promise<void>
}
