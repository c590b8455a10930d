// SPDX-License-Identifier: Apache-2.0
/** What was ordered and tried, newest first, live. */
import { Button, Select } from '@mantine/core'
import { ListChecks } from 'lucide-react'
import { useMemo } from 'react'
import { spoken } from '../../../kit/age.ts'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { Literal } from '../../../kit/literal.tsx'
import { LiveAge } from '../../../kit/live-age.tsx'
import { PageHead } from '../../../kit/page-head.tsx'
import { useListRows } from '../../../kit/rows.ts'
import { EmptyState } from '../../../kit/states.tsx'
import { useParam } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-fleet.ts'
import { OobNav } from '../oob-nav.tsx'
import { type Attempt, useNames } from '../reads.ts'
import { AttemptDrawer } from './attempt-drawer.tsx'
import { Orders } from './orders.tsx'
import { OutcomeBadge } from './outcome.tsx'
import { useAttempts } from './reads.ts'
import { spokenStep } from './steps.ts'

export default function LedgerPage() {
  const [outcome, setOutcome] = useParam('outcome')
  const [host] = useParam('host')
  const [open, setOpen] = useParam('attempt')
  const query = useAttempts({ outcome, host })
  const attempts = useMemo(() => query.data?.pages.flatMap(page => page.activations), [query.data])
  const columns = useColumns()
  return (
    <>
      <PageHead title={t.ledger.title} about={t.ledger.about} />
      <OobNav />
      <Orders />
      <div className="mu-oob-bar">
        <Select
          label={t.ledger.filter}
          data={[
            { value: '', label: t.ledger.any },
            ...Object.entries(t.ledger.outcome).map(([value, label]) => ({ value, label })),
          ]}
          value={outcome}
          onChange={value => setOutcome(value ?? '')}
          allowDeselect={false}
          w={160}
        />
      </div>
      <div className="mu-fill">
        <DataTable
          label={t.ledger.attempts}
          rows={useListRows(attempts, query)}
          columns={columns}
          keyOf={({ id }) => id}
          nameOf={({ id }) => id}
          onOpen={({ id }) => setOpen(id, { replace: false })}
          empty={outcome === '' && host === '' ? <NothingYet /> : <EmptyState title={t.ledger.none} />}
        />
      </div>
      {query.hasNextPage && (
        <Button variant="default" mt="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t.ledger.more}
        </Button>
      )}
      <AttemptDrawer id={open} onClose={() => setOpen('')} />
    </>
  )
}

function NothingYet() {
  return (
    <EmptyState
      icon={ListChecks}
      title={t.ledger.empty}
      action={<CopyLine text={t.ledger.command} what={t.ledger.title} />}
    >
      {t.ledger.emptyWhat}
    </EmptyState>
  )
}

function useColumns(): readonly Column<Attempt>[] {
  const named = useNames()
  return [
    {
      id: 'host',
      title: t.ledger.column.host,
      width: 'minmax(140px, 1.5fr)',
      narrow: 'title',
      cell: ({ guid }) => (
        <span className="mu-cut">
          <Literal text={named(guid).name} max={80} />
        </span>
      ),
    },
    { id: 'verb', title: t.ledger.column.verb, width: '100px', cell: ({ verb }) => t.ledger.verb[verb] },
    {
      id: 'profile',
      title: t.ledger.column.profile,
      width: 'minmax(90px, 1fr)',
      narrow: 'hidden',
      cell: ({ profile }) => <span className="mu-cut">{profile}</span>,
    },
    {
      id: 'outcome',
      title: t.ledger.column.outcome,
      width: '116px',
      cell: ({ outcome, message }) => <OutcomeBadge outcome={outcome} why={message} />,
    },
    {
      id: 'step',
      title: t.ledger.column.step,
      width: 'minmax(120px, 1fr)',
      narrow: 'hidden',
      cell: ({ step }) => <span className="mu-cut">{spokenStep(step)}</span>,
    },
    {
      id: 'why',
      title: t.ledger.column.why,
      width: 'minmax(160px, 2fr)',
      cell: ({ message }) => (
        <span className="mu-cut">
          <Literal text={message} />
        </span>
      ),
    },
    { id: 'age', title: t.ledger.column.age, width: '96px', cell: ({ startedAt }) => <LiveAge at={startedAt} ago /> },
    {
      id: 'took',
      title: t.ledger.column.took,
      width: '72px',
      align: 'end',
      narrow: 'hidden',
      cell: ({ startedAt, finishedAt }) =>
        finishedAt === undefined ? null : spoken(Date.parse(finishedAt) - Date.parse(startedAt)),
    },
  ]
}
