// SPDX-License-Identifier: Apache-2.0
/** Webhooks that do not get through. */
import { get } from '../../api/call.ts'
import { spoken } from '../../kit/age.ts'
import { t } from '../../words/webhooks.ts'
import type { Need, NeedSource } from '../pages.ts'
import { stateOf, type Webhook } from './webhooks.ts'

export const webhookNeeds: NeedSource = {
  id: 'webhooks',
  permission: 'webhook.read',
  key: 'webhooks',
  ask: async ({ project, signal }) => {
    const { webhooks } = await get('/v1/projects/{project}/webhooks', { path: { project } })({ signal })
    return webhooks.flatMap(webhook => needOf(webhook, Date.now()) ?? [])
  },
}

/** At most one for each: the worst. */
export function needOf(webhook: Webhook, now: number): Need | undefined {
  const { resourceId, name, failingSince, deliveries } = webhook
  const state = stateOf(webhook)
  const rest = { id: `webhook-${resourceId}`, to: `/webhooks/${resourceId}`, verb: t.need.look }
  if (state === 'stopped') return { ...rest, rank: 1, text: t.need.stopped(name) }
  if (state === 'failing' && failingSince !== undefined) {
    const age = spoken(now - Date.parse(failingSince))
    return { ...rest, rank: 1, text: t.need.failing(name, age), since: failingSince }
  }
  if (state === 'off' || deliveries.dead === 0) return undefined
  return { ...rest, to: `${rest.to}?state=dead`, rank: 3, text: t.need.dead(deliveries.dead, name) }
}
