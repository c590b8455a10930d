// SPDX-License-Identifier: Apache-2.0
/** Ranges of addresses: which are written right, and which an address lies in. */
import { BlockList, isIP } from 'node:net'

/** Tells whether a text is an address range such as `10.1.0.0/16` or `fd00::/8`. */
export function isNetwork(text: string): boolean {
  const [address = '', prefix = '', ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return false
  return Number(prefix) <= (family === 4 ? 32 : 128)
}

/** Whether an address lies in one of the ranges; IPv4 addresses that came over IPv6 count as IPv4. */
export function isInNetworks(address: string, networks: readonly string[]): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
  const family = isIP(plain)
  if (family === 0) return false
  const list = new BlockList()
  for (const each of networks) {
    const [network = '', prefix = ''] = each.split('/')
    if (isIP(network) === family) list.addSubnet(network, Number(prefix), family === 4 ? 'ipv4' : 'ipv6')
  }
  return list.check(plain, family === 4 ? 'ipv4' : 'ipv6')
}
