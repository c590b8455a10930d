// SPDX-License-Identifier: Apache-2.0
/** Logs of a device, as JSON and as a table to keep. */
import type { Http } from '../../../http/http.ts'
import { readAuditLog } from '../device/audit-log.ts'
import { readEventLog } from '../device/event-log.ts'
import { isInteger } from './fields.ts'
import type { MpsParts } from './parts.ts'
import { type Answer, declare } from './route.ts'

const AUDIT_FAILED = 'Exception during AMT AuditLog request'
const EVENT_FAILED = 'Exception during AMT Event Log request'

export function logRoutes(http: Http, parts: MpsParts): void {
  declare(http, parts, {
    method: 'GET',
    path: '/amt/log/audit/:guid',
    access: 'host.read',
    summary: 'Read the security audit log, newest first',
    exception: AUDIT_FAILED,
    check: fields => void fields.optional('query', 'startIndex', isInteger(0, 1_000_000)),
    device: async ({ wsman, query, options }) => {
      const { total, records } = await readAuditLog(wsman, Number(query.startIndex ?? 0), options)
      return { body: { totalCnt: total, records } }
    },
  })
  declare(http, parts, {
    method: 'GET',
    path: '/amt/log/event/:guid',
    access: 'host.read',
    summary: 'Read the event log',
    exception: EVENT_FAILED,
    device: async ({ wsman, options }) => ({ body: await readEventLog(wsman, options) }),
  })
  declare(http, parts, {
    method: 'GET',
    path: '/amt/log/audit/:guid/download',
    access: 'host.read',
    summary: 'Download the security audit log as CSV',
    exception: AUDIT_FAILED,
    device: async ({ wsman, options, reach }) => {
      const { records } = await readAuditLog(wsman, 0, options)
      const columns = [
        'Time',
        'AuditApp',
        'Event',
        'Initiator',
        'NetAddress',
        'AuditAppID',
        'EventID',
        'ExStr',
      ] as const
      return download(`audit-${reach.guid}.csv`, columns, records)
    },
  })
  declare(http, parts, {
    method: 'GET',
    path: '/amt/log/event/:guid/download',
    access: 'host.read',
    summary: 'Download the event log as CSV',
    exception: EVENT_FAILED,
    device: async ({ wsman, options, reach }) => {
      const records = await readEventLog(wsman, options)
      const columns = ['TimeStamp', 'EntityStr', 'EventSeverity', 'Desc', 'EventSensorType', 'EventOffset'] as const
      return download(`events-${reach.guid}.csv`, columns, records)
    },
  })
}

/** RFC 4180. Texts that a spreadsheet would take for a formula get an apostrophe before them. */
export function csv<Column extends string>(
  columns: readonly Column[],
  records: readonly Readonly<Record<Column, unknown>>[],
): string {
  const cell = (value: unknown): string => {
    const text = String(value ?? '')
    const safe = /^[=+\-@\t\r]/.test(text) && typeof value !== 'number' ? `'${text}` : text
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  }
  const lines = records.map(record => columns.map(column => cell(record[column])).join(','))
  return [columns.join(','), ...lines, ''].join('\r\n')
}

function download<Column extends string>(
  name: string,
  columns: readonly Column[],
  records: readonly Readonly<Record<Column, unknown>>[],
): Answer {
  const headers = { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${name}"` }
  return { body: csv(columns, records), headers }
}
