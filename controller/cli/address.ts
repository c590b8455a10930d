// SPDX-License-Identifier: Apache-2.0
/** The address of a controller: https, or plain http on this machine. */
import { problem } from './problems.ts'

export type Address = {
  /** Without a slash at its end. */
  readonly url: string
  /** The secret of a pasted one-time link. */
  readonly setup: string | undefined
}

/**
 * Reads what a person pastes: the address, or the one-time link `https://<name>:8443/setup#<secret>` whose fragment
 * never travels by itself. Throws `url-unusable`; its detail never repeats a fragment.
 */
export function readAddress(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) throw problem('url-unusable', 'it is not a URL')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw problem('url-unusable', `${url.protocol}//${url.host}`)
  }
  if (url.username !== '' || url.password !== '') throw problem('url-unusable', 'it carries a user name or password')
  if (url.search !== '') throw problem('url-unusable', 'it carries a query')
  const path = url.pathname.replace(/\/+$/, '')
  if (url.hash === '') return { url: url.origin + path, setup: undefined }
  if (!path.endsWith('/setup')) throw problem('url-unusable', 'it carries a fragment and is not a one-time link')
  return { url: url.origin + path.slice(0, -'/setup'.length), setup: url.hash.slice(1) }
}

/** RFC 6890: 127.0.0.0/8 and ::1; and the name that RFC 6761 §6.3 gives them. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

/** Reads `sha256:` and 64 hexadecimal digits, with or without colons between them; throws `usage`. */
export function readFingerprint(text: string): string {
  const digits = text
    .replace(/^sha256:/i, '')
    .replaceAll(':', '')
    .toLowerCase()
  if (!/^[0-9a-f]{64}$/.test(digits)) {
    throw problem('usage', '--ca-fingerprint takes sha256: and 64 hexadecimal digits')
  }
  return digits
}
