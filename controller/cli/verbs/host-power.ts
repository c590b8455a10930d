// SPDX-License-Identifier: Apache-2.0
/** `muster host reboot`, `shutdown`: one host, several, or all that fit a selector. */
import type { Host } from '../api.ts'
import type { Call, Session } from '../call.ts'
import { confirm, confirmCount } from '../confirm.ts'
import type { Run } from '../grammar.ts'
import { findHost, listHosts, spoken } from '../hosts.ts'
import { isDryRun } from '../intent.ts'
import { orderHosts } from '../orders.ts'
import { problem } from '../problems.ts'
import { filterOf, selects } from '../query.ts'

export const reboot: Run = call => power(call, 'reboot', 'Reboot')
export const shutdown: Run = call => power(call, 'shutdown', 'Shut down')

async function power(call: Call, name: 'reboot' | 'shutdown', verb: string): ReturnType<Run> {
  const reason = call.options.text('reason')
  const expiresInMs = call.options.durationMs('expires')
  const session = await call.session()
  const hosts = await targets(call, session)
  if (!isDryRun(call)) {
    confirmCount(call, hosts.length)
    await confirm(call, `${verb} ${spokenAll(hosts)}?`)
  }
  const order = {
    section: 'power',
    name,
    input: {},
    ...(reason === undefined ? {} : { reason }),
    ...(expiresInMs === undefined ? {} : { expiresInMs }),
  }
  return orderHosts(call, session, { hosts, order })
}

/** Named hosts, or those that fit; never all for want of a name. */
async function targets(call: Call, session: Session): Promise<readonly Host[]> {
  const filter = filterOf(call.options)
  if (call.words.length > 0 === selects(filter))
    throw problem('usage', 'name hosts, or select them with -l or -q; not both')
  if (call.words.length === 0) {
    const { hosts } = await listHosts(session, filter, Number.MAX_SAFE_INTEGER)
    if (hosts.length === 0) throw problem('name-unknown', 'no host fits')
    return hosts
  }
  const found = new Map<string, Host>()
  for (const word of call.words) {
    const host = await findHost(session, word)
    found.set(host.resourceId, host)
  }
  return [...found.values()]
}

function spokenAll(hosts: readonly Host[]): string {
  const simulated = hosts.filter(host => host.simulated === true).length
  const away = hosts.filter(host => host.presence?.online !== true).length
  const more = [
    ...(away === 0 ? [] : [`${away} not connected`]),
    ...(simulated === 0 ? [] : [`${simulated} simulated`]),
  ]
  const aside = more.length === 0 ? '' : `, ${more.join(', ')}`
  const [only, second] = hosts
  if (only !== undefined && second === undefined) return `${spoken(only)}${aside}`
  return `${hosts.length} hosts${aside}`
}
