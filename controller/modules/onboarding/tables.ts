// SPDX-License-Identifier: Apache-2.0
/** The tables of enrollment: tokens, machines that wait, and what was handed out. */
import type { Migrations } from '../../store/store.ts'

export type JoinTokenRow = {
  project: string
  id: string
  digest: string
  uses: number
  used: number
  expires_at: string
  labels: string
  needs_approval: number
  serial: string | null
  cidr: string | null
  /** Id of the registered host that its machine becomes; of any machine when `NULL`. */
  host: string | null
  /** Id of the site its machines stand at. */
  site: string | null
  note: string
  created_at: string
  created_by: string
  last_used_at: string | null
  last_used_from: string | null
  revoked_at: string | null
}

export type RequestRow = {
  project: string
  id: string
  secret: string
  csr: string
  /** SHA-256 of the request's public key. */
  key: string
  facts: string
  labels: string
  agent: string
  address: string
  why: string
  state: 'waiting' | 'accepted' | 'refused'
  token: string | null
  /** The host the machine is to become: a registered one, or the one it was before. */
  reclaims: string | null
  host: string | null
  /** What it waits for: somebody in the lobby, somebody who onboards its host, or a registration that fits it. */
  waits: 'decision' | 'onboarding' | 'registration'
  site: string | null
  /** Ids of hosts that are flagged because of it, as JSON. */
  flagged: string
  created_at: string
  decided_at: string | null
  decided_by: string | null
  reason: string | null
}

/** What was handed out for a token and a key, so that a lost answer can be given again. */
export type AdmissionRow = {
  project: string
  token: string
  key: string
  host: string
  certificate: string
  created_at: string
}

export type OnboardingTables = {
  onboarding_tokens: JoinTokenRow
  onboarding_requests: RequestRow
  onboarding_admissions: AdmissionRow
}

export const migrations: Migrations = {
  '0001-first': {
    async up(db) {
      await db.schema
        .createTable('onboarding_tokens')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('id', 'text', each => each.notNull())
        .addColumn('digest', 'text', each => each.notNull())
        .addColumn('uses', 'integer', each => each.notNull())
        .addColumn('used', 'integer', each => each.notNull())
        .addColumn('expires_at', 'text', each => each.notNull())
        .addColumn('labels', 'text', each => each.notNull())
        .addColumn('needs_approval', 'integer', each => each.notNull())
        .addColumn('serial', 'text')
        .addColumn('cidr', 'text')
        .addColumn('note', 'text', each => each.notNull())
        .addColumn('created_at', 'text', each => each.notNull())
        .addColumn('created_by', 'text', each => each.notNull())
        .addColumn('last_used_at', 'text')
        .addColumn('last_used_from', 'text')
        .addColumn('revoked_at', 'text')
        .addPrimaryKeyConstraint('onboarding_tokens_key', ['project', 'id'])
        .execute()
      await db.schema
        .createTable('onboarding_requests')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('id', 'text', each => each.notNull())
        .addColumn('secret', 'text', each => each.notNull())
        .addColumn('csr', 'text', each => each.notNull())
        .addColumn('key', 'text', each => each.notNull())
        .addColumn('facts', 'text', each => each.notNull())
        .addColumn('labels', 'text', each => each.notNull())
        .addColumn('agent', 'text', each => each.notNull())
        .addColumn('address', 'text', each => each.notNull())
        .addColumn('why', 'text', each => each.notNull())
        .addColumn('state', 'text', each => each.notNull())
        .addColumn('token', 'text')
        .addColumn('reclaims', 'text')
        .addColumn('host', 'text')
        .addColumn('created_at', 'text', each => each.notNull())
        .addColumn('decided_at', 'text')
        .addColumn('decided_by', 'text')
        .addColumn('reason', 'text')
        .addPrimaryKeyConstraint('onboarding_requests_key', ['project', 'id'])
        .execute()
      await db.schema
        .createTable('onboarding_admissions')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('token', 'text', each => each.notNull())
        .addColumn('key', 'text', each => each.notNull())
        .addColumn('host', 'text', each => each.notNull())
        .addColumn('certificate', 'text', each => each.notNull())
        .addColumn('created_at', 'text', each => each.notNull())
        .addPrimaryKeyConstraint('onboarding_admissions_key', ['project', 'token', 'key'])
        .execute()
    },
  },
  '0002-registration': {
    async up(db) {
      const tokens = db.schema.alterTable('onboarding_tokens')
      for (const column of ['host', 'site']) await tokens.addColumn(column, 'text').execute()
      const requests = db.schema.alterTable('onboarding_requests')
      await requests.addColumn('site', 'text').execute()
      await requests.addColumn('flagged', 'text', each => each.notNull().defaultTo('[]')).execute()
      await requests.addColumn('waits', 'text', each => each.notNull().defaultTo('decision')).execute()
      await db.schema
        .createIndex('onboarding_requests_reclaims')
        .on('onboarding_requests')
        .columns(['project', 'reclaims'])
        .execute()
    },
  },
}
