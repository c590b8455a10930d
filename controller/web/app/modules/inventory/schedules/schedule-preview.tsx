// SPDX-License-Identifier: Apache-2.0
/** What the form of a schedule means: the sentence, the cron, the next openings, and what they meet. */
import { Code, Stack, Text } from '@mantine/core'
import { useNow } from '../../../kit/now.ts'
import { t } from '../../../words/inventory/schedules.ts'
import { usePlaces } from '../sites/queries.ts'
import { ConflictList, chainIn } from './conflicts.tsx'
import { type Form, timesIn } from './form.ts'
import type { Schedule } from './queries.ts'
import { cronLine } from './sentence.ts'
import { clockTime, ownZone, repeatSentence } from './speak.ts'
import { conflictsIn, nextOpenings, type Timed } from './week.ts'

const SHOWN = 7
const WEEK = 7 * 86_400_000
const MINUTE = 60_000

export function Preview({ form, schedules }: { readonly form: Form; readonly schedules: readonly Schedule[] }) {
  // To the minute: nothing here changes with each second.
  const now = Math.floor(useNow() / MINUTE) * MINUTE
  const places = usePlaces()
  const times = timesIn(form)
  if (times === undefined) return null
  const isRepeated = 'cronHours' in times
  const timed: Timed = {
    id: '',
    name: form.name.trim() || t.unnamed,
    status: form.status,
    target: form.target,
    times: isRepeated ? times : { startSeconds: times.startSeconds ?? 0, endSeconds: times.endSeconds ?? undefined },
  }
  const zone = isRepeated ? times.timezone : ownZone()
  const openings = nextOpenings(timed.times, now, SHOWN)
  const chainOf = chainIn(places.data?.tree ?? [], schedules)
  const conflicts =
    form.target === ''
      ? []
      : conflictsIn([timed, ...schedules], { from: now, to: now + WEEK, chainOf }).filter(
          ({ one, other }) => one === timed || other === timed,
        )
  return (
    <Stack gap="xs">
      {isRepeated && (
        <div className="mu-sentence">
          <Text size="xs" c="dimmed">
            {t.form.reads}
          </Text>
          {repeatSentence(times)}
          <Text size="xs" c="dimmed">
            {t.form.cronIs} <Code>{cronLine(times)}</Code>
          </Text>
        </div>
      )}
      <Text size="sm" fw={500}>
        {t.form.preview}
      </Text>
      <ol className="mu-openings">
        {openings.map(({ start, end }) => (
          <li key={start}>
            {clockTime(start, zone)} – {end === undefined ? t.untilDeleted : clockTime(end, zone).slice(-5)} ({zone})
            {zone !== ownZone() && ` · ${clockTime(start, ownZone())} ${t.yourTime}`}
          </li>
        ))}
      </ol>
      {conflicts.length > 0 && (
        <>
          <Text size="sm" fw={500}>
            {t.form.meets(conflicts.length)}
          </Text>
          <ConflictList conflicts={conflicts} />
        </>
      )}
    </Stack>
  )
}
