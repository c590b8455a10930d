// SPDX-License-Identifier: Apache-2.0
/** Puts the differences of a device right, one act at a time, looking again after each. */
import { Problem } from '../../../../plugins/contract/index.ts'
import type { Ground } from '../activation/ground.ts'
import { createObserver } from '../activation/observe.ts'
import { driftOver } from '../activation/provision.ts'
import { keyOf, OPTIONAL, type Step } from '../activation/step.ts'
import { apply } from '../activation/steps/apply.ts'
import type { Wanted } from '../activation/wanted.ts'
import type { LiveRedirections } from '../ports.ts'
import type { Area, DriftPolicy } from './drift-areas.ts'
import { type Difference, differences, type Planned } from './drift-look.ts'

export type Repaired = {
  readonly done: readonly Difference[]
  readonly failed: readonly (Difference & { readonly why: string })[]
  /** What was left at the last look. */
  readonly left: readonly Difference[]
  /** Keys of acts that the firmware refused and that do no harm undone. */
  readonly tolerated: readonly string[]
  /** Why it ended early. */
  readonly stopped: string | undefined
}

export type Repairing = {
  readonly ground: Ground
  readonly wanted: Wanted
  readonly policy: DriftPolicy
  readonly tolerated: ReadonlySet<string>
  /** What a person asked for; otherwise what the policy repairs. */
  readonly areas: readonly Area[] | undefined
  readonly redirections: LiveRedirections
}

const MAX_STEPS = 40
const TRIES = 2

export function isRepairable({ held, mode, area }: Difference, areas: readonly Area[] | undefined): boolean {
  if (held !== undefined || area === 'activation') return false
  return areas === undefined ? mode === 'repair' : areas.includes(area)
}

/** Rejects with the signal's reason only; a device that goes away meanwhile ends it early. */
export async function repair(repairing: Repairing): Promise<Repaired> {
  const { ground, redirections, areas, policy } = repairing
  const done: Difference[] = []
  const failed: (Difference & { why: string })[] = []
  const tolerated = new Set(repairing.tolerated)
  const tried = new Map<string, number>()
  let left: readonly Difference[] = []
  const ended = (stopped?: string): Repaired => ({ done, failed, left, tolerated: [...tolerated], stopped })
  for (let count = 0; count < MAX_STEPS; count++) {
    ground.signal.throwIfAborted()
    if (redirections.of(ground.guid).length > 0) return ended('a session was opened')
    const tries = ({ step }: Planned): number => tried.get(keyOf(step)) ?? 0
    const found = await lookAgain(repairing, { policy, tolerated })
    if (typeof found === 'string') return ended(found)
    left = found.map(each => each.difference)
    const next = found.find(each => isRepairable(each.difference, areas) && tries(each) < TRIES)
    if (next === undefined) return ended()
    const { step, difference } = next
    const outcome = await attempt(repairing, step)
    // What was done and shows no effect is not done again; what may have been lost is.
    tried.set(keyOf(step), outcome === 'unknown' ? tries(next) + 1 : TRIES)
    if (outcome === 'unknown') continue
    if (outcome === 'done') {
      done.push(difference)
      left = left.filter(each => each !== difference)
    } else if (outcome.code === 'amt-not-connected') return ended('the tunnel went meanwhile')
    else if (OPTIONAL.has(step.do)) tolerated.add(keyOf(step))
    else failed.push({ ...difference, why: outcome.detail ?? outcome.title })
  }
  return ended('it took too many acts')
}

type Rules = { readonly policy: DriftPolicy; readonly tolerated: ReadonlySet<string> }

async function lookAgain({ ground, wanted }: Repairing, rules: Rules): Promise<readonly Planned[] | string> {
  try {
    return differences(await driftOver(ground, wanted), rules)
  } catch (thrown) {
    ground.signal.throwIfAborted()
    if (!(thrown instanceof Problem)) throw thrown
    return `it could not be looked at again: ${thrown.detail ?? thrown.title}`
  }
}

async function attempt({ ground, wanted }: Repairing, step: Step): Promise<'done' | 'unknown' | Problem> {
  await ground.onStep(step.do, step.why)
  try {
    await apply({ ground, wanted, observer: createObserver(ground) }, step)
    return 'done'
  } catch (thrown) {
    ground.signal.throwIfAborted()
    if (!(thrown instanceof Problem)) throw thrown
    return thrown.code === 'amt-timeout' ? 'unknown' : thrown
  }
}
