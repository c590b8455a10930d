// SPDX-License-Identifier: Apache-2.0
/** What a host trusts: roots, and the keys that may sign its messages, in one document signed by a root. */
import { type Static, Type } from 'typebox'
import { RFC3339_PATTERN } from './time.ts'

export const SigningKey = Type.Object({
  kid: Type.String({ minLength: 1, maxLength: 64 }),
  role: Type.Enum(['command', 'audit']),
  /** Raw Ed25519 public key (RFC 8032), base64url. */
  publicKey: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
})
export type SigningKey = Static<typeof SigningKey>

export const TrustHead = Type.Object({
  v: Type.Literal(1),
  /** Rises with every change; a host refuses a lower one. */
  version: Type.Integer({ minimum: 1 }),
  installation: Type.String({ minLength: 1, maxLength: 64 }),
  epoch: Type.Integer({ minimum: 0 }),
  /** PEM, newest first. */
  roots: Type.Array(Type.String({ maxLength: 4_096 }), { minItems: 1, maxItems: 3 }),
  keys: Type.Array(SigningKey, { minItems: 1, maxItems: 16 }),
  issuedAt: Type.String({ pattern: RFC3339_PATTERN, maxLength: 40 }),
})
export type TrustHead = Static<typeof TrustHead>

/** `sig`: ECDSA P-256 with SHA-256 (FIPS 186-5) in IEEE P1363 form, base64url, by `roots[signer]`. */
export const TrustBundle = Type.Object({
  head: TrustHead,
  signer: Type.Integer({ minimum: 0, maximum: 2 }),
  sig: Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' }),
})
export type TrustBundle = Static<typeof TrustBundle>
