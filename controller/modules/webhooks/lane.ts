// SPDX-License-Identifier: Apache-2.0
/** The lane of one webhook: reads events from its cursor on, queues what it is to tell, and tells it. */
import { formatTime, MINUTE } from '../../../plugins/contract/index.ts'
import { fitsType } from '../../kernel/event-types.ts'
import type { StoredEvent } from '../../kernel/events.ts'
import { type AttemptParts, attempt } from './attempt.ts'
import { addDelivery, dueDeliveries, findWebhook, type Key, MAX_PENDING, updateWebhook, waiting } from './store.ts'
import type { WebhookRow } from './tables.ts'

export interface Lane {
  /** Something may have happened that concerns it. */
  wake(event?: StoredEvent): void
  /** Resolves when nothing of it is under way any more; what was not told is told after the next start. */
  stop(): Promise<void>
}

const PAGE = 200
/** Deliveries to one receiver that are under way at once. */
const ABREAST = 4
/** A lane that is never woken still moves its cursor on, so that old events it does not want are not missed as lost. */
const LONGEST_NAP_MS = MINUTE

/** Starts at once. Ends by itself when the webhook is gone or switched off. */
export function startLane(parts: AttemptParts, key: Key, ended: () => void): Lane {
  const { kernel } = parts
  const over = new AbortController()
  let types: readonly string[] | undefined
  let awake = true
  let rouse = (): void => {}
  const nap = (ms: number): Promise<void> =>
    new Promise(resolve => {
      if (awake || over.signal.aborted) return resolve()
      const forget = kernel.clock.after(ms, () => rouse())
      rouse = () => {
        forget()
        rouse = () => {}
        resolve()
      }
    })
  const work = async (): Promise<void> => {
    while (!over.signal.aborted) {
      awake = false
      const webhook = await findWebhook(kernel.store, key)
      if (webhook === undefined || webhook.enabled !== 1) return
      types = typesOf(webhook)
      const isMore = await pull(parts, webhook)
      const told = await tell(parts, webhook, over.signal)
      if (isMore || told > 0) continue
      const { next } = await waiting(kernel.store, key)
      const dueMs = next === undefined ? LONGEST_NAP_MS : Date.parse(next) - kernel.clock.now()
      await nap(Math.max(1, Math.min(LONGEST_NAP_MS, dueMs)))
    }
  }
  const running = persist(parts, work, over.signal).then(ended)
  return {
    wake: event => {
      if (event !== undefined && !concerns(event, key.project, types)) return
      awake = true
      rouse()
    },
    stop: async () => {
      over.abort(new Error('the lane is stopped'))
      rouse()
      await running
    },
  }
}

/** A database that fails for a moment ends no lane. */
async function persist({ kernel }: AttemptParts, work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await work()
    } catch (thrown) {
      if (signal.aborted) return
      kernel.log.error('a webhook could not be served', { error: String(thrown) })
      await kernel.clock.sleep(MINUTE / 6, signal).catch(() => {})
    }
  }
}

/** Types that a webhook asked for; `undefined` for all. */
export function typesOf(webhook: WebhookRow): readonly string[] | undefined {
  const types = JSON.parse(webhook.types) as readonly string[] // written by the routes only
  return types.includes('*') ? undefined : types
}

function concerns(event: StoredEvent, project: string, types: readonly string[] | undefined): boolean {
  return event.project === project && (types === undefined || types.some(type => fitsType(event.type, type)))
}

/**
 * Queues the next page of events and moves the cursor on, both or neither, as long as the queue has room. Tells whether
 * there may be more.
 */
async function pull({ kernel }: AttemptParts, webhook: WebhookRow): Promise<boolean> {
  const { store, events } = kernel
  const { count } = await waiting(store, webhook)
  const room = Math.min(PAGE, MAX_PENDING - count)
  if (room <= 0) return false
  const { oldest, newest } = await events.span()
  const after = Math.max(webhook.cursor, oldest)
  const found = await events.since(after, room, { project: webhook.project, types: typesOf(webhook) })
  const last = found.at(-1)
  const isMore = found.length === room
  const cursor = isMore && last !== undefined ? last.id : Math.max(newest, last?.id ?? 0)
  if (cursor === webhook.cursor) return false
  await store.change(async tx => {
    const present = await findWebhook(tx, webhook)
    // Somebody removed it, switched it off or moved its cursor meanwhile.
    if (present?.enabled !== 1 || present.cursor !== webhook.cursor) return
    if (webhook.cursor < oldest) await tellLoss(kernel, tx, { webhook, to: oldest })
    for (const event of found) await addDelivery(tx, webhook, { ...kernel, event })
    await updateWebhook(tx, webhook, { cursor })
  })
  return isMore
}

type Loss = { readonly webhook: WebhookRow; readonly to: number }

async function tellLoss(
  { events, clock }: AttemptParts['kernel'],
  tx: Parameters<typeof addDelivery>[0],
  { webhook, to }: Loss,
): Promise<void> {
  const { project, id, name, cursor: from } = webhook
  await events.emit(tx, { project, type: 'webhook.lost', subject: id, data: { name, from, to } })
  await updateWebhook(tx, webhook, { updated_at: formatTime(clock.now()) })
}

/** Tells what is due, a few at a time; how many it tried. */
async function tell(parts: AttemptParts, webhook: WebhookRow, signal: AbortSignal): Promise<number> {
  const { kernel } = parts
  const due = await dueDeliveries(kernel.store, webhook, { now: kernel.clock.now(), limit: ABREAST })
  await Promise.all(due.map(delivery => attempt(parts, { webhook, delivery, signal })))
  return due.length
}
