// SPDX-License-Identifier: Apache-2.0
/** Times at which the firmware switches the machine on. */
import { Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ActButton } from '../../../acts/act-button.tsx'
import { absolute } from '../../../kit/age.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { t } from '../../../words/oob-host.ts'
import { addAlarm, type Machine, removeAlarm } from '../acts-host.ts'
import { FIRMWARE, plainText, useFirmware } from './firmware.ts'
import { Part, PlainTable } from './part.tsx'
import type { PartOf } from './tab.tsx'

type Alarm = {
  readonly ElementName?: string
  readonly InstanceID?: string
  readonly StartTime?: { readonly Datetime?: string }
  readonly Interval?: unknown
}

export default function AlarmsPart({ machine }: PartOf) {
  const query = useFirmware<readonly Alarm[]>(machine, 'amt/alarmOccurrences')
  return (
    <Part title={t.alarms.title} actions={<AddButton machine={machine} />} onAgain={() => void query.refetch()}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t.alarms.what} {t.alarms.clock}
        </Text>
        <QueryView query={query}>
          {alarms => (
            <PlainTable
              label={t.alarms.title}
              empty={t.alarms.none}
              head={[t.alarms.name, t.alarms.at, t.alarms.again, '']}
              rows={alarms.map(alarm => rowOf(machine, alarm))}
            />
          )}
        </QueryView>
      </Stack>
    </Part>
  )
}

function rowOf(machine: Machine, { ElementName, InstanceID, StartTime, Interval }: Alarm) {
  const name = plainText(ElementName)
  const at = Date.parse(StartTime?.Datetime ?? '')
  return [
    name,
    Number.isNaN(at) ? plainText(StartTime?.Datetime) : absolute(at),
    intervalOf(Interval),
    <ActButton
      key={name}
      act={removeAlarm}
      input={{ ...machine, alarm: InstanceID ?? ElementName ?? '' }}
      title={t.alarms.removeTitle(name)}
      label={t.alarms.remove}
      refresh={[FIRMWARE]}
      button={{ size: 'compact-xs' }}
    >
      <Text size="sm">{t.alarms.removeWhat}</Text>
    </ActButton>,
  ]
}

/** An ISO 8601 duration, in a member of its own or by itself. */
function intervalOf(value: unknown): string {
  const text = typeof value === 'object' && value !== null && 'Interval' in value ? value.Interval : value
  const shown = plainText(text)
  return shown === '' || /^P0?(DT?0?[HMS]?)*$|^P0DT0H0M(0S)?$/.test(shown) ? t.alarms.once : shown
}

function AddButton({ machine }: { readonly machine: Machine }) {
  const [alarm, setAlarm] = useState('')
  const [at, setAt] = useState('')
  const [every, setEvery] = useState('0')
  const time = at === '' ? Number.NaN : Date.parse(at)
  const minutes = Number(every)
  const isWhole = alarm.trim() !== '' && !Number.isNaN(time) && Number.isInteger(minutes) && minutes >= 0
  return (
    <ActButton
      act={addAlarm}
      input={
        isWhole
          ? {
              ...machine,
              alarm: alarm.trim(),
              at: new Date(time).toISOString().replace('.000Z', 'Z'),
              everyMinutes: minutes,
            }
          : undefined
      }
      title={t.alarms.add}
      refresh={[FIRMWARE]}
      button={{ size: 'xs' }}
    >
      <Text size="sm">{t.alarms.addWhat}</Text>
      <TextInput
        label={t.alarms.name}
        value={alarm}
        onChange={event => setAlarm(event.currentTarget.value)}
        maxLength={64}
        required
      />
      <TextInput
        label={t.alarms.at}
        type="datetime-local"
        value={at}
        onChange={event => setAt(event.currentTarget.value)}
        required
      />
      <TextInput
        label={t.alarms.every}
        type="number"
        min={0}
        value={every}
        onChange={event => setEvery(event.currentTarget.value)}
      />
    </ActButton>
  )
}
