// SPDX-License-Identifier: Apache-2.0
/** Reads the history: a host as it was, and the values of one part in turn. */
import { formatTime } from '../../../../plugins/contract/index.ts'
import type { Reported } from '../../../kernel/documents.ts'
import { getHost, type Host } from '../../../kernel/hosts.ts'
import type { PastReader } from '../../../kernel/past.ts'
import type { Db } from '../../../store/store.ts'
import type { Part, PastPresence, PastReport, PastStatus } from './parts.ts'
import { problem } from './problems.ts'
import type { HistoryRow, HistoryTables } from './tables.ts'

export function createPastReader(db: Db): PastReader {
  return {
    host: async (project, id, at) => {
      await getHost(db, project, id)
      const moment = formatTime(at)
      const rows = await heldAt(db, project, { host: id, moment })
      const record = rows.find(({ part }) => part === 'record')
      const knownSince = await firstKnown(db, project, id)
      if (record === undefined) throw notKnown(moment, knownSince)
      const presence: PastPresence | undefined = heldValue(rows, 'presence')
      return {
        host: JSON.parse(record.value) as Host, // written by recordOf() only
        presence: presence === undefined ? undefined : { ...presence, lastSeen: seenBy(presence, moment) },
        status: heldValue<PastStatus>(rows, 'status'),
        reports: new Map(rows.flatMap(reportIn)),
        knownSince: knownSince ?? record.at,
      }
    },
  }
}

function notKnown(moment: string, knownSince: string | undefined): Error {
  return knownSince === undefined
    ? problem('not-known-then', `nothing is kept of it yet`)
    : problem('not-known-then', `${moment} is before ${knownSince}`, { knownSince })
}

/** While it was online it was seen; otherwise it was last seen when that ended. */
function seenBy({ online, since }: PastPresence, moment: string): string {
  return online ? moment : since
}

async function heldAt(db: Db, project: string, { host, moment }: { host: string; moment: string }) {
  return db
    .of<HistoryTables>(project)
    .select('inventory_history')
    .selectAll()
    .where('host', '=', host)
    .where('at', '<=', moment)
    .where(each => each.or([each('until', 'is', null), each('until', '>', moment)]))
    .execute()
}

/** The earliest record: without one nothing can be shown. */
async function firstKnown(db: Db, project: string, host: string): Promise<string | undefined> {
  const row = await db
    .of<HistoryTables>(project)
    .select('inventory_history')
    .select(each => each.fn.min('at').as('at'))
    .where('host', '=', host)
    .where('part', '=', 'record')
    .executeTakeFirst()
  return row?.at ?? undefined
}

/** Rows were written by parts.ts, which gives each part its shape. */
function heldValue<T>(rows: readonly HistoryRow[], part: Part): T | undefined {
  const row = rows.find(each => each.part === part)
  return row === undefined ? undefined : (JSON.parse(row.value) as T)
}

const SECTION = 'section:'

function reportIn({ part, at, value }: HistoryRow): readonly (readonly [string, Reported])[] {
  if (!part.startsWith(SECTION)) return []
  const section = part.slice(SECTION.length)
  return [[section, { ...(JSON.parse(value) as PastReport), section, receivedAt: at }]] // written by reportOf()
}

export type ValueQuery = {
  readonly host: string
  readonly part: string
  /** Goes on with those older than this one. */
  readonly after?: number | undefined
  readonly limit: number
}

/** The values of one part, newest first. */
export async function listValues(
  db: Db,
  project: string,
  { host, part, after, limit }: ValueQuery,
): Promise<readonly HistoryRow[]> {
  let rows = db
    .of<HistoryTables>(project)
    .select('inventory_history')
    .selectAll()
    .where('host', '=', host)
    .where('part', '=', part)
  if (after !== undefined) rows = rows.where('n', '<', after)
  return rows.orderBy('n', 'desc').limit(limit).execute()
}

/** The parts of a host that have a history, with how many values each. */
export async function listParts(db: Db, project: string, host: string) {
  const rows = await db
    .of<HistoryTables>(project)
    .select('inventory_history')
    .select(each => ['part', each.fn.countAll<number>().as('values'), each.fn.min('at').as('since')])
    .where('host', '=', host)
    .groupBy('part')
    .orderBy('part')
    .execute()
  return rows.map(({ part, values, since }) => ({ part, values: Number(values), since }))
}
