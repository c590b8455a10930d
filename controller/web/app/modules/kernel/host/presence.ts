// SPDX-License-Identifier: Apache-2.0
/** The presence of a host over time, from its history. Pure. */
import type { Span, SpanState } from '../../../kit/spans.ts'

export type PastValue = { readonly at: string; readonly until?: string; readonly value: unknown }

/** In good order: it said that it goes, or it was told to. */
const ASLEEP = new Set(['stopped', 'rebooting'])

export function presenceSpans(values: readonly PastValue[], now: number): readonly Span[] {
  return values.map(({ at, until, value }) => {
    const { online, reason } = value as { readonly online?: boolean; readonly reason?: string } // as the history keeps it
    return {
      from: Date.parse(at),
      until: until === undefined ? now : Date.parse(until),
      state: stateOf(online, reason),
      ...(reason === undefined ? {} : { why: reason }),
    }
  })
}

function stateOf(online: boolean | undefined, reason: string | undefined): SpanState {
  if (online === true) return 'online'
  if (online === undefined || reason === 'never-connected') return 'unknown'
  return ASLEEP.has(reason ?? '') ? 'asleep' : 'offline'
}

const DAY_MS = 86_400_000

/** How often it went away on each of the last days, oldest first; `undefined` for days of which nothing is known. */
export function leavesByDay(spans: readonly Span[], now: number, days: number) {
  const first = Math.min(...spans.filter(({ state }) => state !== 'unknown').map(({ from }) => from))
  return Array.from({ length: days }, (_, at) => {
    const until = now - (days - 1 - at) * DAY_MS
    const from = until - DAY_MS
    const left = spans.filter(
      span => span.state !== 'online' && span.state !== 'unknown' && span.from >= from && span.from < until,
    )
    return { at: new Date(until).toISOString().slice(0, 10), value: until <= first ? undefined : left.length }
  })
}
