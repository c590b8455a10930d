// SPDX-License-Identifier: Apache-2.0
/** Runs of playbooks, newest first; one opens with everything it did, and with what it waits for. */
import { Button, Drawer, Group, Select, Stack, Text } from '@mantine/core'
import { LifeBuoy } from 'lucide-react'
import { useMemo } from 'react'
import { ActButton } from '../../../acts/act-button.tsx'
import { type Check, Checklist } from '../../../kit/checklist.tsx'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { Literal } from '../../../kit/literal.tsx'
import { LiveAge } from '../../../kit/live-age.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { useListRows } from '../../../kit/rows.ts'
import { EmptyState } from '../../../kit/states.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { useParam, useProject } from '../../../shell/go.tsx'
import { t as kit } from '../../../words/kit.ts'
import { t } from '../../../words/oob-care.ts'
import { approveRun, cancelRun } from '../acts-care.ts'
import { useNames } from '../reads.ts'
import { type Run, useRun, useRuns } from './reads.ts'

const HUES = {
  queued: 'unknown',
  running: 'held',
  approval: 'degraded',
  done: 'ok',
  failed: 'failing',
  cancelled: 'unknown',
  'dry-run': 'unknown',
} as const

export function RunList() {
  const [state, setState] = useParam('state')
  const [open, setOpen] = useParam('run')
  const query = useRuns(state)
  const named = useNames()
  const runs = useMemo(() => query.data?.pages.flatMap(page => page.runs), [query.data])
  return (
    <>
      <div className="mu-oob-bar">
        <Select
          label={t.playbooks.filter}
          data={[
            { value: '', label: t.playbooks.any },
            ...Object.entries(t.playbooks.state).map(([value, label]) => ({ value, label })),
          ]}
          value={state}
          onChange={value => setState(value ?? '')}
          allowDeselect={false}
          w={200}
        />
      </div>
      <div className="mu-fill">
        <DataTable<Run>
          label={t.playbooks.tabs.runs}
          rows={useListRows(runs, query)}
          columns={columns(guid => named(guid).name)}
          keyOf={({ id }) => id}
          nameOf={({ playbook }) => playbook}
          onOpen={({ id }) => setOpen(id, { replace: false })}
          empty={state === '' ? <NothingYet /> : <EmptyState title={t.playbooks.none} />}
        />
      </div>
      {query.hasNextPage && (
        <Button variant="default" mt="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t.playbooks.more}
        </Button>
      )}
      <RunDrawer id={open} onClose={() => setOpen('')} />
    </>
  )
}

function NothingYet() {
  return (
    <EmptyState
      icon={LifeBuoy}
      title={t.playbooks.empty}
      action={<CopyLine text={t.playbooks.command} what={t.playbooks.title} />}
    >
      {t.playbooks.emptyWhat}
    </EmptyState>
  )
}

function columns(nameOf: (guid: string) => string): readonly Column<Run>[] {
  return [
    {
      id: 'machine',
      title: t.playbooks.column.machine,
      width: 'minmax(130px, 1fr)',
      narrow: 'title',
      cell: ({ guid }) => (
        <span className="mu-cut">
          <Literal text={nameOf(guid)} max={80} />
        </span>
      ),
    },
    { id: 'playbook', title: t.playbooks.column.playbook, width: '150px', cell: ({ playbook }) => playbook },
    {
      id: 'state',
      title: t.playbooks.column.state,
      width: '170px',
      cell: ({ state }) => <Badge hue={HUES[state]}>{t.playbooks.state[state]}</Badge>,
    },
    {
      id: 'says',
      title: t.playbooks.column.says,
      width: 'minmax(180px, 3fr)',
      cell: ({ says }) => (
        <span className="mu-cut">
          <Literal text={says} />
        </span>
      ),
    },
    {
      id: 'by',
      title: t.playbooks.column.by,
      width: 'minmax(90px, 1fr)',
      narrow: 'hidden',
      cell: ({ automatic, by }) => <span className="mu-cut">{automatic ? t.playbooks.byItself : by}</span>,
    },
    {
      id: 'began',
      title: t.playbooks.column.began,
      width: '100px',
      narrow: 'hidden',
      cell: ({ createdAt }) => <LiveAge at={createdAt} ago />,
    },
  ]
}

function RunDrawer({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const query = useRun(id)
  const named = useNames()
  const run = query.data
  return (
    <Drawer
      opened={id !== ''}
      onClose={onClose}
      title={run === undefined ? t.playbooks.title : t.playbooks.runTitleOf(run.playbook, named(run.guid).name)}
      position="right"
      size="lg"
      closeButtonProps={{ 'aria-label': kit.close }}
    >
      {id !== '' && <QueryView query={query}>{found => <RunBody run={found} />}</QueryView>}
    </Drawer>
  )
}

/** How each step of a run stands. */
export function checksOf({
  steps,
  step,
  state,
  lines,
}: Pick<Run, 'steps' | 'step' | 'state' | 'lines'>): readonly Check[] {
  const isOver = state === 'done' || state === 'failed' || state === 'cancelled' || state === 'dry-run'
  return steps.map((text, at) => {
    const own = lines.filter(each => each.step === at)
    const last = own.findLast(each => each.outcome !== 'note')
    const detail = own.map(each => each.says).join('\n')
    const more = detail === '' ? {} : { detail: <span className="mu-lines">{detail}</span> }
    const said = last?.outcome
    if (said === 'done' || said === 'skipped' || said === 'failed') return { id: `${at}`, text, state: said, ...more }
    return { id: `${at}`, text, state: !isOver && at === step ? 'now' : 'waiting', ...more }
  })
}

function RunBody({ run }: { readonly run: Run }) {
  const project = useProject()
  const input = { project, id: run.id }
  const isOpen = run.state === 'queued' || run.state === 'running' || run.state === 'approval'
  const refresh = ['oob-runs']
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Badge hue={HUES[run.state]}>{t.playbooks.state[run.state]}</Badge>
        <Group gap="xs">
          {run.state === 'approval' && (
            <ActButton
              act={approveRun}
              input={input}
              label={t.playbooks.approve}
              title={t.playbooks.approveTitle(run.playbook)}
              verb={t.playbooks.approve}
              done={t.playbooks.approved}
              refresh={refresh}
              button={{ variant: 'filled' }}
            >
              <Text size="sm">{t.playbooks.approveWhat(run.steps[run.step] ?? '')}</Text>
            </ActButton>
          )}
          {isOpen && (
            <ActButton
              act={cancelRun}
              input={input}
              label={t.playbooks.cancel}
              title={t.playbooks.cancelTitle(run.playbook)}
              verb={t.playbooks.cancel}
              done={t.playbooks.cancelled}
              refresh={refresh}
            >
              <Text size="sm">{t.playbooks.cancelWhat}</Text>
            </ActButton>
          )}
        </Group>
      </Group>
      <Text size="sm">{run.says}</Text>
      <dl className="mu-facts">
        <dt>{t.playbooks.column.by}</dt>
        <dd>{run.automatic ? t.playbooks.byItself : run.by}</dd>
        <dt>{t.playbooks.column.began}</dt>
        <dd>
          <LiveAge at={run.createdAt} ago />
        </dd>
        {run.reason !== undefined && (
          <>
            <dt>{t.playbooks.reason}</dt>
            <dd>{run.reason}</dd>
          </>
        )}
        {run.approvedBy !== undefined && (
          <>
            <dt>{t.playbooks.approvedBy}</dt>
            <dd>{run.approvedBy}</dd>
          </>
        )}
      </dl>
      <Checklist label={t.playbooks.log} checks={checksOf(run)} />
    </Stack>
  )
}
