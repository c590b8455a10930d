// SPDX-License-Identifier: Apache-2.0
/** What this host believes: signatures of its controller's keys, and newer trust bundles. */
import type { SignedKind, TrustBundle } from '../../plugins/contract/index.ts'
import { verifyHead } from '../../provisioning/pki/signing.ts'
import { verifyTrust } from '../../provisioning/pki/trust.ts'
import { problem } from './problems.ts'

export type SignedMessage = { readonly head: unknown; readonly kid: string; readonly sig: string }

export type SignatureVerdict =
  | 'ok'
  /** No key of that name, or one that may not sign messages to hosts. */
  | 'unknown-key'
  | 'bad-signature'

/** Tells whether a message is signed by a key that the bundle gives the role `command`. */
export function verifySigned(
  kind: SignedKind,
  { head, kid, sig }: SignedMessage,
  trust: TrustBundle,
): SignatureVerdict {
  const key = trust.head.keys.find(each => each.kid === kid && each.role === 'command')
  if (key === undefined) return 'unknown-key'
  return verifyHead(kind, { head, sig }, key.publicKey) ? 'ok' : 'bad-signature'
}

/**
 * Returns the bundle to go on with: the next one when it is at least as new as the present one and signed by a root that
 * the present one trusts. Throws `trust-refused` (fields: why) for any other.
 */
export function acceptTrust(present: TrustBundle, next: TrustBundle): TrustBundle {
  const why = objection(present, next)
  if (why !== undefined) throw problem('trust-refused', why, { why, version: next.head.version })
  return next
}

function objection(present: TrustBundle, next: TrustBundle): string | undefined {
  if (next.head.installation !== present.head.installation) return 'it is of another installation'
  const verdict = verifyTrust(next, { roots: present.head.roots })
  if (verdict === 'unknown-root') return 'it is signed by a root we do not know'
  if (verdict === 'bad-signature') return 'its signature does not verify'
  if (next.head.epoch < present.head.epoch) return 'it is of an earlier epoch'
  if (next.head.version < present.head.version) return 'it is older than the one we have'
  return undefined
}
