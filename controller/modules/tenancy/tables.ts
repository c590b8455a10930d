// SPDX-License-Identifier: Apache-2.0
/** Tables of tenancy: organisations, which of them owns which project, and deletions that are under way. */
import type { Migrations } from '../../store/store.ts'

export type OrgRow = { name: string; uuid: string; description: string; created_at: string }

export type OwnerRow = { project: string; org: string }

/** Kept under `name`, so that clearing all that belongs to the project leaves the record of its deletion for last. */
export type DeletionRow = {
  name: string
  started_at: string
  /** Hosts it had when it was closed. */
  hosts: number
  /** Rows and files removed so far, by table; JSON. */
  removed: string
}

export type TenancyTables = {
  tenancy_orgs: OrgRow
  tenancy_owners: OwnerRow
  tenancy_deletions: DeletionRow
}

export const migrations: Migrations = {
  '0001-first': {
    async up(db) {
      await db.schema
        .createTable('tenancy_orgs')
        .addColumn('name', 'text', each => each.notNull())
        .addColumn('uuid', 'text', each => each.notNull())
        .addColumn('description', 'text', each => each.notNull())
        .addColumn('created_at', 'text', each => each.notNull())
        .addPrimaryKeyConstraint('tenancy_orgs_key', ['name'])
        .execute()
      await db.schema
        .createTable('tenancy_owners')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('org', 'text', each => each.notNull())
        .addPrimaryKeyConstraint('tenancy_owners_key', ['project'])
        .execute()
      await db.schema
        .createTable('tenancy_deletions')
        .addColumn('name', 'text', each => each.notNull())
        .addColumn('started_at', 'text', each => each.notNull())
        .addColumn('hosts', 'integer', each => each.notNull())
        .addColumn('removed', 'text', each => each.notNull())
        .addPrimaryKeyConstraint('tenancy_deletions_key', ['name'])
        .execute()
    },
  },
}
