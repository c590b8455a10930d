// SPDX-License-Identifier: Apache-2.0
/** The coming week as a strip of days, with a bar for each time a schedule is open. */
import { Text } from '@mantine/core'
import type { CSSProperties } from 'react'
import { t } from '../../../words/inventory/schedules.ts'
import { type Schedule, statusOf } from './queries.ts'
import { clockTime, ownZone } from './speak.ts'
import './schedules.css'
import { openingsIn } from './week.ts'

const DAY = 86_400_000
const DAYS = 7
/** Rows that are drawn; the list has them all. */
const MOST = 40

/** Midnight by the reader's clock, so that columns are the reader's days. */
export function weekFrom(now: number): number {
  const day = new Date(now)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime()
}

type WeekStripProps = {
  readonly schedules: readonly Schedule[]
  readonly now: number
  readonly onOpen: (id: string) => void
}

export function WeekStrip({ schedules, now, onOpen }: WeekStripProps) {
  const from = weekFrom(now)
  const days = Array.from({ length: DAYS + 1 }, (_, at) => addDays(from, at))
  const to = days[DAYS] ?? from + DAYS * DAY
  const share = (at: number): number => (100 * (Math.min(Math.max(at, from), to) - from)) / (to - from)
  const rows = schedules
    .map(schedule => ({ schedule, openings: openingsIn(schedule.times, from, to) }))
    .filter(({ openings }) => openings.length > 0)
  if (rows.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t.week.none}
      </Text>
    )
  return (
    <div className="mu-week" role="table" aria-label={t.week.table}>
      <div className="mu-week-row mu-week-head" role="row">
        <span role="columnheader">{t.column.name}</span>
        <span className="mu-week-track" role="columnheader">
          {days.slice(0, DAYS).map(day => (
            <span key={day} className="mu-week-day" style={{ insetInlineStart: `${share(day)}%` }}>
              <span>{clockTime(day, ownZone()).slice(0, 3)}</span>
              <span className="mu-week-date">{new Date(day).getDate()}</span>
            </span>
          ))}
        </span>
      </div>
      {rows.slice(0, MOST).map(({ schedule, openings }) => (
        <div key={schedule.id} className="mu-week-row" role="row">
          <button type="button" className="mu-week-name" role="rowheader" onClick={() => onOpen(schedule.id)}>
            {schedule.name}
          </button>
          <div className="mu-week-track" role="cell">
            <span className="mu-week-now" style={{ insetInlineStart: `${share(now)}%` }} title={t.week.now} />
            {openings.map(({ start, end }) => (
              <span
                key={start}
                role="img"
                className={`mu-week-bar mu-week-${schedule.status}`}
                style={barStyle(share(start), share(end ?? to))}
                title={spoken(schedule, { start, end })}
                aria-label={spoken(schedule, { start, end })}
              />
            ))}
          </div>
        </div>
      ))}
      {rows.length > MOST && (
        <Text size="xs" c="dimmed">
          {t.week.more(rows.length - MOST)}
        </Text>
      )}
    </div>
  )
}

function barStyle(from: number, to: number): CSSProperties {
  return { insetInlineStart: `${from}%`, inlineSize: `max(4px, ${to - from}%)` }
}

function spoken(
  { name, status }: Schedule,
  { start, end }: { readonly start: number; readonly end: number | undefined },
): string {
  return t.week.said(
    name,
    t.kind[statusOf(status)],
    clockTime(start, ownZone()),
    end === undefined ? t.untilDeleted : clockTime(end, ownZone()),
  )
}

/** Days of the reader, which are not all of the same length. */
function addDays(from: number, days: number): number {
  const day = new Date(from)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days).getTime()
}
