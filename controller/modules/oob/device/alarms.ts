// SPDX-License-Identifier: Apache-2.0
/** Alarm clocks: times at which the firmware switches a machine on. */
import { formatTime } from '../../../../plugins/contract/index.ts'
import { type CallOptions, COMMON_NAMESPACE, embedded, type Instance, type Output, type Wsman } from '../wsman/wsman.ts'
import { members } from './wire.ts'

const OCCURRENCE = 'IPS_AlarmClockOccurrence'

export type Alarm = {
  readonly instanceId: string
  readonly elementName: string
  /** Epoch ms; the firmware knows whole seconds. */
  readonly startTime: number
  /** Minutes between two occurrences; 0 for one alone. */
  readonly intervalMinutes: number
  readonly deleteOnCompletion: boolean
}

export async function readAlarms(wsman: Wsman, options?: CallOptions): Promise<readonly Instance[]> {
  return (await wsman.list(OCCURRENCE, options)).instances
}

/** Adds an alarm. Rejects with `amt-fault` (subcode `QuotaLimit`) when the firmware has no room. */
export function addAlarm(wsman: Wsman, alarm: Alarm, options?: CallOptions): Promise<Output> {
  const StartTime = embedded(COMMON_NAMESPACE, { Datetime: `${formatTime(alarm.startTime).slice(0, 19)}Z` })
  const Interval = embedded(COMMON_NAMESPACE, { Interval: intervalText(alarm.intervalMinutes) })
  const template = members({
    InstanceID: alarm.instanceId,
    ElementName: alarm.elementName,
    DeleteOnCompletion: alarm.deleteOnCompletion,
  })
  const { DeleteOnCompletion, ...names } = template
  const AlarmTemplate = embedded(OCCURRENCE, { ...names, StartTime, Interval, DeleteOnCompletion })
  return wsman.invoke('AMT_AlarmClockService', 'AddAlarm', { AlarmTemplate }, options)
}

/** ISO 8601, in days, hours and minutes: `P1DT2H30M`. */
export function intervalText(minutes: number): string {
  const days = Math.floor(minutes / 1_440)
  const hours = Math.floor(minutes / 60) % 24
  return `P${days}DT${hours}H${minutes % 60}M`
}

/** Rejects with `amt-fault` when there is no such alarm. */
export async function removeAlarm(wsman: Wsman, instanceId: string, options?: CallOptions): Promise<void> {
  await wsman.remove(OCCURRENCE, { ...options, selectors: { InstanceID: instanceId } })
}
