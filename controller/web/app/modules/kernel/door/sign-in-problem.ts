// SPDX-License-Identifier: Apache-2.0
/** What a refused sign-in means for who tries: what to say, whether a code is asked for, and until when to wait. */
import type { ApiProblem } from '../../../api/problem.ts'

export type Refusal =
  | { readonly kind: 'code-needed' }
  | { readonly kind: 'wrong'; readonly withCode: boolean }
  /** `until` in milliseconds since the epoch. */
  | { readonly kind: 'waits' | 'too-many' | 'busy'; readonly until: number }
  | { readonly kind: 'other'; readonly problem: ApiProblem }

const WAITING = { 'sign-in-waits': 'waits', 'too-many-requests': 'too-many', 'sign-in-busy': 'busy' } as const

export function refusalOf(problem: ApiProblem, { withCode, now }: { withCode: boolean; now: number }): Refusal {
  const { code } = problem
  if (code === 'code-needed') return { kind: 'code-needed' }
  // A name or a code that cannot be one is no less wrong than one that is not the right one.
  if (code === 'sign-in-refused' || code === 'invalid') return { kind: 'wrong', withCode }
  if (code === 'sign-in-waits' || code === 'too-many-requests' || code === 'sign-in-busy')
    return { kind: WAITING[code], until: now + waitMsOf(problem) }
  return { kind: 'other', problem }
}

const UNTOLD_MS = 5_000

function waitMsOf({ document: { retry } }: ApiProblem): number {
  const told = typeof retry === 'object' && retry !== null && 'afterMs' in retry ? Number(retry.afterMs) : Number.NaN
  return Number.isFinite(told) && told > 0 ? told : UNTOLD_MS
}
