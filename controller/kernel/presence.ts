// SPDX-License-Identifier: Apache-2.0
/** Who is online: live sessions in memory, transitions in the database. */
import { type Birth, type Capability, formatTime, parseTime } from '../../plugins/contract/index.ts'
import type { Peer, Standing } from '../bus/bus.ts'
import type { Db, Tx } from '../store/store.ts'
import { writeStatus, writeStatusOf } from './host-status.ts'
import type { KernelTables, PresenceRow } from './tables/tables.ts'
import { upsertText } from './tables/upsert.ts'

export type Presence = {
  readonly online: boolean
  readonly since: string
  readonly lastSeen: string
  /** Why it is offline: `lost`, `stopped`, `rebooting`, `controller-restarted`, … */
  readonly reason?: string
  readonly standing: Standing
  readonly standingWhy?: string
  readonly bootId?: string
  readonly agent?: string
  readonly address?: string
  readonly transport?: string
  readonly capabilities: readonly Capability[]
  readonly denies: readonly string[]
}

/** The live session of a host. */
export type Live = {
  readonly peer: Peer
  /** The sections it can manage, as its last birth message told; not known before the first. */
  supports: readonly string[] | undefined
  /** By how much its clock differs from ours, as its last birth message told when it came. */
  clockSkewMs: number | undefined
  lastSeen: number
  standing: Standing
}

export async function findPresenceRow(db: Db, project: string, host: string): Promise<PresenceRow | undefined> {
  return db.of<KernelTables>(project).select('kernel_presence').selectAll().where('host', '=', host).executeTakeFirst()
}

/** The same within a transaction, at the cost of every birth message. */
export function presenceRowIn(tx: Tx, { project, host }: HostKey): PresenceRow | undefined {
  return tx.run<PresenceRow>('select * from kernel_presence where project = ? and host = ?', [project, host])[0]
}

/** What is known of many hosts' presence, by host. */
export async function presenceOf(
  db: Db,
  project: string,
  hosts: readonly string[],
): Promise<ReadonlyMap<string, Presence>> {
  if (hosts.length === 0) return new Map()
  const rows = await db
    .of<KernelTables>(project)
    .select('kernel_presence')
    .selectAll()
    .where('host', 'in', [...hosts])
    .execute()
  return new Map(rows.map(row => [row.host, presenceFrom(row)]))
}

export type TicketPair = { readonly ticket: string | null; readonly previous: string | null }

export type Told = { readonly peer: Peer; readonly birth: Birth }

export type ArrivalRow = Told & {
  readonly standing: Standing
  readonly why: string | null
  readonly tickets: TicketPair
  readonly now: number
  /** Since when it has been online, when this is not the beginning. */
  readonly since: string | undefined
}

const ARRIVAL = upsertText(
  'kernel_presence',
  ['project', 'host'],
  [
    ...['online', 'since', 'last_seen', 'reason', 'standing', 'standing_why'],
    ...['boot_id', 'agent', 'address', 'transport'],
    ...['ticket', 'previous_ticket', 'capabilities', 'denies'],
  ],
)

/**
 * Whether this is the session that was there before, by all that is told of one: its link broke and came back before
 * anybody was told, or it returned over a new one before the old was found dead.
 */
export function goesOn(row: PresenceRow | undefined, { peer, birth }: Told): row is PresenceRow {
  if (row === undefined || row.online === 0) return false
  const isSameAgent = row.boot_id === birth.bootId && row.agent === birth.agent
  return isSameAgent && row.address === peer.address && row.transport === peer.transport
}

/** Writes that a host is online. */
export function writeArrival(tx: Tx, arrival: ArrivalRow): void {
  const { peer, birth, standing, why, tickets, now } = arrival
  const { project, host, address, transport } = peer
  const at = formatTime(now)
  const facts = [JSON.stringify(birth.capabilities), JSON.stringify(birth.denies)]
  const said = [standing, why, birth.bootId, birth.agent, address, transport, tickets.ticket, tickets.previous]
  tx.run(ARRIVAL, [project, host, 1, arrival.since ?? at, at, null, ...said, ...facts])
  writeStatusOf(tx, peer)
}

const REFRESH = `update kernel_presence set capabilities = ?, denies = ?,
    previous_ticket = case when ? = 1 then null else previous_ticket end
  where project = ? and host = ?`

/** Writes what a later birth message of the same session says. */
export function writeRefresh(
  tx: Tx,
  { project, host }: HostKey,
  { birth, forgetPrevious }: { birth: Birth; forgetPrevious: boolean },
): void {
  const facts = [JSON.stringify(birth.capabilities), JSON.stringify(birth.denies)]
  tx.run(REFRESH, [...facts, forgetPrevious ? 1 : 0, project, host])
}

/** Writes the first presence of a host that has never been online. */
export function writeExpected(tx: Tx, { project, host }: HostKey, more: { ticket: string; now: number }): void {
  const at = formatTime(more.now)
  const unsaid = [null, null, null, null, null]
  tx.run(ARRIVAL, [project, host, 0, at, at, 'never-connected', 'active', ...unsaid, more.ticket, null, '[]', '[]'])
  writeStatusOf(tx, { project, host })
}

const DEPARTURE = `update kernel_presence set online = 0, since = ?, last_seen = ?, reason = ?
  where project = ? and host = ? returning host`

type Leave = { readonly reason: string; readonly now: number; readonly lastSeen: number }

/** Writes that a host is no longer online; false when it has been forgotten meanwhile. */
export function writeDeparture(tx: Tx, host: HostKey, more: Leave): boolean {
  const said = [formatTime(more.now), formatTime(more.lastSeen), more.reason]
  const isKnown = tx.run(DEPARTURE, [...said, host.project, host.host]).length > 0
  if (isKnown) writeStatusOf(tx, host)
  return isKnown
}

export type HostKey = { readonly project: string; readonly host: string }

export async function writeStanding(tx: Tx, host: HostKey, standing: Standing, why: string | null): Promise<void> {
  await tx
    .of<KernelTables>(host.project)
    .update('kernel_presence', {
      standing,
      standing_why: why,
      // A released host starts its tickets afresh: the next one it presents is believed.
      ...(standing === 'active' ? { ticket: null, previous_ticket: null } : {}),
    })
    .where('host', '=', host.host)
    .execute()
  writeStatusOf(tx, host)
}

/** After a start nobody is online until heard from. */
export async function forgetSessions(db: Db, now: number): Promise<void> {
  await db
    .installation<KernelTables>()
    .updateTable('kernel_presence')
    .set({ online: 0, since: formatTime(now), reason: 'controller-restarted' })
    .where('online', '=', 1)
    .execute()
  await writeStatus(db)
}

/** After a restore the tickets in the database are old: the next one each host presents is believed. */
export async function forgetTickets(db: Db): Promise<void> {
  await db
    .installation<KernelTables>()
    .updateTable('kernel_presence')
    .set({ ticket: null, previous_ticket: null })
    .execute()
}

export async function removePresence(tx: Tx, project: string, host: string): Promise<void> {
  await tx.of<KernelTables>(project).remove('kernel_presence').where('host', '=', host).execute()
  writeStatusOf(tx, { project, host })
}

/** Which of a host's tickets a digest is; a host may have missed the newest, so the one before is good too. */
export function ticketStanding(
  row: PresenceRow | undefined,
  presented: string,
): 'current' | 'previous' | 'any' | 'stale' {
  if (row === undefined || row.ticket === null) return 'any'
  if (row.ticket === presented) return 'current'
  return row.previous_ticket === presented ? 'previous' : 'stale'
}

/** Milliseconds by which a host's clock differs from ours, as its birth message told. */
export function clockSkewMs(birth: Birth, receivedAt: number): number {
  return (parseTime(birth.at) ?? receivedAt) - receivedAt
}

/** Rows were written by this file, so their JSON has these shapes. */
function presenceFrom(row: PresenceRow): Presence {
  return {
    online: row.online === 1,
    since: row.since,
    lastSeen: row.last_seen,
    ...(row.reason === null ? {} : { reason: row.reason }),
    standing: row.standing,
    ...(row.standing_why === null ? {} : { standingWhy: row.standing_why }),
    ...(row.boot_id === null ? {} : { bootId: row.boot_id }),
    ...(row.agent === null ? {} : { agent: row.agent }),
    ...(row.address === null ? {} : { address: row.address }),
    ...(row.transport === null ? {} : { transport: row.transport }),
    capabilities: JSON.parse(row.capabilities) as Capability[],
    denies: JSON.parse(row.denies) as string[],
  }
}
