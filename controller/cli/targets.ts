// SPDX-License-Identifier: Apache-2.0
/** The hosts an act is meant for: those that are named, or those that fit a selector. */
import type { Host } from './api.ts'
import type { Call, Session } from './call.ts'
import { selectHosts, selectsHosts } from './host-select.ts'
import { findHost, spoken } from './hosts.ts'
import { problem } from './problems.ts'

/** Named hosts, or those that fit; never all for want of a name. */
export async function targets(call: Call, session: Session, words: readonly string[]): Promise<readonly Host[]> {
  if (words.length > 0 === selectsHosts(call.options))
    throw problem('usage', 'name hosts, or select them (-l, -q, --filter, ...: see the help); not both')
  if (words.length === 0) {
    const { hosts } = await selectHosts(call, session, Number.MAX_SAFE_INTEGER)
    if (hosts.length === 0) throw problem('name-unknown', 'no host fits')
    return hosts
  }
  const found = new Map<string, Host>()
  for (const word of words) {
    const host = await findHost(session, word)
    found.set(host.resourceId, host)
  }
  return [...found.values()]
}

/** How hosts are spoken of in a question: one by its name, several by their number. */
export function spokenAll(hosts: readonly Host[]): string {
  const simulated = hosts.filter(host => host.simulated === true).length
  const away = hosts.filter(host => host.presence?.online !== true).length
  const [only, second] = hosts
  if (only !== undefined && second === undefined) return `${spoken(only)}${away === 0 ? '' : ', not connected'}`
  const more = [
    ...(away === 0 ? [] : [`${away} not connected`]),
    ...(simulated === 0 ? [] : [`${simulated} simulated`]),
  ]
  return [`${hosts.length} hosts`, ...more].join(', ')
}
