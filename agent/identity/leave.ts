// SPDX-License-Identifier: Apache-2.0
/** Tells the controller that this machine is no host of it any more. */
import { LeaveAnswer, SECOND } from '../../plugins/contract/index.ts'
import { endpointOf, requestJson } from '../link/https.ts'
import type { System } from '../system/system.ts'
import type { Identity } from './identity.ts'
import { problem } from './problems.ts'

const WITHIN_MS = 10 * SECOND

export type Farewell = { readonly system: System; readonly identity: Identity; readonly signal: AbortSignal }

/**
 * Says goodbye with the certificate of an identity; it is worth nothing from then on. Ends within ten seconds. Throws
 * `controller-address`, `certificate-not-renewable` for one the controller does not know, and what `requestJson` throws.
 */
export async function sayGoodbye({ system, identity, signal }: Farewell): Promise<void> {
  const { url, certificate, key, trust } = identity
  const target = endpointOf(url)?.target
  if (target === undefined) throw problem('controller-address', 'the stored address is not an https:// address')
  await requestJson({
    system,
    target,
    trust: { roots: trust.head.roots },
    identity: { certificate, key },
    method: 'POST',
    path: '/enroll/v1/leave',
    body: {},
    schema: LeaveAnswer,
    timeoutMs: WITHIN_MS,
    signal,
  })
}
