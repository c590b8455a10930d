// SPDX-License-Identifier: Apache-2.0
/** The audit log, the event log and the alarm clock. */
import type { AmtClass, Firmware } from '../firmware.ts'
import { sampleAudit, sampleEvents } from '../records.ts'
import { WsmanFault } from '../soap.ts'
import { STATUS } from '../status.ts'
import { constant, instanceId, serviceFields } from './tables.ts'

/** As it comes from the factory; shared by all machines that have seen nothing else. */
const FACTORY_AUDIT = sampleAudit(5)
const FACTORY_EVENTS = sampleEvents(12)
/** Audit records in one reply. */
const AUDIT_PAGE = 10
const EVENTS_AT_ONCE = 390
const MAX_ALARMS = 5

function auditOf({ state }: Firmware): readonly string[] {
  return state.auditLog ?? FACTORY_AUDIT
}

function eventsOf({ state }: Firmware): readonly string[] {
  return state.eventLog ?? FACTORY_EVENTS
}

const auditLog: AmtClass = {
  name: 'AMT_AuditLog',
  instances: firmware => [
    {
      fields: {
        AuditState: 1,
        CreationClassName: 'AMT_AuditLog',
        CurrentNumberOfRecords: auditOf(firmware).length,
        ElementName: 'Intel(r) AMT:Audit Log',
        EnabledState: 2,
        HealthState: 5,
        LogState: 2,
        MaxAllowedAuditors: 2,
        MaxNumberOfRecords: 0,
        Name: 'Intel(r) AMT:Audit Log',
        OperationalStatus: 2,
        OverwritePolicy: 7,
        PercentageFree: 90,
        RequestedState: 12,
        StoragePolicy: 1,
      },
    },
  ],
  methods: {
    ReadRecords(firmware, input) {
      const all = auditOf(firmware)
      const from = input.number('StartIndex') ?? 1
      if (from < 1) return STATUS.invalidParameter
      const page = all.slice(from - 1, from - 1 + AUDIT_PAGE)
      return {
        status: STATUS.success,
        output: { TotalRecordCount: all.length, RecordsReturned: page.length, EventRecords: page },
      }
    },
  },
}

const messageLog: AmtClass = {
  name: 'AMT_MessageLog',
  instances: firmware => [
    {
      fields: {
        Capabilities: [5, 6, 8, 7],
        CharacterSet: 10,
        CreationClassName: 'AMT_MessageLog',
        CurrentNumberOfRecords: eventsOf(firmware).length,
        ElementName: 'Intel(r) AMT:MessageLog 1',
        EnabledDefault: 2,
        EnabledState: 2,
        HealthState: 5,
        IsFrozen: false,
        LastChange: 0,
        LogState: 4,
        MaxLogSize: 0,
        MaxNumberOfRecords: 390,
        MaxRecordSize: 21,
        Name: 'Intel(r) AMT:MessageLog 1',
        OperationalStatus: 2,
        OverwritePolicy: 2,
        PercentageNearFull: 100,
        RequestedState: 12,
        SizeOfHeader: 0,
        SizeOfRecordHeader: 0,
        Status: 'OK',
      },
    },
  ],
  methods: {
    PositionToFirstRecord: firmware => ({
      status: STATUS.success,
      output: { IterationIdentifier: eventsOf(firmware).length === 0 ? 0 : 1 },
    }),
    GetRecords(firmware, input) {
      const all = eventsOf(firmware)
      const from = input.number('IterationIdentifier') ?? 1
      const wanted = input.number('MaxReadRecords') ?? EVENTS_AT_ONCE
      if (from < 1 || wanted < 1) return STATUS.invalidParameter
      const page = all.slice(from - 1, from - 1 + Math.min(wanted, EVENTS_AT_ONCE))
      const next = from + page.length
      return {
        status: STATUS.success,
        output: { IterationIdentifier: next, NoMoreRecords: next > all.length, RecordArray: page },
      }
    },
    ClearLog(firmware) {
      firmware.state.eventLog = []
      return STATUS.success
    },
  },
}

const alarmService: AmtClass = {
  ...constant(
    'AMT_AlarmClockService',
    serviceFields('AMT_AlarmClockService', 'Intel(r) AMT Alarm Clock Service', 'ManagedSystem'),
  ),
  methods: {
    AddAlarm(firmware, input) {
      const template = input.part('AlarmTemplate')
      const id = template?.text('InstanceID') ?? ''
      const start = template?.part('StartTime')?.text('Datetime').trim() ?? ''
      const { alarms } = firmware.state
      if (template === undefined || id === '' || Number.isNaN(Date.parse(start))) return STATUS.invalidParameter
      if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(start)) return STATUS.invalidParameter
      if (alarms.some(alarm => alarm.id === id)) return STATUS.duplicate
      if (alarms.length >= MAX_ALARMS) return STATUS.limitReached
      const interval = template.part('Interval')?.text('Interval').trim()
      if (interval !== undefined && !/^P\d+DT\d+H\d+M$/.test(interval)) return STATUS.invalidParameter
      alarms.push({
        id,
        name: template.text('ElementName'),
        start,
        ...(interval !== undefined && { interval }),
        deleteOnCompletion: template.flag('DeleteOnCompletion'),
      })
      return {
        status: STATUS.success,
        output: { AlarmClock: { ref: 'IPS_AlarmClockOccurrence', selectors: { InstanceID: id } } },
      }
    },
  },
}

const occurrences: AmtClass = {
  name: 'IPS_AlarmClockOccurrence',
  keys: ['InstanceID'],
  instances: ({ state }) =>
    state.alarms.map(alarm => ({
      fields: {
        DeleteOnCompletion: alarm.deleteOnCompletion,
        ElementName: alarm.name,
        InstanceID: alarm.id,
        Interval: { wrap: 'Interval', text: alarm.interval ?? 'P0DT0H0M' },
        StartTime: { wrap: 'Datetime', text: alarm.start },
      },
    })),
  remove(firmware, target) {
    const at = firmware.state.alarms.findIndex(alarm => alarm.id === instanceId(target))
    if (at === -1) throw new WsmanFault('c:InvalidSelectors')
    firmware.state.alarms.splice(at, 1)
  },
}

export const LOG_CLASSES: readonly AmtClass[] = [auditLog, messageLog, alarmService, occurrences]
