// SPDX-License-Identifier: Apache-2.0
/** Sees that a host's certificate lives on: renewed in time, or taken up again after it has ended. */
import { asProblem, type Log } from '../../plugins/contract/index.ts'
import type { System } from '../system/system.ts'
import type { TimeFloor } from './floor.ts'
import type { Identities, Identity } from './identity.ts'
import { rejoin, renew, renewalDue } from './renew.ts'

export type Keeping = {
  readonly system: System
  readonly identities: Identities
  readonly floor: TimeFloor
  readonly log: Log
  readonly identity: Identity
  readonly signal: AbortSignal
}

/**
 * Returns the identity to use now: the one given, or a newer one when it was due. A renewal that fails is logged and the
 * present identity used as long as it lasts; one that has ended throws what kept it from rejoining.
 */
export async function keepIdentity({ floor, log, ...renewal }: Keeping): Promise<Identity> {
  const { identity, identities, signal } = renewal
  const now = floor.trustedNow()
  const [newest] = await identities.candidates()
  // An older identity is only a way back in; it is the newest that lives on.
  if (newest?.fingerprint !== identity.fingerprint || !renewalDue(identity, now)) return identity
  const onTrustRefused = (problem: unknown): void => log.warn('a new trust bundle was refused', { problem })
  const asked = { ...renewal, at: floor.judgeAt(), onTrustRefused }
  if (identity.notAfter <= now) return rejoin(asked)
  try {
    return await renew(asked)
  } catch (thrown) {
    signal.throwIfAborted()
    log.warn('the certificate was not renewed', {
      problem: asProblem(thrown),
      until: new Date(identity.notAfter).toISOString(),
    })
    return identity
  }
}
