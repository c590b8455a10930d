// SPDX-License-Identifier: Apache-2.0
/** The tables of what people keep for activation: profiles and all they refer to, and which profile a host gets. */
import type { Migrations } from '../../../store/store.ts'

export type RecordRow = {
  project: string
  kind: string
  /** The name in lower case: names differ in more than case. */
  key: string
  name: string
  /** What else must differ within a kind: the suffix of a domain, address and port of a proxy. */
  distinct_key: string | null
  /** Never given twice within a project, so that a record made anew cannot pass for the one that was removed. */
  version: number
  /** The record as JSON; secrets are elsewhere. */
  content: string
  created_at: string
  updated_at: string
}

/** That one record names another, which therefore may not go. */
export type RecordReferenceRow = {
  project: string
  kind: string
  key: string
  to_kind: string
  to_key: string
}

export type RecordVersionRow = { project: string; version: number }

/** The rules of a project as JSON, and what was last written by itself. */
export type RecordPolicyRow = {
  project: string
  version: number
  content: string
  updated_at: string
  updated_by: string
}

export type RecordTables = {
  oob_records: RecordRow
  oob_record_references: RecordReferenceRow
  oob_record_versions: RecordVersionRow
  oob_record_policies: RecordPolicyRow
}

export const recordMigrations: Migrations = {
  '0003-records': {
    async up(db) {
      await db.schema
        .createTable('oob_records')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('kind', 'text', each => each.notNull())
        .addColumn('key', 'text', each => each.notNull())
        .addColumn('name', 'text', each => each.notNull())
        .addColumn('distinct_key', 'text')
        .addColumn('version', 'integer', each => each.notNull())
        .addColumn('content', 'text', each => each.notNull())
        .addColumn('created_at', 'text', each => each.notNull())
        .addColumn('updated_at', 'text', each => each.notNull())
        .addPrimaryKeyConstraint('oob_records_key', ['project', 'kind', 'key'])
        .addUniqueConstraint('oob_records_distinct', ['project', 'kind', 'distinct_key'])
        .execute()
      await db.schema
        .createTable('oob_record_references')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('kind', 'text', each => each.notNull())
        .addColumn('key', 'text', each => each.notNull())
        .addColumn('to_kind', 'text', each => each.notNull())
        .addColumn('to_key', 'text', each => each.notNull())
        .addPrimaryKeyConstraint('oob_record_references_key', ['project', 'kind', 'key', 'to_kind', 'to_key'])
        .execute()
      await db.schema
        .createIndex('oob_record_references_to')
        .on('oob_record_references')
        .columns(['project', 'to_kind', 'to_key'])
        .execute()
      await db.schema
        .createTable('oob_record_versions')
        .addColumn('project', 'text', each => each.primaryKey().notNull())
        .addColumn('version', 'integer', each => each.notNull())
        .execute()
      await db.schema
        .createTable('oob_record_policies')
        .addColumn('project', 'text', each => each.primaryKey().notNull())
        .addColumn('version', 'integer', each => each.notNull())
        .addColumn('content', 'text', each => each.notNull())
        .addColumn('updated_at', 'text', each => each.notNull())
        .addColumn('updated_by', 'text', each => each.notNull())
        .execute()
    },
  },
}
