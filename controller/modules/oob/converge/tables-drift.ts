// SPDX-License-Identifier: Apache-2.0
/** Tables of what keeps devices right: how each compares with its profile, what was repaired, and which playbooks ran. */
import type { Migrations } from '../../../store/store.ts'

/** One per device that was looked at. */
export type DriftRow = {
  project: string
  guid: string
  profile: string | null
  state: 'compliant' | 'drifted' | 'unknown'
  /** Since when it is in this state. */
  since: string
  checked_at: string | null
  /** When it is looked at next, if it is connected then. */
  due_at: string
  /** JSON: a list of what differs. */
  steps: string
  /** Why it could not be told, or what became of the last repair. */
  why: string
  /** JSON: acts that the firmware refused and that do no harm undone. */
  tolerated: string
  /** Looks in a row that failed. */
  failures: number
}

export type DriftRepairRow = {
  project: string
  id: string
  guid: string
  at: string
  by: string
  outcome: 'running' | 'done' | 'failed'
  /** JSON: what was done, in words. */
  done: string
  /** JSON: what was tried in vain, and why. */
  failed: string
}

/** Rules of a project, by what they are about. */
export type ConvergePolicyRow = {
  project: string
  kind: 'drift' | 'recovery'
  version: number
  content: string
  updated_at: string
  updated_by: string
}

export type PlaybookState = 'queued' | 'running' | 'approval' | 'done' | 'failed' | 'cancelled' | 'dry-run'

export type PlaybookRunRow = {
  project: string
  id: string
  guid: string
  host: string | null
  /** The host's label `site` when it was started; empty without one. */
  site: string
  playbook: string
  state: PlaybookState
  /** The step that is next, or under way. */
  step: number
  /** Since when that step is under way. */
  step_at: string | null
  /** JSON: what the step under way must not forget. */
  scratch: string
  /** JSON: who started it. */
  by: string
  /** 1: a rule started it. */
  automatic: number
  may_restart: number
  url: string | null
  reason: string | null
  approved_by: string | null
  created_at: string
  begun_at: string | null
  /** When it last changed the power or the boot of the machine. */
  acted_at: string | null
  finished_at: string | null
  says: string
  /** JSON: what happened, line by line. */
  lines: string
}

export type DriftTables = {
  oob_drift: DriftRow
  oob_drift_repairs: DriftRepairRow
  oob_converge_policies: ConvergePolicyRow
  oob_playbook_runs: PlaybookRunRow
}

export const driftMigrations: Migrations = {
  '0006-drift': {
    async up(db) {
      await db.schema
        .createTable('oob_drift')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('guid', 'text', each => each.notNull())
        .addColumn('profile', 'text')
        .addColumn('state', 'text', each => each.notNull())
        .addColumn('since', 'text', each => each.notNull())
        .addColumn('checked_at', 'text')
        .addColumn('due_at', 'text', each => each.notNull())
        .addColumn('steps', 'text', each => each.notNull())
        .addColumn('why', 'text', each => each.notNull())
        .addColumn('tolerated', 'text', each => each.notNull())
        .addColumn('failures', 'integer', each => each.notNull())
        .addPrimaryKeyConstraint('oob_drift_key', ['project', 'guid'])
        .execute()
      await db.schema.createIndex('oob_drift_state').on('oob_drift').columns(['project', 'state', 'guid']).execute()
      await db.schema
        .createTable('oob_drift_repairs')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('id', 'text', each => each.notNull())
        .addColumn('guid', 'text', each => each.notNull())
        .addColumn('at', 'text', each => each.notNull())
        .addColumn('by', 'text', each => each.notNull())
        .addColumn('outcome', 'text', each => each.notNull())
        .addColumn('done', 'text', each => each.notNull())
        .addColumn('failed', 'text', each => each.notNull())
        .addPrimaryKeyConstraint('oob_drift_repairs_key', ['project', 'id'])
        .execute()
      await db.schema.createIndex('oob_drift_repairs_at').on('oob_drift_repairs').columns(['project', 'at']).execute()
      await db.schema
        .createTable('oob_converge_policies')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('kind', 'text', each => each.notNull())
        .addColumn('version', 'integer', each => each.notNull())
        .addColumn('content', 'text', each => each.notNull())
        .addColumn('updated_at', 'text', each => each.notNull())
        .addColumn('updated_by', 'text', each => each.notNull())
        .addPrimaryKeyConstraint('oob_converge_policies_key', ['project', 'kind'])
        .execute()
    },
  },
}

export const playbookMigrations: Migrations = {
  '0007-playbooks': {
    async up(db) {
      await db.schema
        .createTable('oob_playbook_runs')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('id', 'text', each => each.notNull())
        .addColumn('guid', 'text', each => each.notNull())
        .addColumn('host', 'text')
        .addColumn('site', 'text', each => each.notNull())
        .addColumn('playbook', 'text', each => each.notNull())
        .addColumn('state', 'text', each => each.notNull())
        .addColumn('step', 'integer', each => each.notNull())
        .addColumn('step_at', 'text')
        .addColumn('scratch', 'text', each => each.notNull())
        .addColumn('by', 'text', each => each.notNull())
        .addColumn('automatic', 'integer', each => each.notNull())
        .addColumn('may_restart', 'integer', each => each.notNull())
        .addColumn('url', 'text')
        .addColumn('reason', 'text')
        .addColumn('approved_by', 'text')
        .addColumn('created_at', 'text', each => each.notNull())
        .addColumn('begun_at', 'text')
        .addColumn('acted_at', 'text')
        .addColumn('finished_at', 'text')
        .addColumn('says', 'text', each => each.notNull())
        .addColumn('lines', 'text', each => each.notNull())
        .addPrimaryKeyConstraint('oob_playbook_runs_key', ['project', 'id'])
        .execute()
      await db.schema
        .createIndex('oob_playbook_runs_guid')
        .on('oob_playbook_runs')
        .columns(['project', 'guid'])
        .execute()
      await db.schema.createIndex('oob_playbook_runs_state').on('oob_playbook_runs').column('state').execute()
    },
  },
}
