// SPDX-License-Identifier: Apache-2.0
/** When requests are refused because the event loop is late: once that lasts, and not for one stall. */
import { type Clock, SECOND } from '../../plugins/contract/index.ts'

/** Mean delay of a turn, over about a second, from which the loop counts as late, in milliseconds. */
export const LATE_MS = 2 * SECOND
/** A start, a collection of garbage or a stall of the whole machine is over by then. */
const LASTING_MS = 3 * SECOND
/** After so long without a request that met a late loop it is another story. A late loop looks at few. */
const APART_MS = 15 * SECOND

export interface Overload {
  /** To be told of each request that meets a late loop; whether it is to be refused. */
  met(): boolean
  /** Whether requests that meet a late loop are refused now. */
  readonly lasts: boolean
}

/** Refusing costs less than answering, so it is what helps a controller that falls behind; after a stall it only harms. */
export function createOverload(clock: Pick<Clock, 'monotonic'>): Overload {
  let [first, last] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  return {
    met() {
      const now = clock.monotonic()
      if (now - last > APART_MS) first = now
      last = now
      return now - first >= LASTING_MS
    },
    get lasts() {
      return clock.monotonic() - last <= APART_MS && last - first >= LASTING_MS
    },
  }
}
