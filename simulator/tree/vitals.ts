// SPDX-License-Identifier: Apache-2.0
/** How busy and warm a simulated machine is at a moment: smooth, repeatable, and with counters that never go back. */
import { diceOf } from '../dice.ts'
import type { TreeSource } from './source.ts'

export type Vitals = {
  /** Share of one processor in use, 0 to 1, now. */
  readonly load: number
  /** Seconds one processor has been busy since boot. */
  readonly busySeconds: number
  readonly uptimeSeconds: number
  readonly memoryUsedBytes: number
  readonly celsius: number
  readonly receivedBytes: number
  readonly sentBytes: number
  readonly readSectors: number
  readonly writtenSectors: number
}

/** The vital signs of this moment. */
export function vitalsOf({ facts, uptimeMs }: TreeSource): Vitals {
  const dice = diceOf(facts.seed, facts.index, 'vitals')
  const rest = 0.04 + dice.fraction() * 0.2
  const swing = rest * (0.3 + dice.fraction() * 0.6)
  const turn = (2 * Math.PI) / dice.between(600, 5_400)
  const phase = dice.fraction() * 2 * Math.PI
  const seconds = Math.max(0, uptimeMs() / 1_000)
  const angle = turn * seconds + phase
  const load = rest + swing * Math.sin(angle)
  // The integral of the load, so that a reader of the counters sees exactly the load between two readings.
  const busySeconds = rest * seconds + (swing / turn) * (Math.cos(phase) - Math.cos(angle))
  return {
    load,
    busySeconds,
    uptimeSeconds: seconds,
    memoryUsedBytes: facts.memory.totalBytes * (0.15 + dice.fraction() * 0.3 + load * 0.2),
    celsius: 34 + dice.fraction() * 8 + load * 30,
    receivedBytes: Math.floor(busySeconds * 40_000),
    sentBytes: Math.floor(busySeconds * 15_000),
    readSectors: 900_000 + Math.floor(busySeconds * 40),
    writtenSectors: 100_000 + Math.floor(busySeconds * 120),
  }
}
