// SPDX-License-Identifier: Apache-2.0
/** One schedule: its sentence, when it opens next there and for the reader, and what can be done with it. */
import { Button, Drawer, Group, Table, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { useNow } from '../../../kit/now.ts'
import { useProject } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/inventory/schedules.ts'
import { t as kit } from '../../../words/kit.ts'
import { deleteSchedule } from '../acts/schedules.ts'
import '../sites/sites.css'
import { PlaceLink } from './place-link.tsx'
import { type Schedule, statusOf } from './queries.ts'
import { ChangeSchedule } from './schedule-dialog.tsx'
import './schedules.css'
import { clockTime, ownZone } from './speak.ts'
import { nextOpenings } from './week.ts'

const MINUTE = 60_000
const SHOWN = 7

type DetailsProps = {
  readonly schedule: Schedule
  readonly schedules: readonly Schedule[]
  readonly onClose: () => void
}

export function ScheduleDetails({ schedule, schedules, onClose }: DetailsProps) {
  const project = useProject()
  const may = useMay()
  const [dialog, setDialog] = useState<'change' | 'delete'>()
  const close = (): void => setDialog(undefined)
  return (
    <>
      <Drawer
        opened={dialog === undefined}
        onClose={onClose}
        position="right"
        size="lg"
        title={schedule.label}
        closeButtonProps={{ 'aria-label': kit.close }}
      >
        <Text className="mu-sentence" mb="sm">
          {schedule.whole}
        </Text>
        <dl className="mu-facts">
          <dt>{t.column.kind}</dt>
          <dd>{t.kind[statusOf(schedule.status)]}</dd>
          <dt>{t.column.where}</dt>
          <dd>
            <PlaceLink place={schedule.place} />
          </dd>
          <dt>{t.details.id}</dt>
          <dd>
            <code>{schedule.id}</code>
          </dd>
        </dl>
        <Title order={3} size="h6" mt="md">
          {t.details.next}
        </Title>
        <Openings schedule={schedule} />
        {may('inventory.write') && (
          <Group mt="md" gap="xs">
            <Button onClick={() => setDialog('change')}>{t.details.edit}</Button>
            <Button variant="default" onClick={() => setDialog('delete')}>
              {t.details.delete}
            </Button>
          </Group>
        )}
      </Drawer>
      <ChangeSchedule
        key={schedule.id}
        opened={dialog === 'change'}
        onClose={close}
        schedule={schedule}
        schedules={schedules}
      />
      <ActDialog
        act={deleteSchedule}
        input={{ project, id: schedule.id, kind: schedule.kind }}
        title={t.deleteTitle(schedule.name)}
        done={t.deleted(schedule.name)}
        refresh={['schedules', 'why']}
        opened={dialog === 'delete'}
        onClose={close}
        onDone={onClose}
      >
        <Text size="sm">{t.deleteWhat(schedule.whole)}</Text>
      </ActDialog>
    </>
  )
}

/** By the clock of the schedule, and by the reader's where that is another. */
function Openings({ schedule }: { readonly schedule: Schedule }) {
  const now = Math.floor(useNow() / MINUTE) * MINUTE
  const openings = nextOpenings(schedule.times, now, SHOWN)
  const own = ownZone()
  return openings.length === 0 ? (
    <Text size="sm">{t.details.none}</Text>
  ) : (
    <Table fz="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t.details.theirs(schedule.zone)}</Table.Th>
          {schedule.zone !== own && <Table.Th>{t.details.yours(own)}</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {openings.map(({ start, end }) => (
          <Table.Tr key={start}>
            <Table.Td>{spanText(schedule.zone, start, end)}</Table.Td>
            {schedule.zone !== own && <Table.Td>{spanText(own, start, end)}</Table.Td>}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function spanText(zone: string, start: number, end: number | undefined): string {
  return `${clockTime(start, zone)} – ${end === undefined ? t.untilDeleted : clockTime(end, zone).slice(-5)}`
}
