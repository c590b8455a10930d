// SPDX-License-Identifier: Apache-2.0
/** Keeps webhooks and their deliveries. */
import { formatTime, newUlid } from '../../../plugins/contract/index.ts'
import { hostOfEvent, type StoredEvent } from '../../kernel/events.ts'
import type { Surroundings } from '../../kernel/ports.ts'
import { problem as kernelProblem } from '../../kernel/problems.ts'
import type { Db, Tx } from '../../store/store.ts'
import type { DeliveryRow, DeliveryState, WebhookRow, WebhookTables } from './tables.ts'

/** Delivered ones and dead letters are kept up to these numbers per webhook. */
const KEPT: Readonly<Record<'delivered' | 'dead', number>> = { delivered: 200, dead: 1_000 }
/** So many may wait for one receiver; the rest stays among the events until there is room. */
export const MAX_PENDING = 1_000

export type Key = { readonly project: string; readonly id: string }

export async function findWebhook(db: Db, { project, id }: Key): Promise<WebhookRow | undefined> {
  return db.of<WebhookTables>(project).select('webhooks').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Throws `not-found`. */
export async function getWebhook(db: Db, key: Key): Promise<WebhookRow> {
  const row = await findWebhook(db, key)
  if (row === undefined) throw kernelProblem('not-found', `webhook ${key.id.slice(0, 80)}`)
  return row
}

export async function listWebhooks(db: Db, project: string): Promise<readonly WebhookRow[]> {
  return db.of<WebhookTables>(project).select('webhooks').selectAll().orderBy('id').execute()
}

/** Of every project: those that have something to do. */
export async function enabledWebhooks(db: Db): Promise<readonly Key[]> {
  return db
    .installation<WebhookTables>()
    .selectFrom('webhooks')
    .select(['project', 'id'])
    .where('enabled', '=', 1)
    .execute()
}

type Change = Partial<Omit<WebhookRow, 'project' | 'id'>>

export async function updateWebhook(db: Db, { project, id }: Key, change: Change): Promise<void> {
  await db.of<WebhookTables>(project).update('webhooks', change).where('id', '=', id).execute()
}

export async function removeWebhook(tx: Tx, { project, id }: Key): Promise<void> {
  const own = tx.of<WebhookTables>(project)
  await own.remove('webhooks_deliveries').where('webhook', '=', id).execute()
  await own.remove('webhooks').where('id', '=', id).execute()
}

/** How many deliveries of each webhook are in a state. */
export async function countDeliveries(db: Db, project: string, webhook?: string) {
  let rows = db
    .of<WebhookTables>(project)
    .select('webhooks_deliveries')
    .select(each => ['webhook', 'state', each.fn.countAll<number>().as('count')])
    .groupBy(['webhook', 'state'])
  if (webhook !== undefined) rows = rows.where('webhook', '=', webhook)
  const counts = new Map<string, Partial<Record<DeliveryState, number>>>()
  for (const { webhook: id, state, count } of await rows.execute())
    counts.set(id, { ...counts.get(id), [state]: Number(count) })
  return counts
}

/** The body that is sent, the same with every attempt. */
export function bodyOf(delivery: string, webhook: string, event: Omit<StoredEvent, never>): string {
  const { id, at, project, type, subject, data } = event
  const host = hostOfEvent(event)
  return JSON.stringify({
    delivery,
    webhook,
    event: { id, at, project, type, subject, ...(host === undefined ? {} : { host }), data },
  })
}

/** Puts events in the queue of a webhook; `state` is `dead` for what is not to be tried by itself. */
export async function addDelivery(
  tx: Tx,
  webhook: Key,
  { event, clock, random }: { readonly event: StoredEvent } & Pick<Surroundings, 'clock' | 'random'>,
): Promise<DeliveryRow> {
  const now = clock.now()
  const id = newUlid(now, random)
  const row: Omit<DeliveryRow, 'project'> = {
    id,
    webhook: webhook.id,
    event: event.id,
    type: event.type,
    body: bodyOf(id, webhook.id, event),
    state: 'pending',
    attempts: 0,
    next_at: formatTime(now),
    created_at: formatTime(now),
    finished_at: null,
    status: null,
    error: null,
  }
  await tx.of<WebhookTables>(webhook.project).insert('webhooks_deliveries', row).execute()
  return { ...row, project: webhook.project }
}

/** Throws `not-found`. */
export async function getDelivery(db: Db, { project, id }: Key, delivery: string): Promise<DeliveryRow> {
  const row = await db
    .of<WebhookTables>(project)
    .select('webhooks_deliveries')
    .selectAll()
    .where('webhook', '=', id)
    .where('id', '=', delivery)
    .executeTakeFirst()
  if (row === undefined) throw kernelProblem('not-found', `delivery ${delivery.slice(0, 40)}`)
  return row
}

export type DeliveryQuery = {
  readonly state?: DeliveryState | undefined
  readonly before?: string | undefined
  readonly limit: number
}

/** Newest first. */
export async function listDeliveries(
  db: Db,
  { project, id }: Key,
  query: DeliveryQuery,
): Promise<readonly DeliveryRow[]> {
  let rows = db.of<WebhookTables>(project).select('webhooks_deliveries').selectAll().where('webhook', '=', id)
  if (query.state !== undefined) rows = rows.where('state', '=', query.state)
  if (query.before !== undefined) rows = rows.where('id', '<', query.before)
  return rows.orderBy('id', 'desc').limit(query.limit).execute()
}

/** Those whose time has come, the oldest first. */
export async function dueDeliveries(
  db: Db,
  { project, id }: Key,
  { now, limit }: { readonly now: number; readonly limit: number },
): Promise<readonly DeliveryRow[]> {
  return pending(db, { project, id })
    .selectAll()
    .where('next_at', '<=', formatTime(now))
    .orderBy('next_at')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** When the next of them is due, and how many wait in all. */
export async function waiting(
  db: Db,
  key: Key,
): Promise<{ readonly next: string | undefined; readonly count: number }> {
  const row = await pending(db, key)
    .select(each => [each.fn.min('next_at').as('next'), each.fn.countAll<number>().as('count')])
    .executeTakeFirst()
  return { next: row?.next ?? undefined, count: Number(row?.count ?? 0) }
}

function pending(db: Db, { project, id }: Key) {
  return db
    .of<WebhookTables>(project)
    .select('webhooks_deliveries')
    .where('webhook', '=', id)
    .where('state', '=', 'pending')
}

export async function updateDelivery(db: Db, { project, id }: Key, change: Partial<DeliveryRow>): Promise<void> {
  const { project: _, ...set } = change
  await db.of<WebhookTables>(project).update('webhooks_deliveries', set).where('id', '=', id).execute()
}

/** Forgets what is over and beyond the numbers that are kept. */
export async function tidyDeliveries(tx: Tx, { project, id }: Key, state: keyof typeof KEPT): Promise<void> {
  const own = tx.of<WebhookTables>(project)
  const oldest = await own
    .select('webhooks_deliveries')
    .select('webhooks_deliveries.id')
    .where('webhook', '=', id)
    .where('state', '=', state)
    .orderBy('id', 'desc')
    .offset(KEPT[state])
    .limit(1)
    .executeTakeFirst()
  if (oldest === undefined) return
  await own
    .remove('webhooks_deliveries')
    .where('webhook', '=', id)
    .where('state', '=', state)
    .where('id', '<=', oldest.id)
    .execute()
}
