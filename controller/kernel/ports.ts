// SPDX-License-Identifier: Apache-2.0
/** What the kernel asks of the rest of the program. */
import type { Clock, Log, RandomBytes, SignedKind } from '../../plugins/contract/index.ts'

/** Signs what goes to hosts, and the audit's checkpoints. The keys never leave it. */
export interface Signer {
  readonly kid: string
  /** Ed25519 over `signedBytes(kind, head)`, base64url. */
  sign(kind: SignedKind, head: unknown): string
  /** Ed25519 of the audit key over the bytes given, base64url. */
  signCheckpoint(bytes: Uint8Array): { readonly kid: string; readonly sig: string }
  /** Public half of the audit key: raw, base64url. */
  readonly auditKey: { readonly kid: string; readonly publicKey: string }
}

/** How near the process is to what it may use. `soft`: what can wait is put off. `hard`: nobody new is let in. */
export type MemoryState = {
  readonly level: 'normal' | 'soft' | 'hard'
  readonly rssBytes: number
  readonly softBytes: number
  readonly hardBytes: number
}

/** SHA-256, base64url. */
export type Digest = (content: Uint8Array | string) => string

export type Surroundings = {
  readonly clock: Clock
  readonly random: RandomBytes
  readonly digest: Digest
  readonly log: Log
}
