// SPDX-License-Identifier: Apache-2.0
/** `muster whoami`. */
import { type Me, paths } from '../api.ts'
import type { Run } from '../grammar.ts'
import { drawFacts } from '../render/table.ts'

export const whoami: Run = async call => {
  const { client, name, project } = await call.session()
  const me: Me = await client.get(paths.me, { query: { project } })
  await call.output.item({ kind: 'Principal', name: each => each.id }, me, each =>
    drawFacts([
      ['name', each.name],
      ['kind', each.kind],
      ['id', each.id],
      ['controller', client.url],
      ['context', name],
      ['project', project],
      ['role', each.here?.roles.join(', ') || (each.here === undefined ? each.role : 'none in this project')],
      ['may', (each.here ?? each).permissions.join(' ')],
      ['on some hosts', each.here?.onSomeHosts?.join(' ')],
    ]),
  )
  return undefined
}
