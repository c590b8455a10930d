// SPDX-License-Identifier: Apache-2.0
/** What people want of each host out of band, and what became of it. */
import type { Kysely } from 'kysely'
import type { Migrations } from '../../../store/store.ts'

/** One per host: the state its firmware should be in. */
export type IntentRow = {
  project: string
  host: string
  amt: 'provisioned' | 'unprovisioned' | null
  mode: 'acm' | 'ccm' | null
  /** The profile that was asked for; the policy chooses when there is none. */
  profile: string | null
  dns_suffix: string | null
  /** Raised by every new order; the agent tries once per attempt. */
  attempt: number
  ordered_by: string
  ordered_at: string
  status: string
  indicator: string
  status_at: string
  power_policy: 'immediate' | 'ordered'
}

/** One per device: what its power last was, and the words for it. */
export type PowerRow = {
  project: string
  guid: string
  state: number | null
  read_at: string | null
  desired: string | null
  current: string | null
  status: string
  indicator: string
  status_at: string
  on_at: string | null
}

export type PowerOrderRow = {
  project: string
  id: string
  guid: string
  action: string
  policy: 'immediate' | 'ordered'
  state: 'open' | 'done' | 'failed' | 'replaced'
  created_at: string
  expires_at: string
  sent_code: number | null
  sent_at: string | null
  tries: number
  by: string
  reason: string | null
  says: string
  finished_at: string | null
}

/** One per host and kind of session. */
export type SessionRow = {
  project: string
  host: string
  kind: 'kvm' | 'sol'
  desired: string
  current: string
  status: string
  says: string
  at: string
}

export type ConvergeTables = {
  oob_intents: IntentRow
  oob_power: PowerRow
  oob_power_orders: PowerOrderRow
  oob_session_states: SessionRow
}

export const convergeMigrations: Migrations = {
  '0005-converge': {
    async up(db) {
      await createIntents(db)
      await createOrders(db)
    },
  },
  '0008-intent-profile': {
    async up(db) {
      await db.schema.alterTable('oob_intents').addColumn('profile', 'text').execute()
    },
  },
}

type Schema = { readonly schema: Kysely<unknown>['schema'] }

async function createIntents({ schema }: Schema): Promise<void> {
  await schema
    .createTable('oob_intents')
    .addColumn('project', 'text', each => each.notNull())
    .addColumn('host', 'text', each => each.notNull())
    .addColumn('amt', 'text')
    .addColumn('mode', 'text')
    .addColumn('dns_suffix', 'text')
    .addColumn('attempt', 'integer', each => each.notNull())
    .addColumn('ordered_by', 'text', each => each.notNull())
    .addColumn('ordered_at', 'text', each => each.notNull())
    .addColumn('status', 'text', each => each.notNull())
    .addColumn('indicator', 'text', each => each.notNull())
    .addColumn('status_at', 'text', each => each.notNull())
    .addColumn('power_policy', 'text', each => each.notNull())
    .addPrimaryKeyConstraint('oob_intents_key', ['project', 'host'])
    .execute()
  await schema
    .createTable('oob_power')
    .addColumn('project', 'text', each => each.notNull())
    .addColumn('guid', 'text', each => each.notNull())
    .addColumn('state', 'integer')
    .addColumn('read_at', 'text')
    .addColumn('desired', 'text')
    .addColumn('current', 'text')
    .addColumn('status', 'text', each => each.notNull())
    .addColumn('indicator', 'text', each => each.notNull())
    .addColumn('status_at', 'text', each => each.notNull())
    .addColumn('on_at', 'text')
    .addPrimaryKeyConstraint('oob_power_key', ['project', 'guid'])
    .execute()
}

async function createOrders({ schema }: Schema): Promise<void> {
  await schema
    .createTable('oob_power_orders')
    .addColumn('project', 'text', each => each.notNull())
    .addColumn('id', 'text', each => each.notNull())
    .addColumn('guid', 'text', each => each.notNull())
    .addColumn('action', 'text', each => each.notNull())
    .addColumn('policy', 'text', each => each.notNull())
    .addColumn('state', 'text', each => each.notNull())
    .addColumn('created_at', 'text', each => each.notNull())
    .addColumn('expires_at', 'text', each => each.notNull())
    .addColumn('sent_code', 'integer')
    .addColumn('sent_at', 'text')
    .addColumn('tries', 'integer', each => each.notNull())
    .addColumn('by', 'text', each => each.notNull())
    .addColumn('reason', 'text')
    .addColumn('says', 'text', each => each.notNull())
    .addColumn('finished_at', 'text')
    .addPrimaryKeyConstraint('oob_power_orders_key', ['project', 'id'])
    .execute()
  await schema.createIndex('oob_power_orders_open').on('oob_power_orders').columns(['state', 'guid']).execute()
  await schema
    .createTable('oob_session_states')
    .addColumn('project', 'text', each => each.notNull())
    .addColumn('host', 'text', each => each.notNull())
    .addColumn('kind', 'text', each => each.notNull())
    .addColumn('desired', 'text', each => each.notNull())
    .addColumn('current', 'text', each => each.notNull())
    .addColumn('status', 'text', each => each.notNull())
    .addColumn('says', 'text', each => each.notNull())
    .addColumn('at', 'text', each => each.notNull())
    .addPrimaryKeyConstraint('oob_session_states_key', ['project', 'host', 'kind'])
    .execute()
}
