// SPDX-License-Identifier: Apache-2.0
/** Verifies an audit export with nothing but the public key, by the means of Node. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { linesIn, preimage } from '../query/audit-lines.ts'
import { proveExport, type Verdict } from '../query/audit-proof.ts'
import { problem } from './problems.ts'

export type { Verdict } from '../query/audit-proof.ts'

/** Reads an Ed25519 public key: PEM (SPKI), or its 32 bytes in base64url. Throws `input-unreadable`. */
export function readAuditKey(text: string): KeyObject {
  const trimmed = text.trim()
  try {
    const key = /^[A-Za-z0-9_-]{43}$/.test(trimmed)
      ? createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: trimmed }, format: 'jwk' })
      : createPublicKey(trimmed)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Said below, for every reason alike.
  }
  throw problem('input-unreadable', 'the key is neither an Ed25519 public key in PEM nor 43 characters of base64url')
}

/** The hash of an entry as the chain has it. */
export function entryHash(prev: string, entryWithoutHash: object): string {
  return digestOf(preimage(prev, entryWithoutHash))
}

/**
 * Verifies the lines of one export. Reads each line once, keeps one hash per entry.
 * Throws `audit-unreadable` when the first line is not the header of an export.
 */
export function verifyExport(lines: AsyncIterable<string>, keys: readonly KeyObject[]): Promise<Verdict> {
  return proveExport(lines, {
    digests: texts => texts.map(digestOf),
    isSigned: (message, sig) => {
      const signature = Buffer.from(sig, 'base64url')
      // The last character has bits to spare; only one spelling of a signature is accepted (RFC 4648 §3.5).
      if (signature.toString('base64url') !== sig) return false
      return keys.some(key => verify(undefined, message, key, signature))
    },
    unreadable,
  })
}

/** Cuts bytes into lines. A line longer than a megabyte is no line of an export: throws `audit-unreadable`. */
export function linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  return linesIn(bytes, unreadable)
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

function unreadable(why: string): Error {
  return problem('audit-unreadable', why)
}
