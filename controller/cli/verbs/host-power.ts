// SPDX-License-Identifier: Apache-2.0
/** `muster host reboot`, `shutdown`: one host, several, or all that fit a selector. */
import type { Call } from '../call.ts'
import { confirm, confirmCount } from '../confirm.ts'
import type { Run } from '../grammar.ts'
import { isDryRun } from '../intent.ts'
import { orderHosts } from '../orders.ts'
import { spokenAll, targets } from '../targets.ts'

export const reboot: Run = call => power(call, 'reboot', 'Reboot')
export const shutdown: Run = call => power(call, 'shutdown', 'Shut down')

async function power(call: Call, name: 'reboot' | 'shutdown', verb: string): ReturnType<Run> {
  const reason = call.options.text('reason')
  const expiresInMs = call.options.durationMs('expires')
  const session = await call.session()
  const hosts = await targets(call, session, call.words)
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
