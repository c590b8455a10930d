// SPDX-License-Identifier: Apache-2.0
/** Ed25519 signatures (RFC 8032) of messages to hosts, as controller and agent both make and check them. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { digestedBytes, type SignedKind, signedBytes } from '../../plugins/contract/index.ts'

/** DER of every Ed25519 SubjectPublicKeyInfo up to its 32 bytes (RFC 8410 §4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

export type NewSigningKey = {
  /** Names the key: the first 16 hexadecimal digits of the SHA-256 over its public half. */
  readonly kid: string
  /** PKCS #8 PEM. */
  readonly privateKey: string
  /** Raw, base64url: as it stands in a trust bundle. */
  readonly publicKey: string
}

/** Makes a key that signs messages. */
export function createSigningKey(): NewSigningKey {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { ...signingKeyFrom(pem), privateKey: pem }
}

/** Name and public half of a signing key. Throws when the PEM is none. */
export function signingKeyFrom(privateKey: string): Pick<NewSigningKey, 'kid' | 'publicKey'> {
  const raw = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(SPKI_PREFIX.length)
  const kid = createHash('sha256').update(raw).digest('hex').slice(0, 16)
  return { kid, publicKey: raw.toString('base64url') }
}

/** Signs a head; base64url. A `KeyObject` spares reading the PEM each time. */
export function signHead(kind: SignedKind, head: unknown, privateKey: string | KeyObject): string {
  const key = typeof privateKey === 'string' ? createPrivateKey(privateKey) : privateKey
  return sign(null, signedBytes(kind, head), key).toString('base64url')
}

export type SignedHead = { readonly head: unknown; readonly sig: string }

/** Tells whether a head was signed by the key whose raw public half is given in base64url. False for what cannot be read. */
export function verifyHead(kind: SignedKind, { head, sig }: SignedHead, publicKey: string): boolean {
  try {
    const der = Buffer.concat([SPKI_PREFIX, Buffer.from(publicKey, 'base64url')])
    const key = createPublicKey({ key: der, type: 'spki', format: 'der' })
    return verify(null, signedBytes(kind, head), key, Buffer.from(sig, 'base64url'))
  } catch {
    return false // neither a hostile head nor a broken key is a defect of ours
  }
}

/** SHA-256 over the canonical form of a document, base64url: what stands in heads as `contentDigest` and `inputDigest`. */
export function digestOf(content: unknown): string {
  return createHash('sha256').update(digestedBytes(content)).digest('base64url')
}
