// SPDX-License-Identifier: Apache-2.0
/** Machines beside the profiles they were activated with: what differs, since when, and putting it right. */
import { Drawer, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { Scale } from 'lucide-react'
import { useMemo } from 'react'
import { ActButton } from '../../../acts/act-button.tsx'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { Literal } from '../../../kit/literal.tsx'
import { LiveAge } from '../../../kit/live-age.tsx'
import { PageHead } from '../../../kit/page-head.tsx'
import { useListRows } from '../../../kit/rows.ts'
import { EmptyState } from '../../../kit/states.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { useParam, useProject } from '../../../shell/go.tsx'
import { t as kit } from '../../../words/kit.ts'
import { t } from '../../../words/oob-care.ts'
import { checkDrift, repairDrift } from '../acts-care.ts'
import { Go } from '../links.ts'
import { OobNav } from '../oob-nav.tsx'
import { type DriftLine, useNames } from '../reads.ts'
import { useDrift } from './reads.ts'

const STATES = ['drifted', 'compliant', 'unknown'] as const
const HUES = { compliant: 'ok', drifted: 'degraded', unknown: 'unknown' } as const

export default function DriftPage() {
  const query = useDrift()
  const named = useNames()
  const [state, setState] = useParam('state')
  const [open, setOpen] = useParam('machine')
  const all = query.data
  const shown = useMemo(() => (state === '' ? all : all?.filter(each => each.state === state)), [all, state])
  const counted = (word: string, of: string) => t.drift.count(word, all?.filter(each => each.state === of).length ?? 0)
  const chosen = all?.find(each => each.guid === open)
  return (
    <>
      <PageHead
        title={t.drift.title}
        about={t.drift.about}
        actions={<Go to="/out-of-band/rules?tab=drift">{t.drift.policy}</Go>}
      />
      <OobNav />
      <div className="mu-oob-bar">
        <SegmentedControl
          aria-label={t.drift.filter}
          value={state}
          onChange={next => setState(next)}
          data={[
            { value: '', label: t.drift.count(t.drift.all, all?.length ?? 0) },
            ...STATES.map(each => ({ value: each, label: counted(t.drift.state[each], each) })),
          ]}
        />
      </div>
      <div className="mu-fill">
        <DataTable<DriftLine>
          label={t.drift.title}
          rows={useListRows(shown, query)}
          columns={columns(guid => named(guid).name)}
          keyOf={({ guid }) => guid}
          nameOf={({ guid }) => named(guid).name}
          onOpen={({ guid }) => setOpen(guid, { replace: false })}
          empty={(all?.length ?? 0) > 0 ? <EmptyState title={t.drift.none} /> : <NothingYet />}
        />
      </div>
      <Drawer
        opened={chosen !== undefined}
        onClose={() => setOpen('')}
        title={chosen === undefined ? '' : t.drift.steps(named(chosen.guid).name)}
        position="right"
        size="lg"
        closeButtonProps={{ 'aria-label': kit.close }}
      >
        {chosen !== undefined && <Differences line={chosen} name={named(chosen.guid).name} />}
      </Drawer>
    </>
  )
}

function NothingYet() {
  return (
    <EmptyState icon={Scale} title={t.drift.empty} action={<CopyLine text={t.drift.command} what={t.drift.title} />}>
      {t.drift.emptyWhat}
    </EmptyState>
  )
}

function columns(nameOf: (guid: string) => string): readonly Column<DriftLine>[] {
  return [
    {
      id: 'machine',
      title: t.drift.column.machine,
      width: 'minmax(140px, 1fr)',
      narrow: 'title',
      cell: ({ guid }) => (
        <span className="mu-cut">
          <Literal text={nameOf(guid)} max={80} />
        </span>
      ),
    },
    {
      id: 'state',
      title: t.drift.column.state,
      width: '150px',
      cell: ({ state, why }) => (
        <Badge hue={HUES[state]} {...(why === '' ? {} : { why })}>
          {t.drift.state[state]}
        </Badge>
      ),
    },
    {
      id: 'profile',
      title: t.drift.column.profile,
      width: 'minmax(100px, 1fr)',
      narrow: 'hidden',
      cell: ({ profile }) => <span className="mu-cut">{profile}</span>,
    },
    {
      id: 'differs',
      title: t.drift.column.differs,
      width: 'minmax(200px, 3fr)',
      cell: ({ steps, why }) => (
        <span className="mu-cut">
          {steps.length === 0 ? why : steps.map(({ area, says }) => t.drift.area(area, says)).join('; ')}
        </span>
      ),
    },
    {
      id: 'since',
      title: t.drift.column.since,
      width: '88px',
      narrow: 'hidden',
      cell: each => <LiveAge at={each.since} />,
    },
    {
      id: 'looked',
      title: t.drift.column.looked,
      width: '104px',
      narrow: 'hidden',
      cell: ({ checkedAt }) => (checkedAt === undefined ? null : <LiveAge at={checkedAt} ago />),
    },
  ]
}

function Differences({ line, name }: { readonly line: DriftLine; readonly name: string }) {
  const project = useProject()
  const { guid, state, steps, why, profile, checkedAt } = line
  const input = { project, name, guid }
  const refresh = ['oob-drift', 'oob-fleet']
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Badge hue={HUES[state]}>{t.drift.state[state]}</Badge>
        <Group gap="xs">
          <ActButton
            act={checkDrift}
            input={input}
            label={t.drift.check}
            title={t.drift.checkTitle(name)}
            verb={t.drift.check}
            done={t.drift.checked}
            refresh={refresh}
          >
            <Text size="sm">{t.drift.checkWhat}</Text>
          </ActButton>
          {state === 'drifted' && (
            <ActButton
              act={repairDrift}
              input={input}
              label={t.drift.repair}
              title={t.drift.repairTitle(name)}
              verb={t.drift.repair}
              done={t.drift.repaired}
              refresh={refresh}
              button={{ variant: 'filled' }}
            >
              <Text size="sm">{t.drift.repairWhat(steps.length)}</Text>
            </ActButton>
          )}
        </Group>
      </Group>
      <dl className="mu-facts">
        <dt>{t.drift.column.profile}</dt>
        <dd>{profile}</dd>
        {why !== '' && (
          <>
            <dt>{t.drift.why}</dt>
            <dd>{why}</dd>
          </>
        )}
        {checkedAt !== undefined && (
          <>
            <dt>{t.drift.column.looked}</dt>
            <dd>
              <LiveAge at={checkedAt} ago />
            </dd>
          </>
        )}
      </dl>
      <ul className="mu-differences">
        {steps.map(({ area, do: act, says, mode, held }) => (
          <li key={`${area} ${act} ${says}`}>
            <strong>{area}</strong> {says}
            <Text size="xs" c="dimmed">
              {[t.drift.mode[mode], ...(held === undefined ? [] : [t.drift.held(held)])].join(' · ')}
            </Text>
          </li>
        ))}
      </ul>
    </Stack>
  )
}
