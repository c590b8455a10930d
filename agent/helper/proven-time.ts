// SPDX-License-Identifier: Apache-2.0
/** Time as the helper may believe it: the system clock, until the controller has proved another. */
import { type Clock, type EpochMs, MINUTE, type RandomBytes } from '../../plugins/contract/index.ts'
import type { ProvenTime } from './act.ts'

const GOOD_FOR_MS = MINUTE
/** Whoever reaches the socket may ask; the oldest questions make room. */
const MOST_QUESTIONS = 16

/** Begins with the system clock. What was proved runs on the monotonic clock, so nobody who sets the clock changes it. */
export function createProvenTime(clock: Clock, random: RandomBytes): ProvenTime {
  const questions = new Map<string, number>()
  let proved: { readonly at: EpochMs; readonly monotonic: number } | undefined
  return {
    ask() {
      const nonce = Buffer.from(random(24)).toString('base64url')
      questions.set(nonce, clock.monotonic())
      for (const oldest of questions.keys()) if (questions.size > MOST_QUESTIONS) questions.delete(oldest)
      return nonce
    },
    answer(nonce) {
      const asked = questions.get(nonce)
      questions.delete(nonce)
      return asked !== undefined && clock.monotonic() - asked <= GOOD_FOR_MS
    },
    now: () => (proved === undefined ? clock.now() : Math.round(proved.at + clock.monotonic() - proved.monotonic)),
    prove(at) {
      proved = { at, monotonic: clock.monotonic() }
    },
  }
}
