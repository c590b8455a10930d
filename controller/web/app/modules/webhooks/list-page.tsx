// SPDX-License-Identifier: Apache-2.0
/** Where events go, and what is stuck. */
import { Webhook as Icon } from 'lucide-react'
import { CopyLine } from '../../kit/copy-as.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { Literal } from '../../kit/literal.tsx'
import { PageHead } from '../../kit/page-head.tsx'
import { useListRows } from '../../kit/rows.ts'
import { EmptyState } from '../../kit/states.tsx'
import { Go, useGo } from '../../shell/go.tsx'
import { number } from '../../words/catalogue.ts'
import { t } from '../../words/webhooks.ts'
import { CreateButton } from './create.tsx'
import { EVERYTHING } from './fields.tsx'
import { WebhookBadge } from './state-badge.tsx'
import { useWebhooks, type Webhook } from './webhooks.ts'

const EXAMPLE = 'muster webhook create https://hooks.example.com/muster --name pager --type host.offline'

const COLUMNS: readonly Column<Webhook>[] = [
  {
    id: 'name',
    title: t.column.name,
    width: 'minmax(140px, 1fr)',
    narrow: 'title',
    cell: ({ resourceId, name }) => (
      <Go to={`/webhooks/${resourceId}`}>
        <Literal text={name} max={100} />
      </Go>
    ),
  },
  { id: 'state', title: t.column.state, width: '130px', cell: webhook => <WebhookBadge webhook={webhook} /> },
  { id: 'url', title: t.column.url, width: 'minmax(200px, 2fr)', cell: ({ url }) => <Literal text={url} /> },
  {
    id: 'types',
    title: t.column.types,
    width: 'minmax(140px, 1.4fr)',
    narrow: 'hidden',
    cell: ({ types }) => (types.includes(EVERYTHING) ? t.field.all : types.join(', ')),
  },
  count('pending', t.column.pending),
  count('delivered', t.column.delivered),
  count('dead', t.column.dead),
]

function count(id: keyof Webhook['deliveries'], title: string): Column<Webhook> {
  return { id, title, width: '90px', align: 'end', narrow: 'hidden', cell: ({ deliveries }) => number(deliveries[id]) }
}

export default function ListPage() {
  const query = useWebhooks()
  const rows = useListRows(query.data?.webhooks, query)
  const go = useGo()
  return (
    <>
      <PageHead title={t.title} about={t.about} actions={<CreateButton />} />
      <div className="mu-fill">
        <DataTable<Webhook>
          label={t.title}
          rows={rows}
          columns={COLUMNS}
          keyOf={({ resourceId }) => resourceId}
          nameOf={({ name }) => name}
          onOpen={({ resourceId }) => go(`/webhooks/${resourceId}`)}
          empty={
            <EmptyState icon={Icon} title={t.empty.title} action={<CopyLine text={EXAMPLE} what={t.createTitle} />}>
              {t.empty.what}
            </EmptyState>
          }
        />
      </div>
    </>
  )
}
