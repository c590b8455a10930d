// SPDX-License-Identifier: Apache-2.0
/** Figures over the time the page is open: pure, so that rates and growth can be tried without waiting. */
import type { System } from '../../../api/types.ts'

export type Sample = {
  /** Milliseconds by the controller's clock. */
  readonly at: number
  readonly upMs: number
  readonly memory: number
  readonly loopMs: number
  readonly connections: number
  readonly messagesIn: number
  readonly messagesOut: number
  readonly database: number
}

/** An hour of samples five seconds apart. */
export const MOST = 720

export function sampleOf({ now, uptimeMs, memory, eventLoop, bus, store }: System): Sample {
  return {
    at: Date.parse(now),
    upMs: uptimeMs,
    memory: memory.rssBytes,
    loopMs: eventLoop.delayMs,
    connections: bus.connections,
    messagesIn: bus.messagesIn,
    messagesOut: bus.messagesOut,
    database: store.sizeBytes + store.journalBytes,
  }
}

/** Adds what is new; the oldest goes. What came twice, or late, is left out. */
export function withSample(samples: readonly Sample[], next: Sample): readonly Sample[] {
  const last = samples.at(-1)
  if (last !== undefined && next.at <= last.at) return samples
  return [...samples, next].slice(-MOST)
}

type Counter = 'messagesIn' | 'messagesOut'

/** Per second between each sample and the one before; `undefined` over a restart, which begins counting anew. */
export function rates(samples: readonly Sample[], counter: Counter): readonly (number | undefined)[] {
  return samples.map((sample, at) => {
    const before = samples[at - 1]
    if (before === undefined || sample.upMs < before.upMs || sample[counter] < before[counter]) return undefined
    return rounded((1_000 * (sample[counter] - before[counter])) / (sample.at - before.at))
  })
}

function rounded(rate: number): number {
  return rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate)
}

const MINUTE = 60_000
const DAY = 1_440 * MINUTE

/** Bytes a day, once there is a minute to go by. */
export function growthPerDay(samples: readonly Sample[]): number | undefined {
  const [first] = samples
  const last = samples.at(-1)
  if (first === undefined || last === undefined || last.at - first.at < MINUTE) return undefined
  return ((last.database - first.database) * DAY) / (last.at - first.at)
}

const STEP = 1_024

/** A size with three digits at most, in a unit of `units`, smallest first. */
export function sized(bytes: number, units: readonly string[]): { readonly value: number; readonly unit: string } {
  let value = Math.abs(bytes)
  let at = 0
  while (value >= STEP && at < units.length - 1) {
    value /= STEP
    at++
  }
  const shown = value < 10 && at > 0 ? Math.round(value * 10) / 10 : Math.round(value)
  return { value: bytes < 0 ? -shown : shown, unit: units[at] ?? '' }
}
