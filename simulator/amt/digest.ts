// SPDX-License-Identifier: Apache-2.0
/** HTTP digest authentication (RFC 2617 §3, MD5, qop auth) as the management engine checks it. */
import { createHash } from 'node:crypto'
import type { RandomBytes } from '../../plugins/contract/index.ts'

export function md5(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex')
}

/** HA1, the only form in which firmware keeps a password. */
export function passwordHash(user: string, realm: string, password: string): string {
  return md5(`${user}:${realm}:${password}`)
}

/** What a client must send as `response`. */
export function digestResponse(hash: string, method: string, parts: Readonly<Record<string, string>>): string {
  const uri = md5(`${method}:${parts.uri ?? ''}`)
  return md5(`${hash}:${parts.nonce ?? ''}:${parts.nc ?? ''}:${parts.cnonce ?? ''}:${parts.qop ?? ''}:${uri}`)
}

/** The members of an `Authorization: Digest` header; `undefined` for anything else. */
export function parseAuthorization(header: string | undefined): Record<string, string> | undefined {
  if (header === undefined || !/^Digest\s/i.test(header)) return undefined
  const parts: Record<string, string> = {}
  for (const [, name = '', quoted, bare] of header.slice(7).matchAll(/([a-zA-Z]+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/g)) {
    parts[name.toLowerCase()] = quoted ?? bare ?? ''
  }
  return parts
}

export type Nonces = {
  /** A fresh one, with the challenge for it. */
  challenge(realm: string, stale: boolean): string
  /** Counts a use: `stale` after too many, when it is unknown, or when the count does not grow. */
  use(nonce: string, count: string): 'good' | 'stale'
}

/** As many as firmware remembers at once. */
const KEPT = 8

/** `life`: how many requests a nonce serves. */
export function createNonces(random: RandomBytes, life: number): Nonces {
  const uses = new Map<string, { count: number; left: number }>()
  return {
    challenge(realm, stale) {
      const nonce = Buffer.from(random(24)).toString('base64')
      uses.set(nonce, { count: 0, left: life })
      for (const oldest of uses.keys()) {
        if (uses.size <= KEPT) break
        uses.delete(oldest)
      }
      return `Digest realm="${realm}", nonce="${nonce}",stale="${stale}",qop="auth"`
    },
    use(nonce, text) {
      const use = uses.get(nonce)
      const count = /^[\da-fA-F]{8}$/.test(text) ? Number.parseInt(text, 16) : 0
      if (use === undefined || count <= use.count || use.left <= 0) return 'stale'
      use.count = count
      use.left -= 1
      return 'good'
    },
  }
}
