// SPDX-License-Identifier: Apache-2.0
/** Places that went dark, for whoever looks after them. */
import { type AnswerOf, call, send } from '../../api/call.ts'
import { t } from '../../words/inventory.ts'
import type { Need, NeedSource } from '../pages.ts'
import { stateOf } from './sites/state.ts'

type Tallies = AnswerOf<'/v1/projects/{project}/inventory/sites', 'GET'>
type Locations = AnswerOf<'/v1/projects/{projectName}/locations', 'GET'>

export const darkSites: NeedSource = {
  id: 'inventory.dark-sites',
  permission: 'inventory.read',
  key: 'sites',
  ask: async ({ project, signal }) => {
    const { sites } = await send<Tallies>(
      call('GET', '/v1/projects/{project}/inventory/sites', { path: { project } }),
      signal,
    )
    const dark = sites.filter(tally => tally.siteId !== '' && stateOf(tally) === 'dark')
    if (dark.length === 0) return []
    const names = await siteNames(project, signal)
    return dark.map(
      ({ siteId, lost, hosts, lostSince }): Need => ({
        id: `inventory.dark.${siteId}`,
        rank: 1,
        text: t.dark(names.get(siteId) ?? siteId, lost, hosts),
        to: `/sites/${siteId}`,
        verb: t.openSite,
        ...(lostSince === undefined ? {} : { since: lostSince }),
      }),
    )
  },
}

async function siteNames(project: string, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const asked = call('GET', '/v1/projects/{projectName}/locations', {
    path: { projectName: project },
    query: { showSites: true },
  })
  const { nodes } = await send<Locations>(asked, signal)
  return new Map(nodes.map(({ resourceId, name }) => [resourceId, name === '' ? resourceId : name]))
}
