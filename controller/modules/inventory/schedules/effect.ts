// SPDX-License-Identifier: Apache-2.0
/** Which schedules hold for a host, whether one of a kind is open, and when the next one opens. */
import type { EpochMs } from '../../../../plugins/contract/index.ts'
import { nextOccurrences, type Occurrence, type Times, windowAt } from './occurrences.ts'
import type { ScheduleStatus } from './rules.ts'

/** A schedule with the id of the one host, site or region it is for. */
export type Scheduled = {
  readonly id: string
  readonly name: string
  readonly status: ScheduleStatus
  readonly target: string
  readonly times: Times
}

/** A host, its site, and the site's regions from the nearest to the outermost: ids, what is absent left out. */
export type Chain = readonly string[]

export type Opening = { readonly schedule: Scheduled; readonly occurrence: Occurrence }

/** Those of the chain, the nearest first: what a region says holds beside what its sites and hosts say. */
export function schedulesOf<S extends Pick<Scheduled, 'target'>>(schedules: readonly S[], chain: Chain): readonly S[] {
  const near = new Map(chain.map((id, distance) => [id, distance]))
  return schedules
    .filter(({ target }) => near.has(target))
    .toSorted((one, other) => (near.get(one.target) ?? 0) - (near.get(other.target) ?? 0))
}

/** The schedules of a chain that are open at a moment, each with its opening. */
export function schedulesInEffect(schedules: readonly Scheduled[], chain: Chain, at: EpochMs): readonly Opening[] {
  return schedulesOf(schedules, chain).flatMap(schedule => {
    const occurrence = windowAt(schedule.times, at)
    return occurrence === undefined ? [] : [{ schedule, occurrence }]
  })
}

/**
 * Tells whether a window of this kind is open. Other kinds never count: hosts in shipping or in maintenance are not
 * updated because of it.
 */
export function opens(schedules: readonly Scheduled[], status: ScheduleStatus, at: EpochMs): boolean {
  return schedules.some(each => each.status === status && windowAt(each.times, at) !== undefined)
}

/**
 * The next openings of all the schedules together, soonest first; those that are open now come first. Looks up one
 * opening for each schedule and one for each that is returned.
 */
export function upcoming(schedules: readonly Scheduled[], from: EpochMs, count: number): readonly Opening[] {
  const open = schedules.flatMap(schedule => {
    const occurrence = windowAt(schedule.times, from)
    return occurrence === undefined ? [] : [{ schedule, occurrence }]
  })
  // One that starts at this very moment is open already.
  const ahead = schedules.flatMap(schedule => openingFrom(schedule, from + 1))
  const found = open.toSorted(byStart).slice(0, count)
  while (found.length < count && ahead.length > 0) {
    const next = ahead.reduce((soonest, each) => (byStart(each, soonest) < 0 ? each : soonest))
    found.push(next)
    ahead.splice(ahead.indexOf(next), 1, ...openingFrom(next.schedule, next.occurrence.start + 1))
  }
  return found
}

function openingFrom(schedule: Scheduled, from: EpochMs): readonly Opening[] {
  return nextOccurrences(schedule.times, from, 1).map(occurrence => ({ schedule, occurrence }))
}

function byStart(one: Opening, other: Opening): number {
  return one.occurrence.start - other.occurrence.start
}
