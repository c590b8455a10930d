// SPDX-License-Identifier: Apache-2.0
/** The event log of a device: what its sensors and its BIOS reported. */
import { type CallOptions, flagOf, listOf, numberOf, type Output, textOf, type Wsman } from '../wsman/wsman.ts'
import { decodeEventRecord, type EventRecord } from './event-record.ts'
import { members } from './wire.ts'

const LOG = 'AMT_MessageLog'
/** As many as firmware gives at once; its log may hold more. */
const BATCH = 390
const MOST_BATCHES = 64

/** All records, in the order of the firmware. */
export async function readEventLog(wsman: Wsman, options?: CallOptions): Promise<readonly EventRecord[]> {
  const start = await wsman.invoke(LOG, 'PositionToFirstRecord', {}, options)
  const records: EventRecord[] = []
  let iteration = numberOf(start.content.IterationIdentifier) ?? 1
  for (let batch = 0; batch < MOST_BATCHES; batch++) {
    const output = await readBatch(wsman, iteration, options)
    const found = listOf(output.content.RecordArray).map(textOf)
    records.push(...found.filter(each => each !== '').map(decodeEventRecord))
    // An empty log, and the end of a full one, have a status of their own.
    if (found.length === 0 || output.returnValue !== 0 || flagOf(output.content.NoMoreRecords)) break
    const next = numberOf(output.content.IterationIdentifier) ?? iteration + found.length
    if (next === iteration) break
    iteration = next
  }
  return records
}

function readBatch(wsman: Wsman, IterationIdentifier: number, options?: CallOptions): Promise<Output> {
  return wsman.invoke(LOG, 'GetRecords', members({ IterationIdentifier, MaxReadRecords: BATCH }), options)
}
