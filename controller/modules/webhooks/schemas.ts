// SPDX-License-Identifier: Apache-2.0
/** What goes in and out of the routes of webhooks. */
import { type Static, Type } from 'typebox'
import { ProjectName, Time, UlidText } from '../../http/schemas.ts'
import type { DeliveryRow, DeliveryState, WebhookRow } from './tables.ts'

const Name = Type.String({ minLength: 1, maxLength: 100, pattern: '^[^\\u0000-\\u001f]+$' })
const Url = Type.String({ minLength: 8, maxLength: 2_000, description: 'https://; plain http:// for loopback' })
const Types = Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
  minItems: 1,
  maxItems: 50,
  description: 'Types of events, or the words they begin with; * for all',
})
const Pem = Type.String({ maxLength: 16_384, description: 'PEM of the authority the receiver goes by; empty for none' })

export const NewWebhook = Type.Object(
  {
    name: Type.Optional(Name),
    url: Url,
    types: Type.Optional(Types),
    caCertificate: Type.Optional(Pem),
    enabled: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export const WebhookPatch = Type.Object(
  {
    name: Type.Optional(Name),
    url: Type.Optional(Url),
    types: Type.Optional(Types),
    caCertificate: Type.Optional(Pem),
    enabled: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false, minProperties: 1 },
)
export type WebhookFields = Static<typeof WebhookPatch>

export const WEBHOOK_ID = '^webhook-[0-9a-f]{8}$'
export const OfWebhook = Type.Object({ project: ProjectName, webhook: Type.String({ pattern: WEBHOOK_ID }) })
export const OfDelivery = Type.Object({
  project: ProjectName,
  webhook: Type.String({ pattern: WEBHOOK_ID }),
  delivery: UlidText,
})

export const WebhookResource = Type.Object({
  resourceId: Type.String(),
  name: Type.String(),
  url: Type.String(),
  types: Type.Array(Type.String()),
  caCertificate: Type.Optional(Type.String()),
  enabled: Type.Boolean(),
  disabledWhy: Type.Optional(Type.String()),
  failingSince: Type.Optional(Time),
  cursor: Type.Integer({ description: 'Every event up to this one was looked at' }),
  deliveries: Type.Object({ pending: Type.Integer(), delivered: Type.Integer(), dead: Type.Integer() }),
  timestamps: Type.Object({ createdAt: Time, updatedAt: Time }),
})

/** With the secret, which is told this once. */
export const WebhookWithSecret = Type.Object({ ...WebhookResource.properties, secret: Type.String() })

export const DeliveryResource = Type.Object({
  id: UlidText,
  event: Type.Integer(),
  type: Type.String(),
  state: Type.Enum(['pending', 'delivered', 'dead']),
  attempts: Type.Integer(),
  createdAt: Time,
  nextAt: Type.Optional(Time),
  finishedAt: Type.Optional(Time),
  status: Type.Optional(Type.Integer()),
  error: Type.Optional(Type.String()),
})

export type Counts = Partial<Record<DeliveryState, number>>

export function webhookResource(row: WebhookRow, counts: Counts = {}): Static<typeof WebhookResource> {
  return {
    resourceId: row.id,
    name: row.name,
    url: row.url,
    types: JSON.parse(row.types) as string[], // written by the routes only
    ...(row.ca === null ? {} : { caCertificate: row.ca }),
    enabled: row.enabled === 1,
    ...(row.disabled_why === null ? {} : { disabledWhy: row.disabled_why }),
    ...(row.failing_since === null ? {} : { failingSince: row.failing_since }),
    cursor: row.cursor,
    deliveries: { pending: counts.pending ?? 0, delivered: counts.delivered ?? 0, dead: counts.dead ?? 0 },
    timestamps: { createdAt: row.created_at, updatedAt: row.updated_at },
  }
}

export function deliveryResource(row: DeliveryRow): Static<typeof DeliveryResource> {
  return {
    id: row.id,
    event: row.event,
    type: row.type,
    state: row.state,
    attempts: row.attempts,
    createdAt: row.created_at,
    ...(row.state === 'pending' ? { nextAt: row.next_at } : {}),
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at }),
    ...(row.status === null ? {} : { status: row.status }),
    ...(row.error === null ? {} : { error: row.error }),
  }
}
