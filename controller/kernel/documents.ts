// SPDX-License-Identifier: Apache-2.0
/** What hosts should become, by revision, and what they last reported. */
import { canonical, formatTime, type Json, type ReportedMessage } from '../../plugins/contract/index.ts'
import type { Db, Tx } from '../store/store.ts'
import { problem } from './problems.ts'
import type { DesiredRow, KernelTables, ReportedRow } from './tables/tables.ts'
import { upsertText } from './tables/upsert.ts'

export type Desired = {
  readonly section: string
  readonly revision: number
  /** `null`: stop managing. */
  readonly content: Json
  readonly updatedAt: string
  readonly updatedBy: string
}

export type Reported = {
  readonly section: string
  readonly revision: number
  readonly status: string
  readonly observed: Json
  readonly problem?: Json
  readonly step?: Json
  readonly plugin: { readonly name: string; readonly version: string }
  readonly at: string
  readonly receivedAt: string
}

export async function findDesired(db: Db, project: string, key: SectionKey): Promise<Desired | undefined> {
  const row = await desiredRows(db, project)
    .where('host', '=', key.host)
    .where('section', '=', key.section)
    .executeTakeFirst()
  return row === undefined ? undefined : desiredOf(row)
}

export type SectionKey = { readonly host: string; readonly section: string }

const LIST = 'select * from kernel_desired where project = ? and host = ? order by section'

/** Within a transaction that may be shared: every host that returns is asked for. */
export function listDesired(tx: Tx, project: string, host: string): readonly Desired[] {
  return tx.run<DesiredRow>(LIST, [project, host]).map(desiredOf)
}

/** What is desired of many hosts at once, by host. */
export async function desiredOfHosts(
  db: Db,
  project: string,
  hosts: readonly string[],
): Promise<ReadonlyMap<string, readonly Desired[]>> {
  if (hosts.length === 0) return new Map()
  const rows = await desiredRows(db, project)
    .where('host', 'in', [...hosts])
    .orderBy('section')
    .execute()
  const byHost = Map.groupBy(rows, ({ host }) => host)
  return new Map([...byHost].map(([host, wanted]) => [host, wanted.map(desiredOf)]))
}

function desiredRows(db: Db, project: string) {
  return db.of<KernelTables>(project).select('kernel_desired').selectAll()
}

export type DesiredChange = SectionKey & {
  readonly content: Json
  /** The revision the writer has read; `undefined` writes over whatever is there. */
  readonly ifMatch: number | undefined
  readonly by: string
  readonly now: number
}

/**
 * Writes a desired document under the next revision; the same content again changes nothing.
 * Throws `revision-mismatch` when `ifMatch` is not the present revision.
 */
export async function putDesired(
  tx: Tx,
  project: string,
  change: DesiredChange,
): Promise<{ desired: Desired; changed: boolean }> {
  const present = await findDesired(tx, project, change)
  const revision = present?.revision ?? 0
  if (change.ifMatch !== undefined && change.ifMatch !== revision) {
    throw problem('revision-mismatch', `it is at revision ${revision}, not ${change.ifMatch}`, { revision })
  }
  if (present !== undefined && canonical(present.content) === canonical(change.content)) {
    return { desired: present, changed: false }
  }
  const row = {
    revision: revision + 1,
    content: JSON.stringify(change.content),
    updated_at: formatTime(change.now),
    updated_by: change.by,
  }
  await tx
    .of<KernelTables>(project)
    .insert('kernel_desired', { host: change.host, section: change.section, ...row })
    .onConflict(clash => clash.columns(['project', 'host', 'section']).doUpdateSet(row))
    .execute()
  return {
    desired: desiredOf({ project, host: change.host, section: change.section, ...row }),
    changed: true,
  }
}

const REPORT = upsertText(
  'kernel_reported',
  ['project', 'host', 'section'],
  ['revision', 'status', 'observed', 'problem', 'step', 'plugin', 'at', 'received_at'],
)

/** Keeps the newest report of a section. */
export function saveReported(
  tx: Tx,
  project: string,
  report: SectionKey & { readonly message: ReportedMessage; readonly now: number },
): void {
  const { host, section, message } = report
  const { revision, status, observed = null, problem, step, plugin, at } = message
  const optional = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value))
  const said = [JSON.stringify(observed), optional(problem), optional(step), JSON.stringify(plugin)]
  tx.run(REPORT, [project, host, section, revision, status, ...said, at, formatTime(report.now)])
}

const TOUCH = 'update kernel_reported set at = ?, received_at = ? where project = ? and host = ? and section = ?'

/** Writes that the newest report of a section was said again. */
export function touchReported(
  tx: Tx,
  project: string,
  { host, section, at, now }: SectionKey & { readonly at: string; readonly now: number },
): void {
  tx.run(TOUCH, [at, formatTime(now), project, host, section])
}

export async function findReported(db: Db, project: string, key: SectionKey): Promise<Reported | undefined> {
  const row = await db
    .of<KernelTables>(project)
    .select('kernel_reported')
    .selectAll()
    .where('host', '=', key.host)
    .where('section', '=', key.section)
    .executeTakeFirst()
  return row === undefined ? undefined : reportedOf(row)
}

/** The reports of many hosts at once, by host and section. */
export async function reportsOf(
  db: Db,
  project: string,
  hosts: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, Reported>>> {
  const byHost = new Map<string, Map<string, Reported>>()
  if (hosts.length === 0) return byHost
  const rows = await db
    .of<KernelTables>(project)
    .select('kernel_reported')
    .selectAll()
    .where('host', 'in', [...hosts])
    .execute()
  for (const row of rows) {
    const sections = byHost.get(row.host) ?? new Map<string, Reported>()
    byHost.set(row.host, sections.set(row.section, reportedOf(row)))
  }
  return byHost
}

/** Removes a host's documents, desired and reported. */
export async function removeDocuments(tx: Tx, project: string, host: string): Promise<void> {
  const rows = tx.of<KernelTables>(project)
  await rows.remove('kernel_desired').where('host', '=', host).execute()
  await rows.remove('kernel_reported').where('host', '=', host).execute()
}

function desiredOf(row: DesiredRow): Desired {
  return {
    section: row.section,
    revision: row.revision,
    content: JSON.parse(row.content),
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  }
}

function reportedOf(row: ReportedRow): Reported {
  return {
    section: row.section,
    revision: row.revision,
    status: row.status,
    observed: JSON.parse(row.observed),
    ...(row.problem === null ? {} : { problem: JSON.parse(row.problem) }),
    ...(row.step === null ? {} : { step: JSON.parse(row.step) }),
    plugin: JSON.parse(row.plugin),
    at: row.at,
    receivedAt: row.received_at,
  }
}
