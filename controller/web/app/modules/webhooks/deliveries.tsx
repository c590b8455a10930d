// SPDX-License-Identifier: Apache-2.0
/** What was told and what was not: attempts, answers, and a second try. */
import { Group, Select, Text, Title } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { ActButton } from '../../acts/act-button.tsx'
import { get } from '../../api/call.ts'
import { absolute } from '../../kit/age.ts'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { Literal } from '../../kit/literal.tsx'
import { LiveAge } from '../../kit/live-age.tsx'
import { useScrollRows } from '../../kit/scroll-rows.ts'
import { EmptyState } from '../../kit/states.tsx'
import { useParam, useProject } from '../../shell/go.tsx'
import { number } from '../../words/catalogue.ts'
import { t } from '../../words/webhooks.ts'
import { retryDelivery } from './acts.ts'
import { DeliveryBadge } from './state-badge.tsx'
import { type Delivery, EVERY_MS, type Webhook } from './webhooks.ts'

const PAGE = 100
const STATES = ['pending', 'delivered', 'dead'] as const

const COLUMNS: readonly Column<Delivery>[] = [
  {
    id: 'type',
    title: t.column.type,
    width: 'minmax(150px, 1.4fr)',
    narrow: 'title',
    cell: ({ type, event }) => <span title={t.event(event)}>{type}</span>,
  },
  { id: 'state', title: t.column.state, width: '120px', cell: ({ state }) => <DeliveryBadge state={state} /> },
  {
    id: 'created',
    title: t.column.created,
    width: '120px',
    cell: ({ createdAt }) => (
      <span title={absolute(createdAt)}>
        <LiveAge at={createdAt} ago />
      </span>
    ),
  },
  {
    id: 'attempts',
    title: t.column.attempts,
    width: '90px',
    align: 'end',
    narrow: 'hidden',
    cell: ({ attempts }) => number(attempts),
  },
  {
    id: 'answer',
    title: t.column.answer,
    width: 'minmax(180px, 2fr)',
    cell: ({ status, error }) => (
      <>
        {status === undefined ? null : <span>{t.status(status)} </span>}
        {error === undefined ? null : <Literal text={error} />}
      </>
    ),
  },
  {
    id: 'next',
    title: t.column.next,
    width: '150px',
    narrow: 'hidden',
    cell: ({ nextAt }) => (nextAt === undefined ? null : absolute(nextAt)),
  },
]

export function Deliveries({ webhook: { resourceId } }: { readonly webhook: Webhook }) {
  const project = useProject()
  const [asked, setAsked] = useParam('state')
  const state = STATES.find(each => each === asked)
  const query = useInfiniteQuery({
    queryKey: ['webhooks', project, resourceId, 'deliveries', state ?? ''],
    queryFn: ({ pageParam: cursor, signal }) =>
      get('/v1/projects/{project}/webhooks/{webhook}/deliveries', {
        path: { project, webhook: resourceId },
        query: { pageSize: PAGE, state, cursor },
      })({ signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.nextCursor,
    refetchInterval: EVERY_MS,
  })
  const list = useMemo(() => query.data?.pages.flatMap(({ deliveries }) => deliveries), [query.data])
  const rows = useScrollRows(list, query)
  const columns = useMemo(() => [...COLUMNS, retryColumn({ project, id: resourceId })], [project, resourceId])
  return (
    <>
      <Group justify="space-between" align="flex-end" mb="xs" mt="md">
        <Title order={2} size="h5">
          {t.deliveries}
        </Title>
        <Select
          aria-label={t.show}
          data={[{ value: '', label: t.anyState }, ...STATES.map(value => ({ value, label: t.delivery[value] }))]}
          value={state ?? ''}
          onChange={value => setAsked(value ?? '')}
          allowDeselect={false}
          w={160}
        />
      </Group>
      <div className="mu-fill">
        <DataTable<Delivery>
          label={t.deliveries}
          rows={rows}
          columns={columns}
          keyOf={({ id }) => id}
          nameOf={({ type }) => type}
          empty={<EmptyState title={state === undefined ? t.noDeliveries : t.noneFits} />}
        />
      </div>
    </>
  )
}

type Of = { readonly project: string; readonly id: string }

function retryColumn(of: Of): Column<Delivery> {
  return {
    id: 'retry',
    title: t.retryColumn,
    width: '110px',
    cell: delivery => <Retry of={of} delivery={delivery} />,
  }
}

type RetryProps = { readonly of: Of; readonly delivery: Delivery }

function Retry({ of, delivery: { id, type, state } }: RetryProps) {
  if (state === 'pending') return null
  return (
    <ActButton
      act={retryDelivery}
      input={{ ...of, delivery: id }}
      title={t.retryTitle}
      label={t.retry}
      button={{ size: 'compact-xs', variant: 'subtle' }}
      refresh={['webhooks']}
    >
      <Text size="sm">{t.retryWhat(type)}</Text>
    </ActButton>
  )
}
