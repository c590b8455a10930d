// SPDX-License-Identifier: Apache-2.0
/** Addresses and routes of a simulated host as `/proc/net` lists them. */
import type { TreeSource } from './source.ts'

/** The trie of local addresses and networks that `/proc/net/fib_trie` draws, for one address in a /24. */
export function fibTrie(source: TreeSource): string {
  const trie = [...addressTrie(source), ...LOOPBACK]
  return ['Main:', '  +-- 0.0.0.0/0 3 0 5', ...trie, 'Local:', '  +-- 0.0.0.0/0 3 0 5', ...trie, ''].join('\n')
}

const LOOPBACK = [
  '     +-- 127.0.0.0/8 2 0 2',
  '        +-- 127.0.0.0/31 1 0 0',
  '           |-- 127.0.0.0',
  '              /8 host LOCAL',
  '           |-- 127.0.0.1',
  '              /32 host LOCAL',
  '        |-- 127.255.255.255',
  '           /32 link BROADCAST',
]

function addressTrie(source: TreeSource): readonly string[] {
  const address = source.facts.nics[0]?.ipv4
  if (address === undefined || !source.linked()) return []
  const network = address.split('.').slice(0, 3).join('.')
  return [
    '     |-- 0.0.0.0',
    '        /0 universe UNICAST',
    `     +-- ${network}.0/24 2 0 2`,
    `        |-- ${network}.0`,
    '           /24 link UNICAST',
    `        |-- ${address}`,
    '           /32 host LOCAL',
    `        |-- ${network}.255`,
    '           /32 link BROADCAST',
  ]
}

/** One line for each address: address, interface number, prefix length, scope, flags, name. */
export function ifInet6(source: TreeSource): string {
  const lines = ['00000000000000000000000000000001 01 80 10 80       lo']
  for (const [at, { name, ipv6 }] of source.facts.nics.entries()) {
    if (ipv6 === undefined || !source.linked()) continue
    lines.push(`${ipv6} ${(at + 2).toString(16).padStart(2, '0')} 40 20 80 ${name.padStart(8)}`)
  }
  return `${lines.join('\n')}\n`
}

/** Addresses as eight hexadecimal digits in the byte order of the processor. */
export function routes(source: TreeSource): string {
  const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n'
  const first = source.facts.nics[0]
  if (first?.ipv4 === undefined || !source.linked()) return head
  const gateway = littleEndian(source.facts.gateway)
  const network = littleEndian(source.facts.gateway.replace(/\d+$/, '0'))
  return [
    head,
    `${first.name}\t00000000\t${gateway}\t0003\t0\t0\t100\t00000000\t0\t0\t0\n`,
    `${first.name}\t${network}\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n`,
  ].join('')
}

function littleEndian(address: string): string {
  return address
    .split('.')
    .reverse()
    .map(part => Number(part).toString(16).padStart(2, '0').toUpperCase())
    .join('')
}
