// SPDX-License-Identifier: Apache-2.0
/** What exactly is signed: a prefix that names the kind of message, then its head in canonical JSON. */
import { canonical } from './canonical.ts'

export type SignedKind = 'command' | 'desired' | 'session' | 'time' | 'trust'

/** The bytes to sign or verify. The prefix keeps a signature of one kind from passing as another. */
export function signedBytes(kind: SignedKind, head: unknown): Uint8Array {
  return new TextEncoder().encode(`muster ${kind} 1\n${canonical(head)}`)
}

/** The bytes whose SHA-256 stands in a head as `inputDigest` or `contentDigest`. */
export function digestedBytes(content: unknown): Uint8Array {
  return new TextEncoder().encode(canonical(content))
}
