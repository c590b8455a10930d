// SPDX-License-Identifier: Apache-2.0
/** How the address of a device is spelled: `host`, `host:port` or `tls://host:port`. Pure. */

export type LanAddress = {
  /** A name, an IPv4 address, or an IPv6 address without brackets. */
  readonly host: string
  readonly secured: boolean
}

const SPELLING = /^(tls:\/\/)?(?:\[([0-9a-f:.]+)\]|([a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?))(?::(1699[2-5]))?$/i
const BARE_IPV6 = /^[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}$/i

/**
 * Reads an address; `undefined` for what is none. A port is one of AMT's four and says no more than whether TLS is meant:
 * which of them is dialled depends on what is wanted.
 */
export function readAddress(text: string): LanAddress | undefined {
  if (BARE_IPV6.test(text)) return { host: text.toLowerCase(), secured: false }
  const found = SPELLING.exec(text)
  if (found === null) return undefined
  const [, scheme, bracketed, plain, port] = found
  const host = (bracketed ?? plain ?? '').toLowerCase()
  return { host, secured: scheme !== undefined || port === '16993' || port === '16995' }
}

/** The one spelling in which an address is kept. */
export function writeAddress({ host, secured }: LanAddress): string {
  const name = host.includes(':') ? `[${host}]` : host
  return secured ? `tls://${name}:16993` : `${name}:16992`
}

/** A SHA-256 fingerprint as it is kept: lower-case hexadecimal without colons; `undefined` for what is none. */
export function readFingerprint(text: string): string | undefined {
  const bare = text.replaceAll(':', '').toLowerCase()
  return /^[0-9a-f]{64}$/.test(bare) ? bare : undefined
}
