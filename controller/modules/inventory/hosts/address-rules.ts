// SPDX-License-Identifier: Apache-2.0
/** Which of a host's addresses must be its own at its site, and who shares one with whom. Pure. */
import { isIP } from 'node:net'
import type { Nic } from '../../../../plugins/hardware/contract.ts'

/** Interfaces that programs make for their guests: the same addresses behind them on every host are no clash. */
const OF_GUESTS =
  /^(lo$|docker|podman|br-[0-9a-f]{12}$|veth|virbr|vnet|cni|cali|cilium|flannel|kube|nodelocaldns|lxc|lxd|weave|ovs-system|vmnet|vboxnet|dummy|tunl)/

/** 127.0.0.0/8, 169.254.0.0/16, 0.0.0.0/8, ::, ::1 and fe80::/10, as the kernel writes them. */
const LOCAL = /^(127\.|169\.254\.|0\.|::1?$|fe[89ab][0-9a-f]:)/i

/** Loopback, link-local (RFC 3927, RFC 4291 §2.5.6) and guests' addresses are left out. */
export function ownAddresses(nics: readonly Nic[]): readonly string[] {
  const own = nics
    .filter(nic => !OF_GUESTS.test(nic.deviceName))
    .flatMap(nic => nic.addresses)
    .filter(({ scope }) => scope !== 'host' && scope !== 'link')
    .map(({ address }) => canonicalAddress(address))
    .filter(address => !LOCAL.test(address))
  return [...new Set(own)].sort()
}

/** One spelling for each address, so that two can be compared: IPv6 as in RFC 5952 §4. */
export function canonicalAddress(address: string): string {
  const [plain = ''] = address.toLowerCase().split('%')
  return isIP(plain) === 6 ? new URL(`http://[${plain}]`).hostname.slice(1, -1) : plain
}

export type Standing = { readonly host: string; readonly address: string; readonly site: string | null }

/** For each standing of an address at a site, another host there that has it too. */
export function clashOf({ host, address, site }: Standing, all: readonly Standing[]): string | null {
  if (site === null) return null
  const other = all.find(each => each.address === address && each.site === site && each.host !== host)
  return other?.host ?? null
}
