// SPDX-License-Identifier: Apache-2.0
/** The rules of admission, pure: which token is good for whom, which facts identify a machine. */
import { BlockList, isIP } from 'node:net'
import type { HostFacts } from '../../../plugins/contract/index.ts'
import type { JoinTokenRow } from './tables.ts'

/** Identifiers that firmware ships unset; many machines share them, so they identify none. */
const SHARED_UUIDS = new Set([
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '03000200-0400-0500-0006-000700080009',
  '12345678-1234-5678-90ab-cddeefaabbcc',
])
const SHARED_SERIALS =
  /^(|0+|none|n\/a|not specified|default string|system serial number|to be filled by o\.?e\.?m\.?|x+|0123456789|123456789)$/i

/** Leaves out what cannot tell one machine from another. */
export function identifying(facts: HostFacts): HostFacts {
  const { uuid, serial, ...rest } = facts
  return {
    ...rest,
    ...(uuid === undefined || SHARED_UUIDS.has(uuid.toLowerCase()) ? {} : { uuid: uuid.toLowerCase() }),
    ...(serial === undefined || SHARED_SERIALS.test(serial.trim()) ? {} : { serial: serial.trim() }),
  }
}

export type Bearer = { readonly facts: HostFacts; readonly address: string; readonly now: number }

/** Whether a token admits this machine now. The caller tells the machine only that it does not. */
export function admits(token: JoinTokenRow, { facts, address, now }: Bearer): boolean {
  if (token.revoked_at !== null || Date.parse(token.expires_at) <= now || token.used >= token.uses) return false
  if (token.cidr !== null && !inCidr(address, token.cidr)) return false
  return token.serial === null || isNamed(token.serial, facts)
}

/** Whether a token was made for just this host, by the serial number or UUID that we know of it. */
export function isMadeFor(token: JoinTokenRow, host: Keys): boolean {
  return token.serial !== null && isNamed(token.serial, host)
}

type Keys = { readonly uuid?: string | undefined; readonly serial?: string | undefined }

function isNamed(name: string, { serial, uuid }: Keys): boolean {
  const wanted = name.toLowerCase()
  return serial?.toLowerCase() === wanted || uuid?.toLowerCase() === wanted
}

/** Tells whether a text is an address range such as `10.1.0.0/16` or `fd00::/8`. */
export function isCidr(text: string): boolean {
  const [address = '', prefix = '', ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return false
  return Number(prefix) <= (family === 4 ? 32 : 128)
}

function inCidr(address: string, cidr: string): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
  const [network = '', prefix = ''] = cidr.split('/')
  const family = isIP(plain)
  if (family === 0 || family !== isIP(network)) return false
  const list = new BlockList()
  list.addSubnet(network, Number(prefix), family === 4 ? 'ipv4' : 'ipv6')
  return list.check(plain, family === 4 ? 'ipv4' : 'ipv6')
}
