// SPDX-License-Identifier: Apache-2.0
/** The sites of the board as rows: for narrow screens, and for whoever would rather read. */
import { DataTable } from '../../../kit/data-table.tsx'
import { useListRows } from '../../../kit/rows.ts'
import { Go, useGo } from '../../../shell/go.tsx'
import { number } from '../../../words/catalogue.ts'
import { t } from '../../../words/inventory/places.ts'
import { StateMark } from './state-mark.tsx'
import type { PlaceNode } from './tree.ts'

export function SiteList({ sites }: { readonly sites: readonly PlaceNode[] }) {
  const go = useGo()
  const rows = useListRows(sites)
  return (
    <div className="mu-fill">
      <DataTable
        label={t.title}
        rows={rows}
        keyOf={({ id }) => id}
        nameOf={({ name }) => name}
        onOpen={({ id }) => go(`/sites/${id}`)}
        empty={null}
        columns={[
          {
            id: 'name',
            title: t.column.name,
            width: 'minmax(140px, 2fr)',
            narrow: 'title',
            cell: ({ id, name }) => <Go to={`/sites/${id}`}>{name}</Go>,
          },
          { id: 'region', title: t.column.region, width: 'minmax(120px, 2fr)', cell: ({ path }) => path.join(' / ') },
          {
            id: 'state',
            title: t.column.state,
            width: 'minmax(170px, 1.5fr)',
            cell: ({ state, tally }) => <StateMark state={state} tally={tally} />,
          },
          {
            id: 'hosts',
            title: t.column.hosts,
            width: '90px',
            align: 'end',
            narrow: 'hidden',
            cell: ({ tally }) => number(tally.hosts),
          },
          {
            id: 'online',
            title: t.column.online,
            width: '90px',
            align: 'end',
            narrow: 'hidden',
            cell: ({ tally }) => number(tally.online),
          },
          {
            id: 'offline',
            title: t.column.offline,
            width: '90px',
            align: 'end',
            narrow: 'hidden',
            cell: ({ tally }) => number(tally.offline),
          },
        ]}
      />
    </div>
  )
}
