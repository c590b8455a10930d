// SPDX-License-Identifier: Apache-2.0
/** All schedules: the coming week as a strip, what meets, the list, and one of them in detail. */
import { Button, Group, Text, TextInput, Title } from '@mantine/core'
import { CalendarClock, Plus, Search } from 'lucide-react'
import { type CSSProperties, useMemo } from 'react'
import { spoken } from '../../../kit/age.ts'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { DataTable } from '../../../kit/data-table.tsx'
import { useNow } from '../../../kit/now.ts'
import { PageHead } from '../../../kit/page-head.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { useListRows } from '../../../kit/rows.ts'
import { EmptyState, Loading } from '../../../kit/states.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { Go, useParam } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/inventory/schedules.ts'
import { usePlaces } from '../sites/queries.ts'
import { ConflictList, chainIn } from './conflicts.tsx'
import { PlaceLink } from './place-link.tsx'
import { type Schedule, statusOf, type TargetKind, useSchedules } from './queries.ts'
import { ScheduleDetails } from './schedule-details.tsx'
import { NewSchedule } from './schedule-dialog.tsx'
import './schedules.css'
import { clockTime } from './speak.ts'
import { conflictsIn, nextOpenings } from './week.ts'
import { WeekStrip } from './week-strip.tsx'

const MINUTE = 60_000
const WEEK = 7 * 86_400_000

export default function SchedulesPage() {
  const [target, setTarget] = useParam('target')
  const [adds, setAdds] = useParam('new')
  const query = useSchedules(target)
  const may = useMay()
  const close = (): void => setAdds('')
  const place = target === '' ? undefined : { kind: kindOf(target), id: target }
  return (
    <>
      <PageHead
        title={t.title}
        about={t.about}
        actions={
          may('inventory.write') && (
            <Button leftSection={<Plus size={14} />} onClick={() => setAdds('1')}>
              {t.new}
            </Button>
          )
        }
      />
      {target !== '' && <Narrowed target={target} onAll={() => setTarget('')} />}
      <QueryView query={query} loading={<Loading lines={8} height={30} />}>
        {schedules => (
          <>
            <Schedules schedules={schedules} />
            {may('inventory.write') && (
              <NewSchedule key={adds} opened={adds !== ''} onClose={close} schedules={schedules} place={place} />
            )}
          </>
        )}
      </QueryView>
    </>
  )
}

function kindOf(target: string): TargetKind {
  return target.startsWith('site-') ? 'site' : target.startsWith('region-') ? 'region' : 'host'
}

function Narrowed({ target, onAll }: { readonly target: string; readonly onAll: () => void }) {
  return (
    <Group gap="xs" mb="sm">
      <Text size="sm">{t.filtered(target)}</Text>
      <Button size="compact-xs" variant="default" onClick={onAll}>
        {t.showAll}
      </Button>
    </Group>
  )
}

function Schedules({ schedules }: { readonly schedules: readonly Schedule[] }) {
  const [search, setSearch] = useParam('q')
  const [id, setId] = useParam('schedule')
  const now = Math.floor(useNow() / MINUTE) * MINUTE
  const may = useMay()
  const shown = useMemo(
    () =>
      schedules.filter(({ name, place, sentence }) =>
        `${name} ${place.name} ${sentence}`.toLowerCase().includes(search.trim().toLowerCase()),
      ),
    [schedules, search],
  )
  if (schedules.length === 0)
    return (
      <EmptyState
        icon={CalendarClock}
        title={t.empty.title}
        action={may('inventory.write') && <CopyLine text={t.empty.line} what={t.empty.lineName} />}
      >
        {t.empty.what}
      </EmptyState>
    )
  const opened = schedules.find(each => each.id === id)
  return (
    <div className="mu-schedules">
      <section>
        <Title order={2} size="h5" mb="xs">
          {t.week.title}
        </Title>
        <WeekStrip schedules={shown} now={now} onOpen={setId} />
        <Conflicts schedules={shown} now={now} />
      </section>
      <TextInput
        data-search
        aria-label={t.search}
        placeholder={t.search}
        leftSection={<Search size={14} />}
        maw={360}
        value={search}
        onChange={event => setSearch(event.currentTarget.value)}
      />
      <ScheduleTable schedules={shown} now={now} onOpen={setId} />
      {opened !== undefined && <ScheduleDetails schedule={opened} schedules={schedules} onClose={() => setId('')} />}
    </div>
  )
}

type TimedProps = { readonly schedules: readonly Schedule[]; readonly now: number }

function Conflicts({ schedules, now }: TimedProps) {
  const places = usePlaces()
  const tree = places.data?.tree
  const conflicts = useMemo(
    () => conflictsIn(schedules, { from: now, to: now + WEEK, chainOf: chainIn(tree ?? [], schedules) }),
    [schedules, now, tree],
  )
  if (conflicts.length === 0) return null
  return (
    <section aria-label={t.conflicts.title}>
      <Title order={3} size="h6" mt="sm" mb={4}>
        {t.conflicts.title}
      </Title>
      <ConflictList conflicts={conflicts.slice(0, 20)} />
    </section>
  )
}

function ScheduleTable({ schedules, now, onOpen }: TimedProps & { readonly onOpen: (id: string) => void }) {
  const rows = useListRows(schedules)
  return (
    <div
      className={schedules.length === 0 ? undefined : 'mu-schedule-list'}
      style={{ '--mu-rows': schedules.length } as CSSProperties}
    >
      <DataTable
        label={t.label}
        rows={rows}
        rowHeight={44}
        keyOf={({ id }) => id}
        nameOf={({ name }) => name}
        onOpen={({ id }) => onOpen(id)}
        empty={<EmptyState title={t.nothing} />}
        columns={[
          {
            id: 'name',
            title: t.column.name,
            width: 'minmax(130px, 1.2fr)',
            narrow: 'title',
            cell: ({ id, label }) => <Go to={`/schedules?schedule=${id}`}>{label}</Go>,
          },
          {
            id: 'when',
            title: t.column.when,
            width: 'minmax(220px, 3fr)',
            cell: each => <span title={each.sentence}>{each.sentence}</span>,
          },
          { id: 'kind', title: t.column.kind, width: '130px', cell: ({ status }) => t.kind[statusOf(status)] },
          {
            id: 'where',
            title: t.column.where,
            width: 'minmax(140px, 1.2fr)',
            cell: ({ place }) => <PlaceLink place={place} />,
          },
          {
            id: 'next',
            title: t.column.next,
            width: '150px',
            cell: schedule => <Next schedule={schedule} now={now} />,
          },
        ]}
      />
    </div>
  )
}

function Next({ schedule, now }: { readonly schedule: Schedule; readonly now: number }) {
  const [next] = nextOpenings(schedule.times, now, 1)
  if (next === undefined) return <span className="mu-unknown">{t.never}</span>
  if (next.start <= now)
    return (
      <Badge hue="ok" why={next.end === undefined ? t.untilDeleted : t.until(clockTime(next.end, schedule.zone))}>
        {t.openNow}
      </Badge>
    )
  return (
    <time
      dateTime={new Date(next.start).toISOString()}
      title={`${clockTime(next.start, schedule.zone)} (${schedule.zone})`}
    >
      {t.in(spoken(next.start - now))}
    </time>
  )
}
