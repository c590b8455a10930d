// SPDX-License-Identifier: Apache-2.0
/** Decodes one record of the event log: 21 bytes, the time little-endian. */
import { formatTime } from '../../../../plugins/contract/index.ts'
import { ENTITIES, FIRMWARE_ERRORS, FIRMWARE_PROGRESS, WATCHDOG_STATES } from './event-names.ts'

/** As MPS shows it. */
export type EventRecord = {
  readonly DeviceAddress: number
  readonly EventSensorType: number
  readonly EventType: number
  readonly EventOffset: number
  readonly EventSourceType: number
  readonly EventSeverity: number
  readonly SensorNumber: number
  readonly Entity: number
  readonly EntityInstance: number
  readonly EventData: readonly number[]
  /** RFC 3339, or `''` when the firmware had no clock. */
  readonly TimeStamp: string
  readonly EntityStr: string
  readonly Desc: string
}

/** Times that mean there was no clock. */
const NO_TIME: readonly number[] = [0, 0xffff_ffff]

/** A record that is cut short counts its missing bytes as 0. */
export function decodeEventRecord(base64: string): EventRecord {
  const bytes = Buffer.alloc(21)
  Buffer.from(base64, 'base64').copy(bytes)
  const [address, sensor, type, offset, source, severity, number, entity, instance] = bytes.subarray(4, 13)
  const data = [...bytes.subarray(13, 21)]
  const seconds = bytes.readUInt32LE(0)
  return {
    DeviceAddress: address ?? 0,
    EventSensorType: sensor ?? 0,
    EventType: type ?? 0,
    EventOffset: offset ?? 0,
    EventSourceType: source ?? 0,
    EventSeverity: severity ?? 0,
    SensorNumber: number ?? 0,
    Entity: entity ?? 0,
    EntityInstance: instance ?? 0,
    EventData: data,
    TimeStamp: NO_TIME.includes(seconds) ? '' : formatTime(seconds * 1_000),
    EntityStr: ENTITIES[entity ?? 0] ?? 'Unknown',
    Desc: eventText(sensor ?? 0, offset ?? 0, data),
  }
}

const INVALID_DATA = 235
const AGENT_WATCHDOG = 170

/** What happened, by the type of the sensor. */
export function eventText(sensor: number, offset: number, data: readonly number[]): string {
  const [kind, first = 0, second = 0] = data
  switch (sensor) {
    case 6:
      return `Authentication failed ${first + (second << 8)} times. The system may be under attack.`
    case 15:
      if (kind === INVALID_DATA) return 'Invalid Data'
      return (offset === 0 ? FIRMWARE_ERRORS : FIRMWARE_PROGRESS)[first] ?? ''
    case 18:
      return kind === AGENT_WATCHDOG ? watchdogText(data) : ''
    case 30:
      return 'No bootable media'
    case 32:
      return 'Operating system lockup or power interrupt'
    case 35:
      return 'System boot failure'
    case 37:
      return 'System firmware started (at least one CPU is properly executing).'
    default:
      return `Unknown Sensor Type #${sensor}`
  }
}

/** The data holds the first half of the agent's GUID and its state. */
function watchdogText(data: readonly number[]): string {
  const hex = (at: number): string => (data[at] ?? 0).toString(16).padStart(2, '0')
  const guid = `${hex(4)}${hex(3)}${hex(2)}${hex(1)}-${hex(6)}${hex(5)}-...`
  return `Agent watchdog ${guid} changed to ${WATCHDOG_STATES[data[7] ?? 0] ?? 'Unknown'}`
}
