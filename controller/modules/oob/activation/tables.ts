// SPDX-License-Identifier: Apache-2.0
/** Tables of the activations: what was tried on which device, and what must survive a cut. */
import type { Migrations } from '../../../store/store.ts'

export type ActivationRow = {
  project: string
  id: string
  guid: string
  host: string | null
  /** `activate`, `deactivate`, `maintenance`. */
  verb: string
  profile: string | null
  /** The control mode that was asked for. */
  mode: string | null
  /** The control mode it began with, or that a cut-off attempt before it began with. */
  from_mode: string
  address: string
  started_at: string
  finished_at: string | null
  step: string
  outcome: 'running' | 'succeeded' | 'failed' | 'cut'
  message: string
  steps: number
  messages: number
}

export type MarkRow = { project: string; guid: string; uncommitted: number }

export type ActivationTables = { oob_activations: ActivationRow; oob_activation_marks: MarkRow }

export const activationMigrations: Migrations = {
  '0004-activation': {
    async up(db) {
      await db.schema
        .createTable('oob_activations')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('id', 'text', each => each.notNull())
        .addColumn('guid', 'text', each => each.notNull())
        .addColumn('host', 'text')
        .addColumn('verb', 'text', each => each.notNull())
        .addColumn('profile', 'text')
        .addColumn('mode', 'text')
        .addColumn('from_mode', 'text', each => each.notNull())
        .addColumn('address', 'text', each => each.notNull())
        .addColumn('started_at', 'text', each => each.notNull())
        .addColumn('finished_at', 'text')
        .addColumn('step', 'text', each => each.notNull())
        .addColumn('outcome', 'text', each => each.notNull())
        .addColumn('message', 'text', each => each.notNull())
        .addColumn('steps', 'integer', each => each.notNull())
        .addColumn('messages', 'integer', each => each.notNull())
        .addPrimaryKeyConstraint('oob_activations_key', ['project', 'id'])
        .execute()
      await db.schema
        .createIndex('oob_activations_guid')
        .on('oob_activations')
        .columns(['project', 'guid', 'id'])
        .execute()
      await db.schema
        .createTable('oob_activation_marks')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('guid', 'text', each => each.notNull())
        .addColumn('uncommitted', 'integer', each => each.notNull())
        .addPrimaryKeyConstraint('oob_activation_marks_key', ['project', 'guid'])
        .execute()
    },
  },
}
