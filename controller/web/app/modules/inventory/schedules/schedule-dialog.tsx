// SPDX-License-Identifier: Apache-2.0
/** The form of a schedule: a sentence that is filled in, what it means as a cron, and when it would open. */
import { Chip, Group, SegmentedControl, Select, SimpleGrid, Text, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { useNow } from '../../../kit/now.ts'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/inventory/schedules.ts'
import { changeSchedule, createSchedule, STATUSES, type Status } from '../acts/schedules.ts'
import { changeInput, cronIn, emptyForm, type Form, formOf, newInput, secondsOf, timesIn } from './form.ts'
import type { Place, Schedule } from './queries.ts'
import { Preview } from './schedule-preview.tsx'
import './schedules.css'
import { CRON_FIELDS, isField, readDays, readTimes } from './sentence.ts'
import { monday, ownZone, readLength } from './speak.ts'
import { TargetField } from './target-field.tsx'

type Opened = { readonly opened: boolean; readonly onClose: () => void; readonly schedules: readonly Schedule[] }
const REFRESH = ['schedules', 'why']

export function NewSchedule({
  place,
  ...opened
}: Opened & { readonly place?: Pick<Place, 'kind' | 'id'> | undefined }) {
  const project = useProject()
  const now = useNow()
  const [form, setForm] = useState(() => emptyForm(ownZone(), place))
  return (
    <ActDialog
      act={createSchedule}
      input={newInput(form, { project, now })}
      title={t.new}
      verb={t.form.create}
      done={t.created(form.name || t.unnamed)}
      refresh={REFRESH}
      {...opened}
    >
      <Fields form={form} onChange={setForm} fresh>
        <Preview form={form} schedules={opened.schedules} />
      </Fields>
    </ActDialog>
  )
}

export function ChangeSchedule({ schedule, ...opened }: Opened & { readonly schedule: Schedule }) {
  const project = useProject()
  const [form, setForm] = useState(() => formOf(schedule, ownZone()))
  return (
    <ActDialog
      act={changeSchedule}
      input={changeInput(form, { project, schedule })}
      title={t.form.change(schedule.name)}
      verb={t.form.save}
      done={t.changed(schedule.name)}
      refresh={REFRESH}
      {...opened}
    >
      <Fields form={form} onChange={setForm} fresh={false} place={schedule.place}>
        <Preview form={form} schedules={opened.schedules.filter(({ id }) => id !== schedule.id)} />
      </Fields>
    </ActDialog>
  )
}

type FieldsProps = {
  readonly form: Form
  readonly onChange: (form: Form) => void
  /** A new one may be of either kind; one that is there stays of its kind. */
  readonly fresh: boolean
  readonly place?: Place
  readonly children?: ReactNode
}

function Fields({ form, onChange, fresh, place, children }: FieldsProps) {
  const set = (part: Partial<Form>): void => onChange({ ...form, ...part })
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput
          label={t.form.name}
          description={t.form.nameHelp}
          maxLength={50}
          value={form.name}
          onChange={event => set({ name: event.currentTarget.value })}
          data-autofocus
        />
        <Select
          label={t.form.what}
          description={t.kindHelp[form.status]}
          allowDeselect={false}
          value={form.status}
          onChange={value => value !== null && set({ status: value as Status })}
          data={Object.keys(STATUSES).map(value => ({ value, label: t.kind[value as Status] }))}
        />
      </SimpleGrid>
      <TargetField form={form} place={place} onChange={set} />
      {fresh && (
        <SegmentedControl
          aria-label={t.form.onceOr}
          value={form.repeats ? 'again' : 'once'}
          onChange={value => set({ repeats: value === 'again' })}
          data={[
            { value: 'again', label: t.form.again },
            { value: 'once', label: t.form.once },
          ]}
        />
      )}
      {form.repeats ? <RepeatFields form={form} set={set} /> : <OnceFields form={form} set={set} fresh={fresh} />}
      {timesIn(form) !== undefined && children}
    </>
  )
}

type PartProps = { readonly form: Form; readonly set: (part: Partial<Form>) => void }

function RepeatFields({ form, set }: PartProps) {
  return (
    <>
      <Select
        label={t.form.every}
        allowDeselect={false}
        value={form.every}
        onChange={value => value !== null && changeEvery(form, value as Form['every'], set)}
        data={[
          { value: 'day', label: t.form.day },
          { value: 'week', label: t.form.weekWord },
          { value: 'month', label: t.form.monthWord },
          { value: 'cron', label: t.form.asCron },
        ]}
      />
      {form.every === 'cron' ? <CronFields form={form} set={set} /> : <RhythmFields form={form} set={set} />}
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput
          label={t.form.duration}
          description={t.form.durationHelp}
          required
          value={form.length}
          onChange={event => set({ length: event.currentTarget.value })}
          error={readLength(form.length) === undefined ? t.form.durationWrong : undefined}
        />
        <Select
          label={t.form.timezone}
          description={t.form.timezoneHelp}
          searchable
          allowDeselect={false}
          value={form.zone}
          onChange={value => value !== null && set({ zone: value })}
          data={zones(form.zone)}
          limit={50}
        />
      </SimpleGrid>
    </>
  )
}

/** What the sentence said stands in the fields when they are taken over. */
function changeEvery(form: Form, every: Form['every'], set: PartProps['set']): void {
  const cron = every === 'cron' ? cronIn(form) : undefined
  set({ every, ...(cron === undefined ? {} : { cron }) })
}

function zones(own: string): readonly string[] {
  return [...new Set(['UTC', own, ownZone(), ...Intl.supportedValuesOf('timeZone')])]
}

function RhythmFields({ form, set }: PartProps) {
  const { every, weekdays, monthdays, months, times } = form
  const read = readTimes(times)
  const wrong =
    read === undefined
      ? t.form.timesWrong
      : cronIn({ ...form, every: 'day' }) === undefined
        ? t.form.timesProduct
        : undefined
  return (
    <>
      {every === 'week' && (
        <Choices
          label={t.form.weekdays}
          all={monday([0, 1, 2, 3, 4, 5, 6])}
          chosen={weekdays}
          word={t.shortDay}
          onChange={days => set({ weekdays: days })}
        />
      )}
      {every === 'month' && (
        <TextInput
          label={t.form.monthdays}
          description={t.form.monthdaysHelp}
          value={monthdays}
          onChange={event => set({ monthdays: event.currentTarget.value })}
          error={readDays(monthdays) === undefined ? t.form.monthdaysHelp : undefined}
        />
      )}
      <TextInput
        label={t.form.times}
        description={t.form.timesHelp}
        required
        value={times}
        onChange={event => set({ times: event.currentTarget.value })}
        error={wrong}
      />
      <Choices
        label={t.form.monthsLabel}
        help={t.form.monthsHelp}
        all={Array.from({ length: 12 }, (_, at) => at + 1)}
        chosen={months}
        word={month => t.month(month).slice(0, 3)}
        onChange={chosen => set({ months: chosen })}
      />
    </>
  )
}

type ChoicesProps = {
  readonly label: string
  readonly help?: string
  readonly all: readonly number[]
  readonly chosen: readonly number[]
  readonly word: (value: number) => string
  readonly onChange: (chosen: readonly number[]) => void
}

function Choices({ label, help, all, chosen, word, onChange }: ChoicesProps) {
  return (
    <fieldset className="mu-choices">
      <Text component="legend" size="sm" fw={500}>
        {label}
      </Text>
      {help !== undefined && (
        <Text size="xs" c="dimmed" mb={4}>
          {help}
        </Text>
      )}
      <Chip.Group multiple value={chosen.map(String)} onChange={values => onChange(values.map(Number))}>
        <Group gap={6}>
          {all.map(value => (
            <Chip key={value} value={String(value)} size="xs">
              {word(value)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </fieldset>
  )
}

function CronFields({ form, set }: PartProps) {
  return (
    <SimpleGrid cols={{ base: 2, xs: 5 }} spacing="xs">
      {CRON_FIELDS.map(name => (
        <TextInput
          key={name}
          label={t.form.field[name]}
          description={t.form.fieldHelp[name]}
          value={form.cron[name]}
          onChange={event => set({ cron: { ...form.cron, [name]: event.currentTarget.value.replaceAll(' ', '') } })}
          error={isField(name, form.cron[name]) ? undefined : t.form.fieldWrong}
          spellCheck={false}
        />
      ))}
    </SimpleGrid>
  )
}

function OnceFields({ form, set, fresh }: PartProps & { readonly fresh: boolean }) {
  const now = useNow()
  const [from, to] = [secondsOf(form.from), secondsOf(form.to)]
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      <TextInput
        type="datetime-local"
        label={t.form.from}
        description={`${t.yourTime} (${ownZone()})`}
        required
        value={form.from}
        onChange={event => set({ from: event.currentTarget.value })}
        error={fresh && from !== undefined && from * 1_000 <= now ? t.form.past : undefined}
      />
      <TextInput
        type="datetime-local"
        label={t.form.to}
        description={t.form.toHelp}
        value={form.to}
        onChange={event => set({ to: event.currentTarget.value })}
        error={from !== undefined && to !== undefined && to <= from ? t.form.order : undefined}
      />
    </SimpleGrid>
  )
}
