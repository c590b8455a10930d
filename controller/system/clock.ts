// SPDX-License-Identifier: Apache-2.0
/** The controller's real surroundings: time, randomness, digests. */
import { createHash, randomBytes } from 'node:crypto'
import type { Clock, RandomBytes } from '../../plugins/contract/index.ts'
import type { Digest } from '../kernel/ports.ts'

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (waitMs, act) => {
    const timer = setTimeout(act, waitMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
  sleep: (waitMs, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', stop)
        resolve()
      }, waitMs)
      const stop = (): void => {
        clearTimeout(timer)
        reject(signal.reason)
      }
      signal.addEventListener('abort', stop, { once: true })
    }),
}

export const realRandom: RandomBytes = count => randomBytes(count)

export const sha256: Digest = content => createHash('sha256').update(content).digest('base64url')
