// SPDX-License-Identifier: Apache-2.0
/** How webhooks and their deliveries look. */
import type { View } from '../output.ts'
import { drawFacts } from '../render/table.ts'
import { age, remaining } from './command.ts'

export type Webhook = {
  readonly resourceId: string
  readonly name: string
  readonly url: string
  readonly types: readonly string[]
  readonly enabled: boolean
  readonly disabledWhy?: string
  readonly failingSince?: string
  readonly deliveries: { readonly pending: number; readonly delivered: number; readonly dead: number }
  readonly timestamps: { readonly createdAt: string; readonly updatedAt: string }
}

export type Delivery = {
  readonly id: string
  readonly type: string
  readonly state: 'pending' | 'delivered' | 'dead'
  readonly attempts: number
  readonly createdAt: string
  readonly nextAt?: string
  readonly status?: number
  readonly error?: string
}

function stateOf({ enabled, failingSince }: Webhook): string {
  if (!enabled) return '○ off'
  return failingSince === undefined ? '● ok' : '! failing'
}

export const webhookView: View<Webhook> = {
  kind: 'Webhook',
  name: webhook => webhook.resourceId,
  empty: 'muster webhook create https://…',
  columns: [
    { title: 'NAME', cell: webhook => webhook.name },
    {
      title: 'STATE',
      cell: stateOf,
      tone: webhook => (webhook.enabled && webhook.failingSince === undefined ? 'good' : 'bad'),
    },
    { title: 'PENDING', cell: ({ deliveries }) => String(deliveries.pending), right: true },
    { title: 'DEAD', cell: ({ deliveries }) => String(deliveries.dead), right: true },
    { title: 'TYPES', cell: ({ types }) => types.join(',') },
    { title: 'URL', cell: webhook => webhook.url },
    { title: 'ID', cell: webhook => webhook.resourceId, wide: true },
  ],
}

export function drawWebhook(webhook: Webhook, now: number): string {
  const { failingSince, deliveries } = webhook
  return drawFacts([
    ['name', webhook.name],
    ['id', webhook.resourceId],
    ['url', webhook.url],
    ['types', webhook.types.join(', ')],
    ['state', stateOf(webhook)],
    ['why', webhook.disabledWhy],
    ['failing', failingSince === undefined ? undefined : `for ${age(failingSince, now)}`],
    ['told', `${deliveries.delivered} delivered, ${deliveries.pending} pending, ${deliveries.dead} dead`],
  ])
}

export const deliveryView: View<Delivery> = {
  kind: 'Delivery',
  name: delivery => delivery.id,
  columns: [
    { title: 'ID', cell: delivery => delivery.id },
    { title: 'EVENT', cell: delivery => delivery.type },
    {
      title: 'STATE',
      cell: delivery => delivery.state,
      tone: delivery => (({ pending: 'warn', delivered: 'good', dead: 'bad' }) as const)[delivery.state],
    },
    { title: 'TRIES', cell: delivery => String(delivery.attempts), right: true },
    { title: 'AGE', cell: (delivery, now) => age(delivery.createdAt, now), right: true },
    { title: 'NEXT IN', cell: (delivery, now) => remaining(delivery.nextAt, now), right: true },
    { title: 'WHY', cell: delivery => delivery.error ?? '' },
  ],
}
