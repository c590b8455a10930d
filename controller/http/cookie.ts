// SPDX-License-Identifier: Apache-2.0
/** The session cookie of browsers, and the rule that other sites cannot make use of it (RFC 6265bis, Fetch Metadata). */
import type { FastifyRequest } from 'fastify'
import { problem } from './problems.ts'

const NAME = '__Host-muster'
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** What the browser sent; `undefined` without one. Two of the name are none, for one was not set by us. */
export function sessionCookie({ headers }: FastifyRequest): string | undefined {
  const pairs = (headers.cookie ?? '').split(';').map(pair => pair.trim())
  const found = pairs.filter(pair => pair.startsWith(`${NAME}=`))
  const [only] = found
  return found.length === 1 ? only?.slice(NAME.length + 1) : undefined
}

/** The header that sets the cookie; the browser forgets it when it is closed, the session ends by itself. */
export function cookieFor(secret: string): string {
  return `${NAME}=${secret}; Path=/; Secure; HttpOnly; SameSite=Lax`
}

/** The header that takes the cookie back. */
export const NO_COOKIE = `${NAME}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`

/**
 * Throws `cross-site` when an unsafe request does not come from a page of ours. `acts` says that this one is unsafe
 * whatever its method: MPS has reading requests that show a code on a screen.
 */
export function refuseCrossSite(request: FastifyRequest, acts = false): void {
  if (SAFE.has(request.method) && !acts) return
  const { 'sec-fetch-site': site, origin } = request.headers
  if (site !== undefined) {
    if (site !== 'same-origin' && site !== 'none') throw problem('cross-site')
    return
  }
  if (origin === undefined || !isOwnOrigin(request, origin)) throw problem('cross-site')
}

/** The same for requests that need no cookie: only browsers send these headers, so without them there is none. */
export function refuseForeignPage(request: FastifyRequest): void {
  const { 'sec-fetch-site': site, origin } = request.headers
  if (site !== undefined || origin !== undefined) refuseCrossSite(request)
}

/** Plain HTTP is served to this machine alone, where something may end TLS for us. */
function isOwnOrigin({ headers, raw }: FastifyRequest, origin: string): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, host } = new URL(origin)
  if (host !== headers.host?.toLowerCase()) return false
  return protocol === 'https:' || (protocol === 'http:' && !('encrypted' in raw.socket))
}
