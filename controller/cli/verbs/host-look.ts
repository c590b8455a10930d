// SPDX-License-Identifier: Apache-2.0
/** `muster host ls`, `get`, `inventory`. */
import type { Run } from '../grammar.ts'
import { listHosts, oneHost } from '../hosts.ts'
import { filterOf } from '../query.ts'
import { drawHost, drawInventory, hostView } from '../views/host.ts'

const NO_LIMIT = Number.MAX_SAFE_INTEGER

export const listing: Run = async call => {
  const filter = filterOf(call.options)
  const limit = call.options.count('limit') ?? NO_LIMIT
  const began = call.clock.monotonic()
  const { hosts, total } = await listHosts(await call.session(), filter, limit)
  await call.output.list(hostView, hosts, { total, tookMs: Math.round(call.clock.monotonic() - began) })
  return undefined
}

export const getting: Run = async call => {
  const host = await oneHost(call, await call.session())
  await call.output.item(hostView, host, each => drawHost(each, call.clock.now()))
  return undefined
}

export const inventory: Run = async call => {
  const host = await oneHost(call, await call.session())
  await call.output.item({ kind: 'Inventory', name: hostView.name }, host, drawInventory)
  return undefined
}
