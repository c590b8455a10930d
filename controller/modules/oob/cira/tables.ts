// SPDX-License-Identifier: Apache-2.0
/** Where the root certificates that devices trust are kept; their keys are secrets. */
import type { Migrations } from '../../../store/store.ts'

export type CiraRootRow = {
  /** `''` is the installation's own, which every project uses that has none. */
  project: string
  /** What devices of the project are told to dial; `null` for the installation's own, whose address is configured. */
  address: string | null
  /** PEM. */
  certificate: string
  created_at: string
}

export type CiraTables = { oob_cira_roots: CiraRootRow }

export const ciraMigrations: Migrations = {
  '0001-cira-roots': {
    async up(db) {
      await db.schema
        .createTable('oob_cira_roots')
        .addColumn('project', 'text', each => each.notNull().primaryKey())
        .addColumn('address', 'text', each => each.unique())
        .addColumn('certificate', 'text', each => each.notNull())
        .addColumn('created_at', 'text', each => each.notNull())
        .execute()
    },
  },
}
