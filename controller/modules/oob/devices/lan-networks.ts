// SPDX-License-Identifier: Apache-2.0
/** Which addresses may be dialled: those in configured networks, so that nobody scans ports through the interface. Pure. */
import { BlockList, isIP } from 'node:net'
import { problem } from './problems.ts'

/** Addresses of this machine and of its own links. */
const NEAR = ['127.0.0.0/8', '::1/128', '169.254.0.0/16', 'fe80::/10', '0.0.0.0/8', '::/128', '224.0.0.0/4', 'ff00::/8']

/**
 * Tells whether an address lies in one of the networks (`10.0.0.0/8`, `fd00::/8`, or a single address). Loopback,
 * link-local and multicast addresses do only when a network that is no wider than their range is listed: `0.0.0.0/0` does
 * not mean this machine. Throws `lan-network-invalid` for what is no network.
 */
export function lanNetworks(networks: readonly string[]): (address: string) => boolean {
  const near = listOf(NEAR)
  const narrow = networks.filter(each => NEAR.some(range => isWithin(each, range)))
  const [all, explicit] = [listOf(networks), listOf(narrow)]
  return address => {
    const family = familyOf(address)
    if (family === undefined) return false
    return near.check(address, family) ? explicit.check(address, family) : all.check(address, family)
  }
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of networks) {
    const { base, bits, family } = networkOf(text)
    list.addSubnet(base, bits, family)
  }
  return list
}

function isWithin(network: string, range: string): boolean {
  const [inner, outer] = [networkOf(network), networkOf(range)]
  return inner.family === outer.family && inner.bits >= outer.bits && listOf([range]).check(inner.base, inner.family)
}

function networkOf(text: string): { readonly base: string; readonly bits: number; readonly family: 'ipv4' | 'ipv6' } {
  const [base = '', given] = text.split('/')
  const family = familyOf(base)
  const most = family === 'ipv4' ? 32 : 128
  const bits = given === undefined ? most : Number(given)
  const isNetwork = family !== undefined && /^\d{1,3}$/.test(given ?? '0') && bits <= most
  if (!isNetwork) throw problem('lan-network-invalid', text)
  return { base, bits, family }
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address)
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6'
}
