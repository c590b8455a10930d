// SPDX-License-Identifier: Apache-2.0
/** Join tokens: what a person copies from the controller to a machine, `muster-join_1.<tokenId>.<secret>.<rootFp>`. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { RandomBytes } from '../../plugins/contract/index.ts'

const PREFIX = 'muster-join_1'
const BYTES = { id: 16, secret: 32, root: 32 } as const
type Part = keyof typeof BYTES
const PART_NAMES: Readonly<Record<Part, string>> = { id: 'token id', secret: 'secret', root: 'fingerprint of the root' }

export type NewToken = {
  /** 128 random bits, base64url without padding. Public. */
  readonly id: string
  /** 256 random bits, base64url without padding. The controller keeps only its {@link secretDigest}. */
  readonly secret: string
}

export type JoinToken = NewToken & {
  /** SHA-256 over the DER of the root to trust, lower-case hexadecimal. */
  readonly root: string
}

export type ParsedToken = { readonly token: JoinToken } | { readonly token: undefined; readonly why: string }

/** Draws a token. */
export function newToken(random: RandomBytes): NewToken {
  return { id: base64url(random(BYTES.id)), secret: base64url(random(BYTES.secret)) }
}

/** Spells a token as people copy it. */
export function formatToken({ id, secret, root }: JoinToken): string {
  return [PREFIX, id, secret, Buffer.from(root, 'hex').toString('base64url')].join('.')
}

/** Reads what a person pasted; white space around it does not matter. `why` never repeats the token. */
export function parseToken(text: string): ParsedToken {
  const pasted = text.trim()
  const why = malformation(pasted)
  if (why !== undefined) return { token: undefined, why }
  const [, id = '', secret = '', root = ''] = pasted.split('.')
  return { token: { id, secret, root: Buffer.from(root, 'base64url').toString('hex') } }
}

/** What a machine sends of its token: id and secret, without the fingerprint. */
export function credentialOf({ id, secret }: NewToken): string {
  return `${id}.${secret}`
}

/** Reads what a machine sent; `undefined` when it cannot be a token. */
export function parseCredential(text: string): NewToken | undefined {
  const [id = '', secret = '', ...rest] = text.split('.')
  if (rest.length > 0 || flaw('id', id) !== undefined || flaw('secret', secret) !== undefined) return undefined
  return { id, secret }
}

/** SHA-256 over the secret's text, base64url: what is stored in its place. */
export function secretDigest(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

/** Compares a secret with a stored digest in constant time. */
export function secretMatches(secret: string, digest: string): boolean {
  const presented = Buffer.from(secretDigest(secret))
  const stored = Buffer.from(digest)
  return presented.length === stored.length && timingSafeEqual(presented, stored)
}

function malformation(pasted: string): string | undefined {
  if (pasted === '') return 'it is empty'
  if (/\s/.test(pasted)) return 'there is white space inside; paste it as one line'
  const [prefix = '', ...parts] = pasted.split('.')
  if (prefix !== PREFIX) return wrongPrefix(prefix)
  if (parts.length > 3) return 'it goes on after its end; copy it again'
  const [id = '', secret = '', root = ''] = parts
  return flaw('id', id) ?? flaw('secret', secret) ?? flaw('root', root)
}

function wrongPrefix(prefix: string): string {
  if (/^muster-join_\d+$/.test(prefix)) return 'it is of a version this agent does not know; update the agent'
  if (PREFIX.startsWith(prefix)) return 'it is cut off; copy the whole line'
  return `it does not begin with ${PREFIX}; this is something else than a join token`
}

function flaw(part: Part, text: string): string | undefined {
  const length = Math.ceil((BYTES[part] * 8) / 6)
  if (text === '') return `it is cut off: the ${PART_NAMES[part]} is missing; copy the whole line`
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return `the ${PART_NAMES[part]} holds a character no token has; copy it again`
  if (text.length < length) return `it is cut off in the ${PART_NAMES[part]}; copy the whole line`
  // The last character carries fewer than six bits: only one spelling of the same bytes is a token.
  const exact = text.length === length && base64url(Buffer.from(text, 'base64url')) === text
  return exact ? undefined : `the ${PART_NAMES[part]} is not one a controller makes; copy it again`
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
