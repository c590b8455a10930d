// SPDX-License-Identifier: Apache-2.0
/** `muster why`: what keeps a host from its desired state. */
import { paths } from '../api.ts'
import type { Run } from '../grammar.ts'
import { oneHost } from '../hosts.ts'
import { drawWhy, type Why } from '../views/why.ts'

export const why: Run = async call => {
  const session = await call.session()
  const host = await oneHost(call, session)
  const told: Why = await session.client.get(paths.why(session.project, host.resourceId), {
    query: { section: call.options.text('section') },
  })
  await call.output.item({ kind: 'Why', name: each => each.host.resourceId }, told, each =>
    drawWhy(each, call.clock.now()),
  )
  return undefined
}
