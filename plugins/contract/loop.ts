// SPDX-License-Identifier: Apache-2.0
/** Brings one section to its desired state: look, plan, take one step, look again. */
import type { Static } from 'typebox'
import type { Running } from './plugin.ts'
import type { Section, Step } from './section.ts'

/** A section that has not settled after so many steps is diverging. */
export const MAX_PASSES = 20

export type Outcome<P extends Step = Step> =
  | { readonly status: 'settled' }
  /** Waiting for a window, an approval or a lock. */
  | { readonly status: 'held'; readonly step: P; readonly why: string }
  /** The plan never emptied: a defect of the plugin, reported as such. */
  | { readonly status: 'diverging'; readonly step: P }

/** `undefined` lets the step pass; a text says why it is held. */
export type Allows<P extends Step = Step> = (step: P) => string | undefined

/**
 * Keeps no position, so it may be called again at any time: after a crash, a reboot or an upgrade the plan is simply
 * shorter. Rejects with what `observe`, `plan` or `apply` threw.
 */
export async function reconcile<S extends Section, P extends Step>(
  running: Pick<Running<S, P>, 'observe' | 'plan' | 'apply'>,
  desired: Static<S['desired']>,
  allows: Allows<P>,
  signal: AbortSignal,
): Promise<Outcome<P>> {
  let last: P | undefined
  for (let pass = 0; pass <= MAX_PASSES; pass++) {
    signal.throwIfAborted()
    const next: P | undefined = (await running.plan(desired, await running.observe(signal)))[0]
    if (next === undefined) return { status: 'settled' }
    const why = allows(next)
    if (why !== undefined) return { status: 'held', step: next, why }
    last = next
    if (pass === MAX_PASSES) break
    await running.apply(next, signal)
  }
  return { status: 'diverging', step: last as P } // set in the first pass, or we would have returned
}
