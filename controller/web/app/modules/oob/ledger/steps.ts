// SPDX-License-Identifier: Apache-2.0
/** The steps of an attempt as a checklist. Pure. */
import type { Attempt } from '../reads.ts'
import type { AttemptStep } from './reads.ts'

export type Check = {
  readonly step: string
  readonly why: string
  readonly at: string
  readonly state: 'done' | 'now' | 'failed'
}

/** Every step but the last was done; what became of the last is what became of the attempt. */
export function checklistOf(attempt: Attempt, steps: readonly AttemptStep[]): readonly Check[] {
  const taken = steps.filter(({ step }) => step !== 'end')
  const known: readonly AttemptStep[] =
    taken.length > 0 ? taken : [{ at: attempt.startedAt, step: attempt.step, why: '' }]
  const { outcome, message } = attempt
  return known.map((each, at) => {
    const isLast = at === known.length - 1
    if (!isLast || outcome === 'succeeded') return { ...each, state: 'done' }
    if (outcome === 'running') return { ...each, state: 'now' }
    return { ...each, state: 'failed', why: [each.why, message].filter(Boolean).join(': ') }
  })
}

/** `set-mebx-password` reads "Set mebx password": what firmware calls things is what people search for. */
export function spokenStep(step: string): string {
  const text = step.replaceAll('-', ' ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
