// SPDX-License-Identifier: Apache-2.0
/** What happened, in order: kept for a while so that a watcher can resume where it was cut off. */
import { formatTime, type Json } from '../../plugins/contract/index.ts'
import type { Store, Tx } from '../store/store.ts'
import type { Surroundings } from './ports.ts'
import type { KernelTables } from './tables/tables.ts'

export type KernelEventType =
  | `host.${'enrolled' | 'online' | 'offline' | 'changed' | 'revoked' | 'deleted' | 'quarantined' | 'released' | 'refused'}`
  | `command.${'created' | 'sent' | 'finished'}`
  | `document.${'desired' | 'reported'}`
  | `lobby.${'waiting' | 'decided'}`
  | `token.${'created' | 'used' | 'revoked'}`
  | `system.${'started' | 'backup' | 'restored'}`

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

export interface Events {
  /** Records an event within a transaction; watchers hear of it once it is durable. */
  emit(tx: Tx, event: NewEvent): Promise<void>
  /** Calls the listener with every event from now on, in order; the returned function stops it. */
  watch(listener: (event: StoredEvent) => void): () => void
  /** Events after a cursor, oldest first. */
  since(after: number, limit: number): Promise<readonly StoredEvent[]>
  /** The oldest cursor from which nothing is missing, and the newest. */
  span(): Promise<{ readonly oldest: number; readonly newest: number }>
  prune(before: string): Promise<void>
}

export function createEvents(store: Store, { clock }: Surroundings): Events {
  const listeners = new Set<(event: StoredEvent) => void>()
  return {
    emit: async (tx, event) => {
      const at = formatTime(clock.now())
      const { id } = await tx
        .installation<KernelTables>()
        .insertInto('kernel_events')
        .values({
          at,
          project: event.project,
          type: event.type,
          subject: event.subject,
          data: JSON.stringify(event.data),
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      tx.afterCommit(() => {
        for (const listener of listeners) listener({ ...event, id, at })
      })
    },
    watch: listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    since: (after, limit) => eventsSince(store, after, limit),
    span: () => spanOf(store),
    prune: async before => {
      await store.installation<KernelTables>().deleteFrom('kernel_events').where('at', '<', before).execute()
    },
  }
}

async function eventsSince(store: Store, after: number, limit: number): Promise<StoredEvent[]> {
  const rows = await store
    .installation<KernelTables>()
    .selectFrom('kernel_events')
    .selectAll()
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  // The type column holds only what emit() wrote.
  return rows.map(row => ({ ...row, type: row.type as EventType, data: JSON.parse(row.data) }))
}

async function spanOf(store: Store): Promise<{ oldest: number; newest: number }> {
  const row = await store
    .installation<KernelTables>()
    .selectFrom('kernel_events')
    .select(each => [each.fn.min('id').as('oldest'), each.fn.max('id').as('newest')])
    .executeTakeFirst()
  const oldest = Number(row?.oldest ?? 0)
  return { oldest: Math.max(0, oldest - 1), newest: Number(row?.newest ?? 0) }
}
