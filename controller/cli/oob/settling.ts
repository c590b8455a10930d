// SPDX-License-Identifier: Apache-2.0
/** Waits until an order has become what it says, by looking again and again. */
import { MINUTE, SECOND } from '../../../plugins/contract/time.ts'
import type { Call } from '../call.ts'
import { deadlineOf } from '../waiting.ts'
import type { Outcome } from './bulk.ts'

const LOOK_EVERY_MS = SECOND / 2
/** A machine may be tried again after two minutes, and boots in between. */
const WAIT_MS = 15 * MINUTE

/** The end, or how it is once the time to wait is over. Rejects when the call is interrupted. */
export async function untilSettled(
  call: Call,
  look: () => Promise<Outcome & { readonly over: boolean }>,
): Promise<Outcome> {
  const until = deadlineOf(call, WAIT_MS)
  for (;;) {
    const { over, ...now } = await look()
    if (over) return now
    const leftMs = until - call.clock.monotonic()
    if (leftMs <= 0) return { ok: false, open: true, says: now.says }
    await call.clock.sleep(Math.min(LOOK_EVERY_MS, leftMs), call.signal)
  }
}
