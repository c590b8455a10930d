// SPDX-License-Identifier: Apache-2.0
/** How a webhook is, and how a delivery is. */
import { spoken } from '../../kit/age.ts'
import { useNow } from '../../kit/now.ts'
import { Badge } from '../../kit/status-chip.tsx'
import { t } from '../../words/webhooks.ts'
import { type Delivery, stateOf, type Webhook } from './webhooks.ts'

const HUES = { on: 'ok', off: 'unknown', failing: 'degraded', stopped: 'failing' } as const

export function WebhookBadge({ webhook }: { readonly webhook: Webhook }) {
  const now = useNow()
  const state = stateOf(webhook)
  const { failingSince = '', disabledWhy = '' } = webhook
  const why = {
    on: t.stateWhy.on,
    off: t.stateWhy.off,
    failing: t.stateWhy.failing(spoken(now - Date.parse(failingSince))),
    stopped: t.stateWhy.stopped(disabledWhy),
  }[state]
  return (
    <Badge hue={HUES[state]} why={why}>
      {t.state[state]}
    </Badge>
  )
}

const DELIVERY_HUES = { pending: 'held', delivered: 'ok', dead: 'failing' } as const

export function DeliveryBadge({ state }: Pick<Delivery, 'state'>) {
  return (
    <Badge hue={DELIVERY_HUES[state]} why={t.deliveryWhy[state]}>
      {t.delivery[state]}
    </Badge>
  )
}
