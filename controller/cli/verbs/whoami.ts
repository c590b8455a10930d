// SPDX-License-Identifier: Apache-2.0
/** `muster whoami`. */
import { type Me, paths } from '../api.ts'
import type { Run } from '../grammar.ts'
import { drawFacts } from '../render/table.ts'

export const whoami: Run = async call => {
  const { client, name, project } = await call.session()
  const me: Me = await client.get(paths.me)
  await call.output.item({ kind: 'Principal', name: each => each.id }, me, each =>
    drawFacts([
      ['name', each.name],
      ['role', each.role],
      ['kind', each.kind],
      ['id', each.id],
      ['may', each.permissions.join(' ')],
      ['controller', client.url],
      ['context', name],
      ['project', project],
    ]),
  )
  return undefined
}
