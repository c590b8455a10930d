// SPDX-License-Identifier: Apache-2.0
/** What happened, in order: kept for a while so that a watcher can resume where it was cut off. */
import { formatTime, isHostId, type Json } from '../../plugins/contract/index.ts'
import type { Db, Store, Tx } from '../store/store.ts'
import type { Surroundings } from './ports.ts'
import { writeSetting } from './settings.ts'
import type { KernelTables } from './tables/tables.ts'

export type KernelEventType =
  | `host.${'registered' | 'approved' | 'deleting' | 'enrolled' | 'online' | 'offline' | 'changed' | 'revoked' | 'deleted' | 'quarantined' | 'released' | 'refused'}`
  | `command.${'created' | 'sent' | 'finished'}`
  | `document.${'desired' | 'reported'}`
  | `lobby.${'waiting' | 'decided'}`
  | `token.${'created' | 'used' | 'revoked'}`
  | `system.${'started' | 'backup' | 'restored' | 'notice'}`

/** The kernel's own, and those of modules: `<module>.<what>`. */
export type EventType = KernelEventType | `${string}.${string}`

export type NewEvent = {
  /** The project it belongs to; `''` for the installation. */
  readonly project: string
  readonly type: EventType
  /** What it is about: a host id, a command id, a token id. */
  readonly subject: string
  readonly data: Json
}

export type StoredEvent = NewEvent & { readonly id: number; readonly at: string }

/** What a module does about an event, within the transaction that records it. */
export type EventHook = (tx: Tx, event: StoredEvent) => Promise<void>

/** Narrows what is read; all members must fit. */
export type EventFilter = {
  readonly project?: string | undefined
  /** Exact types, or the words they begin with. */
  readonly types?: readonly string[] | undefined
  /** The host it is about, as its subject or in its data. */
  readonly host?: string | undefined
  readonly subject?: string | undefined
}

export interface Events {
  /** Records an event within a transaction; watchers hear of it once it is durable. */
  emit(tx: Tx, event: NewEvent): Promise<void>
  /** Calls the listener with every event from now on, in order; the returned function stops it. */
  watch(listener: (event: StoredEvent) => void): () => void
  /** Events after a cursor, oldest first. */
  since(after: number, limit: number, filter?: EventFilter): Promise<readonly StoredEvent[]>
  /** Events before a cursor, or the very last, newest first. */
  latest(before: number | undefined, limit: number, filter?: EventFilter): Promise<readonly StoredEvent[]>
  /** The oldest cursor from which nothing is missing, and the newest. */
  span(): Promise<{ readonly oldest: number; readonly newest: number }>
  /** Forgets events recorded before a time, and all but the newest `most`. */
  prune(before: string, most?: number): Promise<void>
}

const INSERT =
  'insert into kernel_events (at, project, type, subject, host, data) values (?, ?, ?, ?, ?, ?) returning id'

export type EventParts = Surroundings & {
  readonly hooks?: () => readonly EventHook[]
}

export function createEvents(store: Store, { clock, hooks = () => [] }: EventParts): Events {
  const listeners = new Set<(event: StoredEvent) => void>()
  return {
    emit: async (tx, event) => {
      const at = formatTime(clock.now())
      const { project, type, subject, data } = event
      const values = [at, project, type, subject, hostOfEvent(event) ?? null, JSON.stringify(data)]
      const [row] = tx.run<{ id: number }>(INSERT, values)
      const stored = { ...event, id: row?.id ?? 0, at } // an insert that returns has one row
      for (const hook of hooks()) await hook(tx, stored)
      tx.afterCommit(() => {
        for (const listener of listeners) listener(stored)
      })
    },
    watch: listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    since: async (after, limit, filter = {}) =>
      storedFrom(await eventRows(store, filter).where('id', '>', after).orderBy('id').limit(limit).execute()),
    latest: async (before = Number.MAX_SAFE_INTEGER, limit, filter = {}) =>
      storedFrom(await eventRows(store, filter).where('id', '<', before).orderBy('id', 'desc').limit(limit).execute()),
    span: () => spanOf(store),
    prune: (before, most) => store.change(tx => prune(tx, before, most)),
  }
}

/** The host an event is about, whether as its subject or in its data. */
export function hostOfEvent({ subject, data }: Pick<NewEvent, 'subject' | 'data'>): string | undefined {
  if (isHostId(subject)) return subject
  const told = typeof data === 'object' && data !== null && 'host' in data ? data.host : undefined
  return typeof told === 'string' && isHostId(told) ? told : undefined
}

function eventRows(store: Store, { project, types, host, subject }: EventFilter) {
  let rows = store
    .installation<KernelTables>()
    .selectFrom('kernel_events')
    .select(['id', 'at', 'project', 'type', 'subject', 'data'])
  if (project !== undefined) rows = rows.where('project', '=', project)
  if (host !== undefined) rows = rows.where('host', '=', host)
  if (subject !== undefined) rows = rows.where('subject', '=', subject)
  if (types === undefined) return rows
  // '/' follows '.' in the order of characters, so this is "begins with the words".
  return rows.where(each =>
    each.or(
      types.flatMap(type => [
        each('type', '=', type),
        each.and([each('type', '>', `${type}.`), each('type', '<', `${type}/`)]),
      ]),
    ),
  )
}

type EventRow = Omit<StoredEvent, 'type' | 'data'> & { readonly type: string; readonly data: string }

/** The type column holds only what emit() wrote. */
function storedFrom(rows: readonly EventRow[]): StoredEvent[] {
  return rows.map(row => ({ ...row, type: row.type as EventType, data: JSON.parse(row.data) }))
}

/** How far the past has been forgotten, so that a gap shows even when nothing is left. */
const FORGOTTEN = 'events.forgotten'

async function spanOf(db: Db): Promise<{ oldest: number; newest: number }> {
  const row = await db
    .installation<KernelTables>()
    .selectFrom('kernel_events')
    .select(each => [each.fn.min('id').as('oldest'), each.fn.max('id').as('newest')])
    .executeTakeFirst()
  const forgotten = await forgottenUpTo(db)
  const oldest = Math.max(forgotten, Number(row?.oldest ?? 1) - 1)
  return { oldest, newest: Math.max(forgotten, Number(row?.newest ?? 0)) }
}

async function forgottenUpTo(db: Db): Promise<number> {
  const row = await db
    .installation<KernelTables>()
    .selectFrom('kernel_settings')
    .select('value')
    .where('key', '=', FORGOTTEN)
    .executeTakeFirst()
  return Number(row?.value ?? 0)
}

async function prune(tx: Tx, before: string, most: number | undefined): Promise<void> {
  const rows = tx.installation<KernelTables>()
  const { newest } = await spanOf(tx)
  // Ids and times rise together, so this reads only what has aged since the last time.
  const first = await rows
    .selectFrom('kernel_events')
    .select('id')
    .where('at', '>=', before)
    .orderBy('id')
    .limit(1)
    .execute()
  const aged = first[0] === undefined ? newest : first[0].id - 1
  const upTo = Math.max(aged, most === undefined ? 0 : newest - most)
  if (upTo <= (await forgottenUpTo(tx))) return
  await rows.deleteFrom('kernel_events').where('id', '<=', upTo).execute()
  await writeSetting(tx, FORGOTTEN, String(upTo))
}
