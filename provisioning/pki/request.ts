// SPDX-License-Identifier: Apache-2.0
/** Certificate requests (PKCS #10, RFC 2986) as a host writes them, and the proof that it holds their key. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto'

/** Largest request that is read, in bytes. */
export const MAX_REQUEST_BYTES = 8_192

const TAG = { integer: 0x02, bits: 0x03, sequence: 0x30, attributes: 0xa0 } as const
/** AlgorithmIdentifier of ecdsa-with-SHA256 (RFC 5758 §3.2). */
const ECDSA_WITH_SHA256 = Buffer.from('300a06082a8648ce3d040302', 'hex')

/**
 * Writes a request with nothing in it but the public key: name and extensions are for the issuer to decide.
 * Needs no X.509 library, so that a host does not carry one.
 */
export function createRequest(privateKey: string): string {
  const key = createPrivateKey(privateKey)
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const content = der(TAG.sequence, [
    der(TAG.integer, [Buffer.of(0)]),
    der(TAG.sequence, []),
    publicKey,
    der(TAG.attributes, []),
  ])
  const signature = der(TAG.bits, [Buffer.of(0), sign('sha256', content, key)])
  const request = der(TAG.sequence, [content, ECDSA_WITH_SHA256, signature])
  const lines = request.toString('base64').replace(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines}\n-----END CERTIFICATE REQUEST-----\n`
}

/** Signs a server's nonce with the key of a request: ECDSA P-256 with SHA-256, IEEE P1363, base64url. */
export function proofOf(privateKey: string, nonce: string): string {
  return sign('sha256', Buffer.from(nonce), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')
}

// X.690 §8.1.3: length in one byte below 128, else in as many bytes as the first one says.
function der(tag: number, parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  if (content.length < 0x80) return Buffer.concat([Buffer.of(tag, content.length), content])
  const length = content.length < 0x100 ? [0x81, content.length] : [0x82, content.length >> 8, content.length & 0xff]
  return Buffer.concat([Buffer.of(tag, ...length), content])
}
