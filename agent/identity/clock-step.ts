// SPDX-License-Identifier: Apache-2.0
/** Brings the helper a signed time, by which it sets a clock that is behind and judges commands where it is ahead. */
import { type EpochMs, type Log, TimeAnswer } from '../../plugins/contract/index.ts'
import { endpointOf, requestJson } from '../link/https.ts'
import type { HelperLine } from '../system/privileged-line.ts'
import type { System } from '../system/system.ts'
import type { Identity } from './identity.ts'
import { problem } from './problems.ts'

export type ClockStep = {
  readonly system: System
  readonly line: HelperLine
  readonly identity: Identity
  /** See `TimeFloor.judgeAt`. */
  readonly at: EpochMs | undefined
  readonly log: Log
  readonly signal: AbortSignal
}

/**
 * Asks the controller with a nonce of the helper's, which checks the answer itself. Throws `controller-address`, what
 * `requestJson` throws, and the helper's refusals.
 */
export async function stepClock({ system, line, identity, at, log, signal }: ClockStep): Promise<void> {
  const target = endpointOf(identity.url)?.target
  if (target === undefined) throw problem('controller-address', 'the stored address is not an https:// address')
  const { nonce } = await line.ask('clock.ask', {}, { signal })
  const { body: answer } = await requestJson({
    system,
    target,
    trust: { roots: identity.trust.head.roots },
    ...(at === undefined ? {} : { at }),
    method: 'POST',
    path: '/enroll/v1/time',
    body: { nonce },
    schema: TimeAnswer,
    signal,
  })
  const { stepped, aheadMs } = await line.ask('clock.step', { answer }, { signal })
  log.info(stepped ? 'the clock was set forward' : 'the clock is wrong and was left as it is', { behindMs: aheadMs })
}
