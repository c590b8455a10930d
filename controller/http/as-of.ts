// SPDX-License-Identifier: Apache-2.0
/** Answers how a host was at a time that is over. */
import { Type } from 'typebox'
import { formatTime, parseDuration, parseTime, problem as refused } from '../../plugins/contract/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { type HostResource, pastResource } from './hosts.ts'
import { problem } from './problems.ts'

/** A query member that asks for the past. */
export const AsOf = Type.String({
  maxLength: 40,
  description: 'How it was at this time: RFC 3339, or so long ago (`7d`, `4h`, `30m`)',
})

/** The resource as it was, with the time it is of and since when anything is known. Throws `not-known-then`. */
export async function hostAsOf(
  kernel: Kernel,
  { project, host }: { readonly project: string; readonly host: string },
  asOf: string,
): Promise<HostResource & { readonly asOf: string; readonly knownSince: string }> {
  const at = momentOf(asOf, kernel.clock.now())
  if (kernel.past === undefined) throw problem('past-not-kept')
  const past = await kernel.past.host(project, host, at)
  return { ...pastResource(kernel, past), asOf: formatTime(at), knownSince: past.knownSince }
}

const CLOCKS_DIFFER_MS = 60_000

/** Throws `invalid` for what is neither a time nor a length of time, and for what is to come. */
function momentOf(asOf: string, now: number): number {
  const ago = parseDuration(asOf)
  const at = ago === undefined ? parseTime(asOf) : now - ago
  const message = at === undefined ? 'is neither a time (RFC 3339) nor a duration' : 'lies in the future'
  if (at === undefined || at > now + CLOCKS_DIFFER_MS || at < 0)
    throw refused('invalid', `/asOf ${message}`, { findings: [{ pointer: '/asOf', message }] })
  return Math.min(at, now)
}
