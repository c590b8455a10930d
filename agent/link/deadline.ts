// SPDX-License-Identifier: Apache-2.0
/** Work that must end in time. */
import type { Clock, Problem } from '../../plugins/contract/index.ts'
import { linkedAbort } from '../hosting/linked.ts'

export type Deadline = {
  readonly clock: Clock
  readonly waitMs: number
  readonly signal: AbortSignal
  /** What its signal is aborted with when the time is over. */
  readonly late: () => Problem
}

/** Gives work a signal that follows the caller's and is also aborted when the time is over. Waits for the work to end. */
export async function within<T>(deadline: Deadline, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const linked = linkedAbort(deadline.signal)
  let last: NodeJS.Immediate | undefined
  // On a machine that was held up, the answer may lie in its socket already: what has arrived is looked at once more.
  const forget = deadline.clock.after(deadline.waitMs, () => {
    last = setImmediate(() => linked.abort(deadline.late()))
  })
  try {
    return await work(linked.signal)
  } finally {
    forget()
    clearImmediate(last)
    linked.unlink()
  }
}
