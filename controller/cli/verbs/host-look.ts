// SPDX-License-Identifier: Apache-2.0
/** `muster host ls`, `get`, `inventory`. */
import { type Host, paths } from '../api.ts'
import type { Call } from '../call.ts'
import type { Run } from '../grammar.ts'
import { selectHosts } from '../host-select.ts'
import { oneHost } from '../hosts.ts'
import { drawHost, drawInventory, hostView } from '../views/host.ts'

const NO_LIMIT = Number.MAX_SAFE_INTEGER

export const listing: Run = async call => {
  const limit = call.options.count('limit') ?? NO_LIMIT
  const began = call.clock.monotonic()
  const { hosts, total } = await selectHosts(call, await call.session(), limit)
  await call.output.list(hostView, hosts, { total, tookMs: Math.round(call.clock.monotonic() - began) })
  return undefined
}

/** The host that is meant, as it is or as it was. */
async function look(call: Call): Promise<Host> {
  const session = await call.session()
  const host = await oneHost(call, session)
  const asOf = call.options.text('as-of')
  if (asOf === undefined) return host
  return session.client.get(paths.host(session.project, host.resourceId), { query: { asOf } })
}

export const getting: Run = async call => {
  const host = await look(call)
  await call.output.item(hostView, host, each => drawHost(each, call.clock.now()))
  return undefined
}

export const inventory: Run = async call => {
  const host = await look(call)
  await call.output.item({ kind: 'Inventory', name: hostView.name }, host, drawInventory)
  return undefined
}
