// SPDX-License-Identifier: Apache-2.0
/** What is left to do about an order: one step at a time, each of which shows in what is observed next. */
import type { Step } from '../contract/index.ts'
import type { ActivationOrder, AmtDesired, AmtObserved } from './contract.ts'

/** None disturbs the running system: the firmware is another computer. */
export type AmtStep = Step & {
  readonly do: 'accept' | 'withdraw' | 'prepare' | 'begin' | 'run' | 'judge'
  readonly order?: ActivationOrder
}

/** Pure. `mayPrepare`: the driver and the local service were not tried to be started lately. */
export function plan(
  desired: AmtDesired,
  observed: AmtObserved,
  { mayPrepare }: { readonly mayPrepare: boolean } = { mayPrepare: false },
): readonly AmtStep[] {
  const order = desired.activation
  const now = observed.activation
  const step = (what: AmtStep['do'], why: string): readonly AmtStep[] => [
    { do: what, impact: 'none', why, ...(order === undefined ? {} : { order }) },
  ]
  if (order === undefined) {
    return now === undefined || STILL.has(now.status) ? [] : step('withdraw', 'nothing is ordered any more')
  }
  if (now === undefined || now.attempt !== order.attempt || now.goal !== order.state) {
    return step('accept', `attempt ${order.attempt}: the firmware shall be ${order.state}`)
  }
  const isOpen = !ENDED.has(now.status)
  if (mayPrepare && isOpen && (observed.driver === 'missing' || observed.lms === 'stopped')) {
    return step('prepare', observed.driver === 'missing' ? 'load the driver' : 'start the local service')
  }
  if (now.nextTryAt !== undefined || now.blocker !== undefined) return []
  switch (now.status) {
    case 'idle':
    case 'recovering':
      return step('begin', `write down that rpc is about to run (recoveries: ${now.recoveries})`)
    case 'activating':
    case 'deactivating':
      return step('run', `run rpc: the firmware is to be ${now.status === 'activating' ? 'activated' : 'deactivated'}`)
    case 'settling':
      return step('judge', 'read back what the firmware is')
    default:
      return []
  }
}

/** Nothing is under way that would have to be called off. */
const STILL: ReadonlySet<string> = new Set(['idle', 'activated', 'deactivated', 'failed'])
const ENDED: ReadonlySet<string> = new Set(['activated', 'deactivated', 'failed', 'unsupported'])
