// SPDX-License-Identifier: Apache-2.0
/** Runs of playbooks in the store, and how many there may be. */
import type { RawBuilder, SqlBool } from 'kysely'
import { DAY, type EpochMs, formatTime, MINUTE, newUlid } from '../../../../plugins/contract/index.ts'
import { projectChain } from '../../../kernel/audit.ts'
import { findHost } from '../../../kernel/hosts.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { type Principal, SYSTEM } from '../../../kernel/permissions.ts'
import type { Db, Tx } from '../../../store/store.ts'
import { type Playbook, wordsOf } from './playbooks/playbook.ts'
import { problem } from './playbooks/problems.ts'
import type { DriftTables, PlaybookRunRow, PlaybookState } from './tables-drift.ts'

export const HOSTS_A_MINUTE = 10
export const RUNS_A_DAY = 3
/** Runs of a device that are kept. */
const KEPT = 50
const MAX_LINES = 200
/** Characters; the newest lines of an event log must fit. */
const MAX_LINE = 2_000
const SITE = 'site'

export const OPEN: readonly PlaybookState[] = ['queued', 'running', 'approval']

export type RunKey = { readonly project: string; readonly id: string }

export type RunLine = {
  readonly at: string
  /** Number of the step, from 0; absent for what is about the whole run. */
  readonly step?: number
  readonly outcome: 'note' | 'done' | 'skipped' | 'failed'
  readonly says: string
}

/** Whoever started a run, as it is kept. */
export type Starter = Pick<Principal, 'id' | 'kind' | 'name' | 'role' | 'via'>

export type NewRun = {
  readonly project: string
  readonly guid: string
  readonly host: string | undefined
  readonly playbook: Playbook
  readonly by: Principal
  readonly reason: string | undefined
  readonly url: string | undefined
  readonly mayRestart: boolean
}

export async function findRun(db: Db, { project, id }: RunKey): Promise<PlaybookRunRow | undefined> {
  return db.of<DriftTables>(project).select('oob_playbook_runs').selectAll().where('id', '=', id).executeTakeFirst()
}

export type RunQuery = {
  readonly guid: string | undefined
  readonly state: PlaybookState | undefined
  /** Runs older than this one. */
  readonly before: string | undefined
  readonly limit: number
  /** Whose devices' runs: a condition over `oob_playbook_runs.guid`. */
  readonly within: RawBuilder<SqlBool>
}

/** Newest first. */
export async function listRuns(db: Db, project: string, query: RunQuery): Promise<readonly PlaybookRunRow[]> {
  const { guid, state, before, limit, within } = query
  let rows = db
    .of<DriftTables>(project)
    .select('oob_playbook_runs')
    .selectAll()
    .where(within)
    .orderBy('id', 'desc')
    .limit(limit)
  if (guid !== undefined) rows = rows.where('guid', '=', guid)
  if (state !== undefined) rows = rows.where('state', '=', state)
  if (before !== undefined) rows = rows.where('id', '<', before)
  return rows.execute()
}

/** Why a playbook may not be started on a machine now. */
export async function refusalOf(db: Db, now: EpochMs, run: Pick<NewRun, 'project' | 'guid' | 'playbook'>) {
  const { project, guid, playbook } = run
  const rows = db.of<DriftTables>(project).select('oob_playbook_runs').where('guid', '=', guid)
  const open = await rows.select(['playbook', 'id']).where('state', 'in', OPEN).executeTakeFirst()
  if (open !== undefined) return problem('playbook-running', `${open.playbook}, run ${open.id}`, { run: open.id })
  const { count } = await rows
    .select(each => each.fn.countAll<number>().as('count'))
    .where('playbook', '=', playbook.name)
    .where('state', '!=', 'dry-run')
    .where('begun_at', '>', formatTime(now - DAY))
    .executeTakeFirstOrThrow()
  if (Number(count) >= RUNS_A_DAY) return problem('playbook-limit', `${playbook.name} ran ${count} times within a day`)
  return undefined
}

/** Adds a run that waits for its turn. Throws `playbook-running` and `playbook-limit`. */
export async function addRun(kernel: Kernel, tx: Tx, run: NewRun): Promise<string> {
  const refusal = await refusalOf(tx, kernel.clock.now(), run)
  if (refusal !== undefined) throw refusal
  const { project, guid, playbook, by, reason } = run
  const id = await insertRun(kernel, tx, run, { state: 'queued', says: 'waits for its turn', lines: [] })
  await kernel.audit.append(tx, {
    chain: projectChain(project),
    principal: by,
    action: 'oob.playbook.start',
    target: guid,
    outcome: 'done',
    ...(reason === undefined ? {} : { reason }),
    detail: { run: id, playbook: playbook.name, steps: playbook.steps.map(wordsOf) },
  })
  await tellOfRun(kernel, tx, { project, guid, id, playbook: playbook.name, phase: 'queued', says: reason ?? '' })
  return id
}

export type Standing = { readonly state: PlaybookState; readonly says: string; readonly lines: readonly RunLine[] }

/** Writes a run as it stands. */
export async function insertRun({ clock, random }: Kernel, tx: Tx, run: NewRun, { state, says, lines }: Standing) {
  const { project, guid, host, playbook, by, reason, url, mayRestart } = run
  const { id: who, kind, name, role, via } = by
  const now = clock.now()
  const id = newUlid(now, random)
  const starter: Starter = { id: who, kind, name, role, via }
  await tx
    .of<DriftTables>(project)
    .insert('oob_playbook_runs', {
      id,
      guid,
      host: host ?? null,
      site: host === undefined ? '' : await siteOf(tx, project, host),
      playbook: playbook.name,
      state,
      step: 0,
      step_at: null,
      scratch: '{}',
      by: JSON.stringify(starter),
      automatic: by.id === SYSTEM.id ? 1 : 0,
      may_restart: mayRestart ? 1 : 0,
      url: url ?? null,
      reason: reason ?? null,
      approved_by: null,
      created_at: formatTime(now),
      begun_at: null,
      acted_at: null,
      finished_at: state === 'queued' ? null : formatTime(now),
      says,
      lines: JSON.stringify(lines),
    })
    .execute()
  await prune(tx, project, guid)
  return id
}

async function siteOf(db: Db, project: string, host: string): Promise<string> {
  const labels = (await findHost(db, project, host))?.labels ?? []
  return labels.find(({ key }) => key === SITE)?.value ?? ''
}

async function prune(tx: Tx, project: string, guid: string): Promise<void> {
  const old = await tx
    .of<DriftTables>(project)
    .select('oob_playbook_runs')
    .select('id')
    .where('guid', '=', guid)
    .where('state', 'not in', OPEN)
    .orderBy('id', 'desc')
    .limit(KEPT)
    .offset(KEPT)
    .execute()
  if (old.length === 0) return
  const ids = old.map(each => each.id)
  await tx.of<DriftTables>(project).remove('oob_playbook_runs').where('id', 'in', ids).execute()
}

/** Whether another machine of the site may be begun, or acted on, within this minute; approved runs need not ask. */
export async function hasRoom(
  db: Db,
  now: EpochMs,
  { project, site, guid, approved_by }: PlaybookRunRow,
  what: 'begun_at' | 'acted_at',
) {
  if (approved_by !== null) return true
  const { count } = await db
    .of<DriftTables>(project)
    .select('oob_playbook_runs')
    .select(each => each.fn.count<number>('guid').distinct().as('count'))
    .where('site', '=', site)
    .where('guid', '!=', guid)
    .where(what, '>', formatTime(now - MINUTE))
    .executeTakeFirstOrThrow()
  return Number(count) < HOSTS_A_MINUTE
}

export type RunChange = Partial<
  Pick<
    PlaybookRunRow,
    'state' | 'step' | 'step_at' | 'scratch' | 'approved_by' | 'begun_at' | 'acted_at' | 'finished_at' | 'says'
  >
> & { readonly line?: Omit<RunLine, 'at'> }

/** Changes a run that is open; answers whether it still was. */
export async function changeRun({ clock }: Kernel, tx: Tx, row: PlaybookRunRow, change: RunChange): Promise<boolean> {
  const { line, ...columns } = change
  const present = await findRun(tx, row)
  if (present === undefined || !OPEN.includes(present.state)) return false
  const lines = line === undefined ? {} : { lines: JSON.stringify(withLine(linesOf(present), line, clock.now())) }
  await tx
    .of<DriftTables>(row.project)
    .update('oob_playbook_runs', { ...columns, ...lines })
    .where('id', '=', row.id)
    .execute()
  return true
}

function withLine(lines: readonly RunLine[], line: Omit<RunLine, 'at'>, now: EpochMs): readonly RunLine[] {
  return [...lines, { at: formatTime(now), ...line, says: line.says.slice(0, MAX_LINE) }].slice(-MAX_LINES)
}

export function linesOf(row: PlaybookRunRow): readonly RunLine[] {
  return JSON.parse(row.lines) as RunLine[] // written above only
}

/** Whoever started a run, to act in its name: in the run's project, and with no permission to change anything anew. */
export function starterOf(row: PlaybookRunRow): Principal {
  const starter = JSON.parse(row.by) as Starter // written above only
  const seeing = new Set(['host.read'] as const)
  const scope = { project: row.project }
  const grants = [{ id: 'playbook', role: starter.role, effect: 'allow', permissions: seeing, scope } as const]
  return { ...starter, via: `playbook ${row.playbook}`, permissions: new Set(), grants }
}

export type RunNews = {
  readonly project: string
  readonly guid: string
  readonly id: string
  readonly playbook: string
  readonly phase:
    | 'queued'
    | 'begun'
    | 'step'
    | 'approval'
    | 'approved'
    | 'done'
    | 'failed'
    | 'cancelled'
    | 'would-run'
    | 'notice'
  readonly says: string
}

export async function tellOfRun({ events }: Kernel, tx: Tx, { project, guid, id, ...news }: RunNews): Promise<void> {
  await events.emit(tx, { project, type: 'oob.playbook', subject: guid, data: { run: id, ...news } })
}
