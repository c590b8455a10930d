// SPDX-License-Identifier: Apache-2.0
/** `muster host summary`: how many hosts there are, and how they are. */
import { paths } from '../api.ts'
import type { Run } from '../grammar.ts'
import { drawFacts } from '../render/table.ts'

type Summary = {
  readonly total: number
  readonly error: number
  readonly running: number
  readonly unallocated: number
}

export const summary: Run = async call => {
  const { client, project } = await call.session()
  const query = { filter: call.options.text('filter') }
  const counts = await client.get<Summary>(paths.hostSummary(project), { query })
  await call.output.item({ kind: 'HostSummary', name: () => project }, counts, draw)
  return undefined
}

function draw({ total, error, running, unallocated }: Summary): string {
  return drawFacts([
    ['hosts', String(total)],
    ['with an error', String(error)],
    ['running', String(running)],
    ['without a site', String(unallocated)],
  ])
}
