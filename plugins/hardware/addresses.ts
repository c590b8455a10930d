// SPDX-License-Identifier: Apache-2.0
/** The addresses of the network interfaces: as `ip` tells them, or, where there is no `ip`, as /proc does. */
import type { Address } from './contract.ts'
import { byName, clean } from './read.ts'

export type Addresses = ReadonlyMap<string, readonly Address[]>

/** Reads `ip -j addr`; `undefined` when it is not what iproute2 prints (busybox has no JSON). */
export function parseIp(text: string): Addresses | undefined {
  const links = parseArray(text)
  if (links === undefined) return undefined
  const found = new Map<string, readonly Address[]>()
  for (const link of links) {
    const name = clean(textOf(link, 'ifname'))
    const info = memberOf(link, 'addr_info')
    if (name === undefined || !Array.isArray(info)) continue
    found.set(name, sorted(info.map(addressOf).filter(address => address !== undefined)))
  }
  return found
}

function parseArray(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

function textOf(value: unknown, key: string): string | undefined {
  const member = memberOf(value, key)
  return typeof member === 'string' ? member : undefined
}

function addressOf(info: unknown): Address | undefined {
  const family = textOf(info, 'family')
  const address = clean(textOf(info, 'local'))
  const prefix = memberOf(info, 'prefixlen')
  if ((family !== 'inet' && family !== 'inet6') || address === undefined || !isPrefix(prefix, family)) return undefined
  return { family, address, prefix, scope: clean(textOf(info, 'scope')) ?? 'global' }
}

function isPrefix(value: unknown, family: 'inet' | 'inet6'): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= (family === 'inet' ? 32 : 128)
}

/** The three files of /proc/net that together change whenever an address does. */
export type ProcNet = { readonly fibTrie: string; readonly route: string; readonly ifInet6: string }

/**
 * Reads the addresses from /proc/net. IPv4 addresses there do not say whose they are: they are given to the interface
 * whose connected network holds them, so one outside every connected network is missed.
 */
export function parseProcNet({ fibTrie, route, ifInet6 }: ProcNet): Addresses {
  const found = new Map<string, Address[]>()
  const add = (name: string, address: Address): void => {
    found.set(name, [...(found.get(name) ?? []), address])
  }
  for (const [name, address] of parseIfInet6(ifInet6)) add(name, address)
  const networks = parseRoutes(route)
  for (const address of parseFibTrie(fibTrie)) {
    const number = ipv4(address)
    if (address.startsWith('127.')) {
      add('lo', { family: 'inet', address, prefix: 8, scope: 'host' })
      continue
    }
    const home = networks.find(network => number !== undefined && (number & network.mask) >>> 0 === network.base)
    if (home === undefined) continue
    const scope = address.startsWith('169.254.') ? 'link' : 'global'
    add(home.name, { family: 'inet', address, prefix: home.prefix, scope })
  }
  return new Map([...found].map(([name, addresses]) => [name, sorted(addresses)]))
}

const SCOPES: Readonly<Record<string, string>> = { '00': 'global', '10': 'host', '20': 'link', '40': 'site' }

function parseIfInet6(text: string): readonly (readonly [string, Address])[] {
  const found: (readonly [string, Address])[] = []
  for (const line of text.split('\n')) {
    const [hex = '', , prefix = '', scope = '', , name = ''] = line.trim().split(/\s+/)
    if (!/^[0-9a-f]{32}$/.test(hex) || !/^[0-9a-f]{2}$/.test(prefix) || name === '') continue
    const bits = Number.parseInt(prefix, 16)
    if (bits > 128) continue
    found.push([name, { family: 'inet6', address: shorten(hex), prefix: bits, scope: SCOPES[scope] ?? 'global' }])
  }
  return found
}

/** Writes 32 hexadecimal digits as RFC 5952 §4 wants them: `fe80::1`. */
export function shorten(hex: string): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    Number.parseInt(hex.slice(index * 4, index * 4 + 4), 16).toString(16),
  )
  let longest = { start: 0, length: 0 }
  for (let start = 0; start < 8; start++) {
    let length = 0
    while (groups[start + length] === '0') length++
    if (length > longest.length) longest = { start, length }
  }
  if (longest.length < 2) return groups.join(':')
  return `${groups.slice(0, longest.start).join(':')}::${groups.slice(longest.start + longest.length).join(':')}`
}

type Network = { readonly name: string; readonly base: number; readonly mask: number; readonly prefix: number }

// Columns of /proc/net/route: interface, destination, gateway, flags, …, mask at 7; numbers in the host's byte order,
// which is little-endian on every machine we run on. Connected networks have no gateway.
function parseRoutes(text: string): readonly Network[] {
  const found: Network[] = []
  for (const line of text.split('\n').slice(1)) {
    const columns = line.trim().split(/\s+/)
    const [name = '', destination = '', gateway = ''] = columns
    const mask = littleEndian(columns[7] ?? '')
    const base = littleEndian(destination)
    if (gateway !== '00000000' || mask === undefined || base === undefined || mask === 0) continue
    found.push({ name, base, mask, prefix: mask.toString(2).replaceAll('0', '').length })
  }
  // The narrowest network knows best whose address it is.
  return found.sort((a, b) => b.prefix - a.prefix)
}

function littleEndian(hex: string): number | undefined {
  if (!/^[0-9A-Fa-f]{8}$/.test(hex)) return undefined
  const octets = [6, 4, 2, 0].map(at => Number.parseInt(hex.slice(at, at + 2), 16))
  return octets.reduce((number, octet) => number * 256 + octet, 0)
}

function ipv4(text: string): number | undefined {
  const octets = text.split('.').map(Number)
  if (octets.length !== 4 || octets.some(octet => !Number.isInteger(octet) || octet < 0 || octet > 255))
    return undefined
  return octets.reduce((number, octet) => number * 256 + octet, 0)
}

// A leaf `|-- a.b.c.d` with `/32 host LOCAL` among the lines below it is an address of this machine.
function parseFibTrie(text: string): readonly string[] {
  const found = new Set<string>()
  for (const [, address = '', entries = ''] of text.matchAll(/\|-- ([\d.]{7,15})\n((?:[ \t]+\/\d+ .*\n?)*)/g)) {
    if (/\/32 host LOCAL/.test(entries)) found.add(address)
  }
  return [...found]
}

function sorted(addresses: readonly Address[]): readonly Address[] {
  return [...addresses].sort(
    (a, b) => byName(a.family, b.family) || byName(a.address, b.address) || a.prefix - b.prefix,
  )
}
