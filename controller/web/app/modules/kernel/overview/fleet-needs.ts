// SPDX-License-Identifier: Apache-2.0
/** What the fleet itself needs: hosts that are away, failing, or not as they should be. */
import { send } from '../../../api/call.ts'
import { t } from '../../../words/overview.ts'
import type { Need, NeedSource } from '../../pages.ts'
import { readTally } from './tally.ts'

export const fleetNeeds: NeedSource = {
  id: 'fleet',
  permission: 'host.read',
  key: 'summary',
  ask: async ({ project, signal }) => {
    const { reachability, compliance } = await readTally(project, signal)
    // Who is away counts as failing too, and is told of already.
    const failing = await countOf(
      project,
      'reachability = online AND hostStatusIndicator = STATUS_INDICATION_ERROR',
      signal,
    )
    const need = (id: string, rank: Need['rank'], { count, text, query }: Counted): readonly Need[] =>
      count === 0 ? [] : [{ id: `fleet ${id}`, rank, text: text(count), to: `/hosts?q=${query}`, verb: t.look }]
    return [
      ...need('offline', 1, { count: reachability.offline, text: t.off.title, query: 'reachability:offline' }),
      ...need('failing', 1, { count: failing, text: t.off.failing, query: 'reachability:online+health:failing' }),
      ...need('failed', 3, { count: compliance.failed, text: t.off.failed, query: 'compliance:failed' }),
    ]
  },
}

type Counted = { readonly count: number; readonly text: (count: number) => string; readonly query: string }

async function countOf(project: string, filter: string, signal: AbortSignal): Promise<number> {
  const search = new URLSearchParams({ filter, pageSize: '1', fields: 'resourceId' })
  const path = `/v1/projects/${encodeURIComponent(project)}/compute/hosts?${search}`
  const { totalElements } = await send<{ readonly totalElements: number }>({ method: 'GET', path }, signal)
  return totalElements
}
