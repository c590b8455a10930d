// SPDX-License-Identifier: Apache-2.0
/** How a browser computes what proves an audit: WebCrypto, and keys as people paste them. */
import type { Means } from '../../../../../query/audit-proof.ts'
import { ApiProblem } from '../../../api/problem.ts'
import { t } from '../../../words/audit.ts'

/** DER of an Ed25519 key in SPKI before its 32 bytes (RFC 8410 §4). */
const SPKI = '302a300506032b6570032100'
const KEY_BYTES = 32

/** The 32 bytes of a public key in PEM or base64url; `undefined` for anything else. */
export function keyBytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  const trimmed = text.trim()
  if (/^[\w-]{43}$/.test(trimmed)) return fromBase64url(trimmed)
  const [, body] = /^-----BEGIN PUBLIC KEY-----([\sA-Za-z0-9+/=]+)-----END PUBLIC KEY-----$/.exec(trimmed) ?? []
  const der = body === undefined ? undefined : fromBase64(body.replaceAll(/\s/g, ''))
  if (der === undefined || der.length !== SPKI.length / 2 + KEY_BYTES) return undefined
  const head = [...der.subarray(0, -KEY_BYTES)].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return head === SPKI ? der.slice(-KEY_BYTES) : undefined
}

/** Why nothing can be proved here; `undefined` where it can. */
export async function obstacle(): Promise<string | undefined> {
  if (globalThis.crypto?.subtle === undefined) return t.verify.insecure
  const known = await crypto.subtle.importKey('raw', new Uint8Array(KEY_BYTES), 'Ed25519', false, ['verify']).then(
    () => true,
    // A key of nothing but noughts may be refused; not knowing the algorithm is another failure.
    thrown => (thrown as Error).name !== 'NotSupportedError',
  )
  return known ? undefined : t.verify.noEd25519
}

/** Rejects with what `obstacle` finds, where the browser lacks something. */
export async function browserMeans(key: Uint8Array<ArrayBuffer>): Promise<Means> {
  const trusted = await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify'])
  return {
    digests: texts => Promise.all(texts.map(digestOf)),
    isSigned: (message, sig) => {
      const signature = fromBase64url(sig)
      // The last character has bits to spare; only one spelling of a signature is accepted (RFC 4648 §3.5).
      if (signature === undefined || toBase64url(signature) !== sig) return false
      return crypto.subtle.verify('Ed25519', trusted, signature, message)
    },
    unreadable,
  }
}

/** SHA-256 of a text, in base64url. */
export async function digestOf(text: string): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}

export function unreadable(why: string): ApiProblem {
  return new ApiProblem({
    code: 'audit-unreadable',
    status: 422,
    title: t.verify.unreadable,
    detail: why,
    next: t.verify.unreadableNext,
  })
}

function toBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text)) return undefined
  return fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'))
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), character => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
