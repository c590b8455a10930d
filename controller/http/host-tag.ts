// SPDX-License-Identifier: Apache-2.0
/** Entity tags of hosts: they change with everything that may be written of one, and not with what it reports. */
import { Type } from 'typebox'
import { canonical } from '../../plugins/contract/index.ts'
import type { Host } from '../kernel/hosts.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { problem } from '../kernel/problems.ts'

export const HostMatch = Type.Object({ 'if-match': Type.Optional(Type.String({ maxLength: 1_000 })) })

/** The tag of a host as it is (RFC 9110 §8.8.3). */
export function tagOf({ digest }: Kernel, host: Host): string {
  const { name, note, labels, site, uuid, serial, state, desired, userLvmSize, vpro } = host
  const written = [name, note, labels, site ?? '', uuid ?? '', serial ?? '', state, desired, userLvmSize ?? -1, vpro]
  return `"${digest(canonical(written)).slice(-16)}"`
}

/** Throws `revision-mismatch` when `If-Match` is there and the host is none of those it names (RFC 9110 §13.1.1). */
export function refuseStale(kernel: Kernel, host: Host, match: string | undefined): void {
  if (match === undefined || match.trim() === '*') return
  const now = tagOf(kernel, host)
  const named = match.split(',').map(each => each.trim().replace(/^W\//, ''))
  if (!named.includes(now)) throw problem('revision-mismatch', `it is ${now} now`)
}
