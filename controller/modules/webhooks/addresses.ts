// SPDX-License-Identifier: Apache-2.0
/** Which addresses may be told: private ones, because plants live there; never those that give away a machine. */
import { BlockList, isIP } from 'node:net'
import { problem } from './problems.ts'

/** Link-local, metadata of clouds, multicast, unspecified, and wrappings that hide an IPv4 address. */
const NEVER = [
  ...['0.0.0.0/8', '169.254.0.0/16', '100.100.100.200/32', '192.0.0.192/32', '224.0.0.0/4', '240.0.0.0/4'],
  ...['::/128', 'fe80::/10', 'ff00::/8', 'fd00:ec2::254/128', '64:ff9b::/96', '2002::/16', '2001::/32'],
]

export type Rules = {
  readonly allow: readonly string[] | undefined
  readonly deny: readonly string[]
  readonly plainHttp: boolean
  /** Ports of this controller, and addresses of this machine beside loopback. */
  readonly ownPorts: () => readonly number[]
  readonly ownAddresses: () => readonly string[]
}

export interface Addresses {
  /** Reads the address of a webhook as far as that is possible without asking DNS. Throws `webhook-address-refused`. */
  check(text: string): URL
  /** Whether a connection to this IP address may be made. */
  isAllowed(address: string, port: number): boolean
}

/** Throws `invalid` networks as `webhook-address-refused` at the start, not with the first delivery. */
export function createAddresses({ allow, deny, plainHttp, ownPorts, ownAddresses }: Rules): Addresses {
  const never = listOf([...NEVER, ...deny])
  const only = allow === undefined ? undefined : listOf(allow)
  const isAllowed = (address: string, port: number): boolean => {
    const family = isIP(address)
    if (family === 0) return false
    const kind = family === 4 ? 'ipv4' : 'ipv6'
    if (never.check(address, kind)) return false
    if (only !== undefined && !only.check(address, kind)) return false
    const isOwn = isLoopback(address) || ownAddresses().includes(address)
    return !(isOwn && ownPorts().includes(port))
  }
  return {
    isAllowed,
    check: text => {
      const url = readUrl(text)
      const host = bareHost(url)
      const loopback = host === 'localhost' || host.endsWith('.localhost') || isLoopback(host)
      if (url.protocol === 'http:' && !plainHttp && !loopback)
        throw problem('webhook-address-refused', 'plain http:// is for loopback only')
      const port = portOf(url)
      if (isIP(host) !== 0 && !isAllowed(host, port))
        throw problem('webhook-address-refused', `${host.slice(0, 60)} port ${port}`)
      if (loopback && ownPorts().includes(port))
        throw problem('webhook-address-refused', `port ${port} is the controller's own`)
      return url
    },
  }
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['https:', 'http:'].includes(url.protocol))
    throw problem('webhook-address-refused', 'it is no https:// address')
  if (url.username !== '' || url.password !== '')
    throw problem('webhook-address-refused', 'it carries a name or password; the signature says who is calling')
  if (url.hash !== '') throw problem('webhook-address-refused', 'it carries a fragment, which is never sent')
  return url
}

export function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port)
  return protocol === 'http:' ? 80 : 443
}

/** The name or address without brackets. */
export function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').toLowerCase()
}

const LOOPBACK = listOf(['127.0.0.0/8', '::1/128'])

function isLoopback(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && LOOPBACK.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix] = network.split('/')
    const family = isIP(address)
    const most = family === 4 ? 32 : 128
    const length = prefix === undefined ? most : Number(prefix)
    if (family === 0 || !Number.isInteger(length) || length < 0 || length > most)
      throw problem('webhook-address-refused', `${network.slice(0, 60)} is no network`)
    list.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}
