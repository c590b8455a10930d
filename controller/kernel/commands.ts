// SPDX-License-Identifier: Apache-2.0
/** Commands: acts with an id, a deadline, and exactly one outcome. */
import type { RawBuilder, SqlBool } from 'kysely'
import {
  formatTime,
  type Json,
  newUlid,
  type ProblemDocument,
  type ResultMessage,
  type ResultStatus,
} from '../../plugins/contract/index.ts'
import type { Db, Tx } from '../store/store.ts'
import { findHost, type Host, nextSequence } from './hosts.ts'
import type { Surroundings } from './ports.ts'
import { problem } from './problems.ts'
import { withinQuota } from './quotas.ts'
import type { CommandRow, CommandState, KernelTables } from './tables/tables.ts'

/** How many commands may wait for one host. */
export const MAX_WAITING = 100
const UNFINISHED = ['queued', 'sent'] as const satisfies readonly CommandState[]

export type Command = {
  readonly project: string
  readonly id: string
  readonly host: string
  readonly section: string
  readonly name: string
  readonly input: Json
  readonly state: CommandState
  readonly principal: string
  readonly reason?: string
  readonly sequence: number
  readonly createdAt: string
  readonly expiresAt: string
  readonly sentAt?: string
  readonly finishedAt?: string
  readonly output?: Json
  readonly problem?: ProblemDocument
}

export type NewCommand = {
  readonly host: string
  readonly section: string
  readonly name: string
  readonly input: Json
  readonly principal: string
  readonly reason: string | undefined
  readonly expiresInMs: number
}

async function countUnfinished(db: Db, project: string): Promise<number> {
  const { total } = await db
    .of<KernelTables>(project)
    .select('kernel_commands')
    .select(each => each.fn.countAll<number>().as('total'))
    .where('state', 'in', UNFINISHED)
    .executeTakeFirstOrThrow()
  return Number(total)
}

/** Queues a command. Throws `queue-full`, `quota-exceeded`. */
export async function addCommand(tx: Tx, project: string, fresh: NewCommand & Surroundings): Promise<Command> {
  const waiting = unfinishedOf(tx, project, fresh.host)
  if (waiting.length >= MAX_WAITING) throw problem('queue-full', `${waiting.length} wait for ${fresh.host}`)
  await withinQuota(tx, project, { quota: 'queuedCommands', present: () => countUnfinished(tx, project) })
  const now = fresh.clock.now()
  const row: Omit<CommandRow, 'project'> = {
    id: newUlid(now, fresh.random),
    host: fresh.host,
    section: fresh.section,
    name: fresh.name,
    input: JSON.stringify(fresh.input),
    state: 'queued',
    principal: fresh.principal,
    reason: fresh.reason ?? null,
    sequence: await nextSequence(tx, project, fresh.host),
    created_at: formatTime(now),
    expires_at: formatTime(now + fresh.expiresInMs),
    sent_at: null,
    finished_at: null,
    output: null,
    problem: null,
  }
  await tx.of<KernelTables>(project).insert('kernel_commands', row).execute()
  return commandOf({ ...row, project })
}

/** Throws `not-found`. */
export async function getCommand(db: Db, project: string, id: string): Promise<Command> {
  const row = await commandRows(db, project).where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw problem('not-found', `command ${id.slice(0, 40)}`)
  return commandOf(row)
}

export type CommandQuery = {
  readonly host?: string | undefined
  readonly state?: CommandState | undefined
  /** Only those of hosts within somebody's reach. */
  readonly reach?: RawBuilder<SqlBool> | undefined
  readonly limit: number
  /** Goes on with those older than this id. */
  readonly before?: string | undefined
}

/** Newest first. */
export async function listCommands(db: Db, project: string, query: CommandQuery): Promise<readonly Command[]> {
  let rows = commandRows(db, project).orderBy('id', 'desc').limit(query.limit)
  if (query.host !== undefined) rows = rows.where('host', '=', query.host)
  if (query.state !== undefined) rows = rows.where('state', '=', query.state)
  if (query.before !== undefined) rows = rows.where('id', '<', query.before)
  if (query.reach !== undefined) rows = rows.where(query.reach)
  return (await rows.execute()).map(commandOf)
}

/** The host that a command is for, if there is such a command. */
export async function hostOfCommand(db: Db, project: string, id: string): Promise<Host | undefined> {
  const row = await commandRows(db, project).where('id', '=', id).executeTakeFirst()
  return row === undefined ? undefined : findHost(db, project, row.host)
}

const OPEN = `select * from kernel_commands
  where project = ? and host = ? and state in (${UNFINISHED.map(state => `'${state}'`).join(', ')}) order by sequence`

/** The commands of a host that have no outcome yet, oldest first. */
export function unfinishedOf(tx: Tx, project: string, host: string): readonly Command[] {
  return tx.run<CommandRow>(OPEN, [project, host]).map(commandOf)
}

/** Marks a waiting command as on its way; false when it was cancelled or has expired meanwhile. */
export async function markSent(tx: Tx, command: Command, now: number): Promise<boolean> {
  const done = await tx
    .of<KernelTables>(command.project)
    .update('kernel_commands', { state: 'sent', sent_at: formatTime(now) })
    .where('id', '=', command.id)
    .where('state', '=', 'queued')
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** Cancels a command that still waits. Throws `command-delivered` or `command-finished`. */
export async function cancelCommand(tx: Tx, project: string, id: string, now: number): Promise<Command> {
  const done = await tx
    .of<KernelTables>(project)
    .update('kernel_commands', { state: 'cancelled', finished_at: formatTime(now) })
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .executeTakeFirst()
  const command = await getCommand(tx, project, id)
  if (done.numUpdatedRows === 1n) return command
  if (command.state === 'sent') throw problem('command-delivered', `sent at ${command.sentAt}`)
  throw problem('command-finished', `it ${command.state} at ${command.finishedAt}`)
}

export type Ending = {
  readonly state: ResultStatus
  readonly output?: unknown
  readonly problem?: ProblemDocument | undefined
  readonly now: number
}

/** Writes the one outcome; `undefined` when the command is not this host's or has ended already. */
export async function finishCommand(
  tx: Tx,
  project: string,
  ending: Ending & { readonly id: string; readonly host: string },
): Promise<Command | undefined> {
  const row = await tx
    .of<KernelTables>(project)
    .update('kernel_commands', {
      state: ending.state,
      finished_at: formatTime(ending.now),
      output: ending.output === undefined ? null : JSON.stringify(ending.output),
      problem: ending.problem === undefined ? null : JSON.stringify(ending.problem),
    })
    .where('id', '=', ending.id)
    .where('host', '=', ending.host)
    .where('state', 'in', [...UNFINISHED])
    .returningAll()
    .executeTakeFirst()
  return row === undefined ? undefined : commandOf(row)
}

/** What a host's message says became of a command. */
export function endingOf(message: ResultMessage, now: number): Ending {
  return { state: message.status, output: message.output, problem: message.problem, now }
}

/** Commands whose time is over: those never sent, and those sent to hosts that stayed silent too long. */
export async function overdue(db: Db, now: number, silenceMs: number): Promise<readonly Command[]> {
  const rows = await db
    .installation<KernelTables>()
    .selectFrom('kernel_commands')
    .selectAll()
    .where(each =>
      each.or([
        each.and([each('state', '=', 'queued'), each('expires_at', '<=', formatTime(now))]),
        each.and([each('state', '=', 'sent'), each('expires_at', '<=', formatTime(now - silenceMs))]),
      ]),
    )
    .limit(500)
    .execute()
  return rows.map(commandOf)
}

/** Ends what still waits for a host that is gone. */
export async function dropCommands(tx: Tx, project: string, host: string, now: number): Promise<void> {
  await tx
    .of<KernelTables>(project)
    .update('kernel_commands', { state: 'cancelled', finished_at: formatTime(now) })
    .where('host', '=', host)
    .where('state', 'in', [...UNFINISHED])
    .execute()
}

function commandRows(db: Db, project: string) {
  return db.of<KernelTables>(project).select('kernel_commands').selectAll()
}

function commandOf(row: CommandRow): Command {
  return {
    project: row.project,
    id: row.id,
    host: row.host,
    section: row.section,
    name: row.name,
    input: JSON.parse(row.input),
    state: row.state,
    principal: row.principal,
    ...(row.reason === null ? {} : { reason: row.reason }),
    sequence: row.sequence,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...(row.sent_at === null ? {} : { sentAt: row.sent_at }),
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at }),
    ...(row.output === null ? {} : { output: JSON.parse(row.output) }),
    ...(row.problem === null ? {} : { problem: JSON.parse(row.problem) }),
  }
}
