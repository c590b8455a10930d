// SPDX-License-Identifier: Apache-2.0
/** Webhooks, how far each has read the events, and what it still has to tell. */
import type { Migrations } from '../../store/store.ts'

export type WebhookRow = {
  project: string
  id: string
  name: string
  url: string
  /** JSON: types of events, or the words they begin with; `*` for all. */
  types: string
  /** PEM of the authority that the receiver's certificate ends in, where the system does not know it. */
  ca: string | null
  enabled: number
  disabled_why: string | null
  /** Every event up to this one was looked at. */
  cursor: number
  /** RFC 3339: since when nothing could be delivered. */
  failing_since: string | null
  /** When the secret was changed; the one before signs too for a while. */
  rotated_at: string | null
  created_at: string
  updated_at: string
}

export type DeliveryState = 'pending' | 'delivered' | 'dead'

export type DeliveryRow = {
  project: string
  id: string
  webhook: string
  /** Cursor of the event; 0 for a ping. */
  event: number
  type: string
  body: string
  state: DeliveryState
  attempts: number
  /** RFC 3339: when it is tried next, while it is pending. */
  next_at: string
  created_at: string
  finished_at: string | null
  /** HTTP status of the last answer. */
  status: number | null
  error: string | null
}

export type WebhookTables = { webhooks: WebhookRow; webhooks_deliveries: DeliveryRow }

export const migrations: Migrations = {
  '0001-first': {
    async up({ schema }) {
      await schema
        .createTable('webhooks')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('id', 'text', each => each.notNull())
        .addColumn('name', 'text', each => each.notNull())
        .addColumn('url', 'text', each => each.notNull())
        .addColumn('types', 'text', each => each.notNull())
        .addColumn('ca', 'text')
        .addColumn('enabled', 'integer', each => each.notNull())
        .addColumn('disabled_why', 'text')
        .addColumn('cursor', 'integer', each => each.notNull())
        .addColumn('failing_since', 'text')
        .addColumn('rotated_at', 'text')
        .addColumn('created_at', 'text', each => each.notNull())
        .addColumn('updated_at', 'text', each => each.notNull())
        .addPrimaryKeyConstraint('webhooks_key', ['project', 'id'])
        .execute()
      await schema
        .createTable('webhooks_deliveries')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('id', 'text', each => each.notNull())
        .addColumn('webhook', 'text', each => each.notNull())
        .addColumn('event', 'integer', each => each.notNull())
        .addColumn('type', 'text', each => each.notNull())
        .addColumn('body', 'text', each => each.notNull())
        .addColumn('state', 'text', each => each.notNull())
        .addColumn('attempts', 'integer', each => each.notNull())
        .addColumn('next_at', 'text', each => each.notNull())
        .addColumn('created_at', 'text', each => each.notNull())
        .addColumn('finished_at', 'text')
        .addColumn('status', 'integer')
        .addColumn('error', 'text')
        .addPrimaryKeyConstraint('webhooks_deliveries_key', ['project', 'id'])
        .execute()
      await schema
        .createIndex('webhooks_deliveries_by_webhook')
        .on('webhooks_deliveries')
        .columns(['project', 'webhook', 'state', 'next_at'])
        .execute()
    },
  },
}
