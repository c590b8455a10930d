// SPDX-License-Identifier: Apache-2.0
/** The security audit log of a device. */
import { type CallOptions, listOf, numberOf, textOf, type Wsman } from '../wsman/wsman.ts'
import { type AuditRecord, decodeAuditRecord } from './audit-record.ts'
import { members, succeeded } from './wire.ts'

export type AuditPage = { readonly total: number; readonly records: readonly AuditRecord[] }

/** More than any firmware keeps. */
const MOST = 5_000

/**
 * The newest records first, after `skip` of them. Firmware counts from 1, oldest first, and gives some ten at a time;
 * it is asked until all are there.
 */
export async function readAuditLog(wsman: Wsman, skip: number, options?: CallOptions): Promise<AuditPage> {
  let first = await readBatch(wsman, 1, options)
  const { total } = first
  const wanted = Math.min(Math.max(0, total - skip), MOST)
  const records: AuditRecord[] = []
  // What is skipped is the end; what is beyond the cap is the beginning.
  let index = Math.max(1, total - skip - wanted + 1)
  if (index > 1) first = { total, records: [] }
  while (records.length < wanted) {
    const batch = index === 1 ? first : await readBatch(wsman, index, options)
    if (batch.records.length === 0) break
    records.push(...batch.records)
    index += batch.records.length
  }
  return { total, records: records.slice(0, wanted).reverse() }
}

async function readBatch(wsman: Wsman, StartIndex: number, options?: CallOptions): Promise<AuditPage> {
  const output = await wsman.invoke('AMT_AuditLog', 'ReadRecords', members({ StartIndex }), options)
  const records = listOf(output.content.EventRecords).map(textOf)
  const total = numberOf(output.content.TotalRecordCount) ?? 0
  // An empty log answers with a status of its own.
  if (total > 0 && records.length === 0) succeeded(output, 'the audit log was not read')
  return { total, records: records.filter(each => each !== '').map(decodeAuditRecord) }
}
