// SPDX-License-Identifier: Apache-2.0
/** Lets callers of one device in one after the other, in the order they came; a bounded number of them may wait. */
import { problem } from './problems.ts'

export class Turns {
  readonly #maxWaiting: number
  readonly #waiting: (() => void)[] = []
  #isTaken = false

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting
  }

  /**
   * Resolves when it is the caller's turn; who got it gives it back with {@link give}.
   * Rejects with `amt-busy` when too many wait, or with the signal's reason.
   */
  take(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      if (!this.#isTaken) {
        this.#isTaken = true
        return resolve()
      }
      if (this.#waiting.length >= this.#maxWaiting) return reject(problem('amt-busy'))
      const start = (): void => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(start), 1)
        reject(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.push(start)
    })
  }

  give(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#isTaken = false
    else next()
  }
}
