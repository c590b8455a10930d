// SPDX-License-Identifier: Apache-2.0
/** The firmware's clock: certificates are checked against it, and logs are dated by it. */
import type { Clock } from '../../../../plugins/contract/index.ts'
import { problem } from '../problems.ts'
import { type CallOptions, numberOf, type Wsman } from '../wsman/wsman.ts'
import { members, succeeded } from './wire.ts'

const SERVICE = 'AMT_TimeSynchronizationService'

export type TimeSync = {
  /** How far the firmware's clock was ahead of ours, in seconds. */
  readonly offS: number
}

/** The firmware's time, in epoch seconds. */
export async function readTime(wsman: Wsman, options?: CallOptions): Promise<number> {
  const output = succeeded(
    await wsman.invoke(SERVICE, 'GetLowAccuracyTimeSynch', {}, options),
    'it does not tell the time',
  )
  const Ta0 = numberOf(output.content.Ta0)
  if (Ta0 === undefined) throw problem('amt-unexpected', 'it does not tell the time')
  return Ta0
}

/**
 * Sets the firmware's clock: it is told its own time (Ta0), ours when that was heard (Tm1), and ours when this is sent
 * (Tm2), and corrects itself by the difference.
 */
export async function synchroniseTime(
  wsman: Wsman,
  clock: Pick<Clock, 'now'>,
  options?: CallOptions,
): Promise<TimeSync> {
  const Ta0 = await readTime(wsman, options)
  const Tm1 = Math.round(clock.now() / 1_000)
  const Tm2 = Math.round(clock.now() / 1_000)
  const input = members({ Ta0, Tm1, Tm2 })
  succeeded(await wsman.invoke(SERVICE, 'SetHighAccuracyTimeSynch', input, options), 'the time was not set')
  return { offS: Ta0 - Tm1 }
}
