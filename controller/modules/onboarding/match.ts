// SPDX-License-Identifier: Apache-2.0
/** Which host a machine is that wants to come in, by its keys: pure. Being somebody lets nobody in. */
import type { HostFacts } from '../../../plugins/contract/index.ts'
import type { Host } from '../../kernel/hosts.ts'

/** What the rules look at. */
export type Known = Pick<Host, 'id' | 'state' | 'desired' | 'uuid' | 'serial'>

export type Match<H extends Known = Known> =
  /** Nobody we know. */
  | { readonly kind: 'new' }
  /** The machine that a registration is about. */
  | { readonly kind: 'registered'; readonly host: H }
  /** A machine that was let in before. */
  | { readonly kind: 'known'; readonly host: H }
  /** A machine of a host that is being deleted. */
  | { readonly kind: 'leaving'; readonly host: H }
  /** It fits a registration in one key and not in the other, or two hosts at once. */
  | { readonly kind: 'mismatch'; readonly hosts: readonly H[]; readonly why: string }

export type Keys = Pick<HostFacts, 'uuid' | 'serial'>

/**
 * Finds the host among those that share a key with the machine. A registration by one key is met by that key alone; one
 * by both must be met by both, as far as the machine has them.
 */
export function matchKeys<H extends Known>(keys: Keys, among: readonly H[]): Match<H> {
  const uuid = keys.uuid?.toLowerCase()
  const serial = keys.serial?.toLowerCase()
  const byUuid = uuid === undefined ? undefined : among.find(host => host.uuid === uuid)
  const withSerial = serial === undefined ? [] : among.filter(host => host.serial?.toLowerCase() === serial)
  // Serial numbers alone do not tell machines apart that were let in by their UUID, so registrations come first.
  const bySerial =
    withSerial.find(host => host.state === 'registered') ?? withSerial.find(host => host.uuid === uuid) ?? withSerial[0]
  if (byUuid !== undefined) return matchUuid(keys, byUuid, bySerial)
  if (bySerial === undefined) return { kind: 'new' }
  if (uuid === undefined || (bySerial.state === 'registered' && bySerial.uuid === undefined)) return meets(bySerial)
  if (bySerial.state !== 'registered') return { kind: 'new' }
  return { kind: 'mismatch', hosts: [bySerial], why: refusedFor('UUID', keys.uuid) }
}

function matchUuid<H extends Known>(keys: Keys, host: H, bySerial: H | undefined): Match<H> {
  const twoHosts = bySerial !== undefined && bySerial.id !== host.id
  if (twoHosts && (host.state === 'registered' || bySerial.state === 'registered'))
    return { kind: 'mismatch', hosts: [host, bySerial], why: TWO_HOSTS }
  if (host.state !== 'registered' || !differ(keys.serial, host.serial)) return meets(host)
  return { kind: 'mismatch', hosts: [host], why: refusedFor('Serial Number', keys.serial) }
}

/**
 * The same for a machine with a token that was made for one host: it is that host, unless it is another one already or
 * differs in a key that the registration names.
 */
export function matchNamed<H extends Known>(keys: Keys, host: H, among: readonly H[]): Match<H> {
  const other = matchKeys(
    keys,
    among.filter(each => each.id !== host.id),
  )
  if ('host' in other) return { kind: 'mismatch', hosts: [host, other.host], why: TWO_HOSTS }
  if (host.state !== 'registered') return meets(host)
  if (differ(keys.uuid, host.uuid)) return { kind: 'mismatch', hosts: [host], why: refusedFor('UUID', keys.uuid) }
  if (differ(keys.serial, host.serial))
    return { kind: 'mismatch', hosts: [host], why: refusedFor('Serial Number', keys.serial) }
  return meets(host)
}

function differ(reported: string | undefined, wanted: string | undefined): boolean {
  return reported !== undefined && wanted !== undefined && reported.toLowerCase() !== wanted.toLowerCase()
}

function meets<H extends Known>(host: H): Match<H> {
  if (host.desired === 'deleted') return { kind: 'leaving', host }
  return { kind: host.state === 'registered' ? 'registered' : 'known', host }
}

/** In EIM's words. */
const FAILED = 'Host Registration Failed'
const TWO_HOSTS = `${FAILED}: UUID and Serial Number refer to different resources`

function refusedFor(key: 'UUID' | 'Serial Number', reported: string | undefined): string {
  return `${FAILED} due to mismatch of ${key}, Reported ${key} is: ${printable(reported ?? '')}`
}

/** What a machine says of itself is shown to people: no control characters, and no longer than a key is. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 80)
}
