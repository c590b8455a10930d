// SPDX-License-Identifier: Apache-2.0
/** What can be said, in a browser, of the address that hosts are told. */

export type AddressVerdict = {
  /** It answers because the page came from it; it leads each machine to itself; or a machine elsewhere must try it. */
  readonly verdict: 'answers' | 'loopback' | 'unproven'
  /** Name and port to propose: those under which the browser reaches the controller. */
  readonly host: string
}

export function judgeAddress(told: string, seen: string): AddressVerdict {
  const host = isLoopback(seen) ? 'ctl.example:8443' : new URL(seen).host
  if (!URL.canParse(told)) return { verdict: 'unproven', host }
  // Where the browser runs on the controller's own machine, loopback answers and is no address for others all the same.
  if (isLoopback(told)) return { verdict: 'loopback', host }
  return { verdict: new URL(told).origin === seen ? 'answers' : 'unproven', host }
}

function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127\./.test(hostname)
}
