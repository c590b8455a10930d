// SPDX-License-Identifier: Apache-2.0
/** What people keep in the dashboard: views of lists, their own and those of a project. */
import type { Migrations } from '../../store/store.ts'

export type ViewRow = {
  project: string
  id: string
  /** Id of the person it belongs to; empty for one that the project shares. */
  owner: string
  /** The page it is a view of, such as `hosts`. */
  page: string
  name: string
  /** What stands behind the question mark of the page's address. */
  query: string
  /** Who wrote it last, by name. */
  by_name: string
  created_at: string
  updated_at: string
}

export type DashboardTables = { dashboard_views: ViewRow }

export const migrations: Migrations = {
  '0001-views': {
    async up({ schema }) {
      let table = schema.createTable('dashboard_views').addColumn('project', 'text', each => each.notNull())
      for (const column of ['id', 'owner', 'page', 'name', 'query', 'by_name', 'created_at', 'updated_at'])
        table = table.addColumn(column, 'text', each => each.notNull())
      await table.addPrimaryKeyConstraint('dashboard_views_key', ['project', 'id'] as never).execute()
      await schema
        .createIndex('dashboard_views_name')
        .unique()
        .on('dashboard_views')
        .columns(['project', 'owner', 'page', 'name'])
        .execute()
    },
  },
}
