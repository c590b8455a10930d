// SPDX-License-Identifier: Apache-2.0
/** One life of a plugin, from start to end, whether inline or as a process. */
import type { Abilities, Call } from './calls.ts'

/** How a life ended without being asked to: by a fault that a new life may cure, or by one that it cannot. */
export type Ending = { readonly kind: 'crashed' | 'refused'; readonly detail: string }

export type LifeEvents = {
  /** It answers from now on; told at most once. */
  onReady(): void
  /** It is over; told at most once, and never after `stop`. */
  onEnded(ending: Ending): void
}

export interface Instance {
  /** Known once it is ready. */
  readonly abilities: Abilities | undefined
  /** Rejects with a Problem. Settles within the grace period after its signal is aborted. */
  call(call: Call, signal: AbortSignal): Promise<unknown>
  /** Ends every call, lets the plugin stop within its time, then ends it. Never rejects. */
  stop(): Promise<void>
}

/** Begins a life. Throws `plugin-refused` when that can be told at once. */
export type Begin = (events: LifeEvents) => Instance
