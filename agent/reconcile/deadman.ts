// SPDX-License-Identifier: Apache-2.0
/** Takes back a change of connectivity unless the controller is heard again in time, also across a crash. */
import { asProblem, type Clock, type Log, type Step } from '../../plugins/contract/index.ts'
import type { Journal } from '../state/journal.ts'
import { problem } from './problems.ts'
import type { Unit } from './unit.ts'

/** How long the controller may stay unheard after a change. */
export const CONFIRM_WITHIN_MS = 120_000
const LOOK_EVERY_MS = 500

export type DeadmanParts = {
  readonly clock: Clock
  readonly journal: Journal
  readonly log: Log
  /** Monotonic moment at which the controller was last heard. */
  readonly heardAt: () => number
}

type Armed = { readonly section: string; readonly step: Step }

export interface Deadman {
  /**
   * Applies a step and waits for the controller. Throws `connectivity-reverted` after taking it back, `revert-missing`
   * before doing anything when it could not be taken back.
   */
  guard(unit: Unit, step: Step, signal: AbortSignal): Promise<void>
  /** After a start: what was armed when the agent died is confirmed or taken back now. */
  resume(unit: (section: string) => Unit | undefined, signal: AbortSignal): Promise<void>
}

export function createDeadman({ clock, journal, log, heardAt }: DeadmanParts): Deadman {
  const confirmed = async (since: number, signal: AbortSignal): Promise<boolean> => {
    while (clock.monotonic() - since < CONFIRM_WITHIN_MS) {
      if (heardAt() > since) return true
      await clock.sleep(LOOK_EVERY_MS, signal)
    }
    return heardAt() > since
  }
  const takeBack = async (unit: Unit, step: Step, signal: AbortSignal): Promise<void> => {
    log.warn('the controller stayed out of reach, so a change is taken back', {
      section: unit.section.name,
      step: step.do,
    })
    await unit.running.revert?.(step, signal)
    journal.values.remove('deadman')
  }
  return {
    guard: async (unit, step, signal) => {
      if (unit.running.revert === undefined) throw problem('revert-missing', step.do)
      // Written before the act: whoever starts next knows what may have to be taken back.
      const armed: Armed = { section: unit.section.name, step }
      journal.values.put('deadman', JSON.stringify(armed))
      const fault = await unit.running.apply(step, signal).then(() => undefined, asProblem)
      // The agent stops: whoever starts next finds it armed.
      signal.throwIfAborted()
      if (await confirmed(clock.monotonic(), signal)) {
        journal.values.remove('deadman')
        if (fault !== undefined) throw fault
        return
      }
      await takeBack(unit, step, signal)
      throw fault ?? problem('connectivity-reverted', step.do)
    },
    resume: async (unitOf, signal) => {
      const text = journal.values.get('deadman')
      if (text === undefined) return
      const { section, step } = JSON.parse(text) as Armed // written by guard
      const unit = unitOf(section)
      if (unit === undefined || (await confirmed(clock.monotonic(), signal))) return journal.values.remove('deadman')
      await takeBack(unit, step, signal)
    },
  }
}
