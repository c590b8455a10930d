// SPDX-License-Identifier: Apache-2.0
/** Signs and checks trust bundles: a root vouches for the roots and signing keys of its installation. */
import { sign, verify, X509Certificate } from 'node:crypto'
import { signedBytes, type TrustBundle, type TrustHead } from '../../plugins/contract/index.ts'
import { fingerprintOf } from './keys.ts'

/** Signs with the key of `head.roots[signer]`; ECDSA P-256 with SHA-256, IEEE P1363, base64url. */
export function signTrust(head: TrustHead, rootKey: string, signer: number): TrustBundle {
  const signature = sign('sha256', signedBytes('trust', head), { key: rootKey, dsaEncoding: 'ieee-p1363' })
  return { head, signer, sig: signature.toString('base64url') }
}

/** What a host already trusts: the SHA-256 of one root (hexadecimal), or whole roots in PEM. */
export type Pinned = { readonly fingerprint: string } | { readonly roots: readonly string[] }

export type TrustVerdict =
  | 'ok'
  /** Signed by a root that is not pinned, or that is no certificate. */
  | 'unknown-root'
  | 'bad-signature'

/** Tells whether a bundle is signed by a root that is already trusted. Does not look at its version: the holder must. */
export function verifyTrust(bundle: TrustBundle, pinned: Pinned): TrustVerdict {
  const pem = bundle.head.roots[bundle.signer]
  if (pem === undefined || !isPinned(pem, pinned)) return 'unknown-root'
  try {
    const key = new X509Certificate(pem).publicKey
    const signature = Buffer.from(bundle.sig, 'base64url')
    const bytes = signedBytes('trust', bundle.head)
    return verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature) ? 'ok' : 'bad-signature'
  } catch {
    return 'bad-signature'
  }
}

function isPinned(pem: string, pinned: Pinned): boolean {
  try {
    const fingerprint = fingerprintOf(pem)
    if ('fingerprint' in pinned) return fingerprint === pinned.fingerprint.toLowerCase()
    return pinned.roots.some(root => fingerprintOf(root) === fingerprint)
  } catch {
    return false // not a certificate
  }
}
