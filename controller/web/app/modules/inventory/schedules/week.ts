// SPDX-License-Identifier: Apache-2.0
/** Openings of the coming week, and which of them meet. Pure: the calendar is the controller's own. */
import { nextOccurrences, type Times, windowAt } from '../../../../../modules/inventory/schedules/occurrences.ts'

export type Timed = {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly target: string
  readonly times: Times
}
export type Opening = { readonly start: number; readonly end: number | undefined }

/** So many openings of one schedule are looked at: one that opens every minute says nothing more after these. */
const MOST = 200

/** Openings that touch a stretch of time, also one that is open at its start. */
export function openingsIn(times: Times, from: number, to: number): readonly Opening[] {
  const open = windowAt(times, from)
  const next = nextOccurrences(times, from + 1, MOST).filter(({ start }) => start < to)
  return open === undefined ? next : [open, ...next]
}

/** The next openings, one that is open now first. */
export function nextOpenings(times: Times, from: number, count: number): readonly Opening[] {
  const open = windowAt(times, from)
  const next = nextOccurrences(times, from + 1, open === undefined ? count : count - 1)
  return open === undefined ? next : [open, ...next]
}

export type Conflict = { readonly one: Timed; readonly other: Timed; readonly at: number; readonly differ: boolean }

/**
 * Pairs of schedules that are open at once for the same hosts, with the first time: one place is the other, or lies
 * within it. `chainOf` names a place and everything around it. In the order of their names, whatever that of the list.
 */
export function conflictsIn(
  schedules: readonly Timed[],
  { from, to, chainOf }: { readonly from: number; readonly to: number; chainOf(target: string): readonly string[] },
): readonly Conflict[] {
  const ordered = [...schedules].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1))
  const known = ordered.map(schedule => ({
    schedule,
    chain: chainOf(schedule.target),
    openings: openingsIn(schedule.times, from, to),
  }))
  return known.flatMap((one, index) =>
    known.slice(index + 1).flatMap((other): readonly Conflict[] => {
      const related = one.chain.includes(other.schedule.target) || other.chain.includes(one.schedule.target)
      const at = related ? firstMeeting(one.openings, other.openings, from) : undefined
      if (at === undefined) return []
      const differ = one.schedule.status !== other.schedule.status
      return [{ one: one.schedule, other: other.schedule, at, differ }]
    }),
  )
}

function firstMeeting(ones: readonly Opening[], others: readonly Opening[], from: number): number | undefined {
  let first: number | undefined
  for (const one of ones)
    for (const other of others) {
      const start = Math.max(one.start, other.start, from)
      const end = Math.min(one.end ?? Number.POSITIVE_INFINITY, other.end ?? Number.POSITIVE_INFINITY)
      if (start < end && (first === undefined || start < first)) first = start
    }
  return first
}
