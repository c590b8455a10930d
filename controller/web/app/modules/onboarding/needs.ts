// SPDX-License-Identifier: Apache-2.0
/** Tells the overview that somebody waits at the door. */
import { type AnswerOf, call, send } from '../../api/call.ts'
import { t } from '../../words/onboarding.ts'
import type { NeedSource } from '../pages.ts'

export const lobbyNeeds: NeedSource = {
  id: 'lobby',
  permission: 'host.admit',
  key: 'lobby',
  ask: async ({ project, signal }) => {
    const { requests } = await send<AnswerOf<'/v1/projects/{project}/enrollment/requests', 'GET'>>(
      call('GET', '/v1/projects/{project}/enrollment/requests', { path: { project } }),
      signal,
    )
    const [oldest] = requests
    if (oldest === undefined) return []
    return [
      {
        id: 'lobby',
        rank: 0,
        text: t.lobby.need(requests.length),
        to: '/lobby',
        verb: t.lobby.needVerb,
        since: oldest.at,
      },
    ]
  },
}
