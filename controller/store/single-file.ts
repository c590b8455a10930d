// SPDX-License-Identifier: Apache-2.0
/** Acts that let others go first: however many there are, one at a time stands in line for the database. */
import { problem } from './problems.ts'
import type { Store } from './store.ts'

/** Each is somebody who holds a connection open meanwhile. */
const MAX_WAITING = 20_000

export function inSingleFile(change: Store['change'], maxWaiting = MAX_WAITING): Store['patiently'] {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return act => {
    if (waiting >= maxWaiting) return Promise.reject(problem('writes-waiting', `${maxWaiting} wait`))
    waiting++
    const mine = last.then(() => {
      waiting--
      return change(act)
    })
    // The next one has its turn whatever became of this one; who waits for this one hears of it.
    last = mine.catch(() => undefined)
    return mine
  }
}
