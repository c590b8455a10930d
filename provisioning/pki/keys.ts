// SPDX-License-Identifier: Apache-2.0
/** Private keys of hosts and authorities: P-256, as PKCS #8 PEM. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  X509Certificate,
} from 'node:crypto'
import { promisify } from 'node:util'

const generate = promisify(generateKeyPair)

/** Makes a P-256 key; PKCS #8 PEM. */
export async function createKey(): Promise<string> {
  const { privateKey } = await generate('ec', { namedCurve: 'P-256' })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** The public half of a private key in PEM. */
export function publicHalf(privateKey: string): KeyObject {
  return createPublicKey(createPrivateKey(privateKey))
}

/** SHA-256 over the SubjectPublicKeyInfo, hexadecimal: names a key whatever certificate carries it. */
export function keyFingerprint(key: KeyObject | Uint8Array): string {
  const der = key instanceof Uint8Array ? key : key.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(der).digest('hex')
}

/** SHA-256 over the DER of the first certificate in a PEM text, lower-case hexadecimal. Throws when there is none. */
export function fingerprintOf(certificate: string | Uint8Array): string {
  return createHash('sha256').update(new X509Certificate(certificate).raw).digest('hex')
}
