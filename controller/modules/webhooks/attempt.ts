// SPDX-License-Identifier: Apache-2.0
/** One attempt at one delivery, and what follows from its outcome. */
import { formatTime } from '../../../plugins/contract/index.ts'
import { projectChain } from '../../kernel/audit.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { SYSTEM } from '../../kernel/permissions.ts'
import type { Secret, Secrets } from '../../secrets/secrets.ts'
import type { Tx } from '../../store/store.ts'
import type { Patience } from './config.ts'
import type { Answer, Post } from './post.ts'
import { signatureOf } from './signature.ts'
import { findWebhook, tidyDeliveries, updateDelivery, updateWebhook } from './store.ts'
import type { DeliveryRow, WebhookRow } from './tables.ts'

export type AttemptParts = {
  readonly kernel: Kernel
  readonly secrets: Secrets
  readonly post: Post
  readonly patience: Patience
}

/** How long the secret before a change signs beside the new one. */
const BOTH_SIGN_MS = 86_400_000
export const secretName = ({ project, id }: Pick<WebhookRow, 'project' | 'id'>) => ({
  project,
  kind: 'webhook',
  owner: id,
})

type Attempt = { readonly webhook: WebhookRow; readonly delivery: DeliveryRow; readonly signal: AbortSignal }

/** Sends a delivery and writes down what came of it. Once the signal is aborted nothing is written: it is tried again later. */
export async function attempt(parts: AttemptParts, { webhook, delivery, signal }: Attempt): Promise<void> {
  const { kernel, post } = parts
  const secrets = await signingSecrets(parts, webhook)
  const now = kernel.clock.now()
  const answer = await post({
    url: webhook.url,
    body: delivery.body,
    ca: webhook.ca ?? undefined,
    signal,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Muster-Webhook/1',
      'muster-webhook': webhook.id,
      'muster-delivery': delivery.id,
      'muster-event': delivery.type,
      'muster-attempt': String(delivery.attempts + 1),
      'muster-signature': signatureOf(secrets, now, delivery.body),
    },
  })
  if (signal.aborted) return
  await settle(parts, { webhook, delivery }, answer)
}

async function signingSecrets({ kernel, secrets }: AttemptParts, webhook: WebhookRow): Promise<readonly Secret[]> {
  const { store, clock } = kernel
  const kept = await secrets.candidates(store, secretName(webhook))
  const active = kept.filter(({ state }) => state === 'active')
  const since = webhook.rotated_at === null ? Number.NEGATIVE_INFINITY : Date.parse(webhook.rotated_at)
  const before = clock.now() - since < BOTH_SIGN_MS ? kept.filter(({ state }) => state === 'previous').slice(0, 1) : []
  return [...active, ...before].map(({ value }) => value)
}

type Verdict = 'delivered' | 'again' | 'dead'

/** Answers of 500 and above, 429 and 408, and no answer at all may be better next time; every other answer is final. */
export function verdictOf(answer: Answer): Verdict {
  if (answer.kind === 'refused') return 'dead'
  if (answer.kind === 'failed') return 'again'
  const { status } = answer
  if (status >= 200 && status < 300) return 'delivered'
  return status >= 500 || status === 429 || status === 408 ? 'again' : 'dead'
}

/** Doubles with each attempt, up to the longest; half of it is chance, so that many do not come back at once. */
export function waitBefore(attempts: number, patience: Patience, chance: number): number {
  const { firstRetryMs, longestRetryMs } = patience
  const full = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(30, attempts - 1))
  return full * (0.5 + chance / 2)
}

type Pair = { readonly webhook: WebhookRow; readonly delivery: DeliveryRow }

async function settle(parts: AttemptParts, { webhook, delivery }: Pair, answer: Answer): Promise<void> {
  const { kernel, patience } = parts
  const now = kernel.clock.now()
  const attempts = delivery.attempts + 1
  const verdict = verdictOf(answer)
  const said = {
    attempts,
    status: answer.kind === 'answered' ? answer.status : null,
    error: verdict === 'delivered' ? null : wordsOf(answer),
  }
  const isPing = delivery.event === 0
  const givenUp = isPing || now - Date.parse(delivery.created_at) >= patience.giveUpMs
  const state = verdict === 'again' ? (givenUp ? 'dead' : 'pending') : verdict
  const asked = answer.kind === 'answered' ? (answer.retryAfterMs ?? 0) : 0
  const waitMs = Math.max(Math.min(asked, patience.longestRetryMs), waitBefore(attempts, patience, dice(kernel)))
  await kernel.store.change(async tx => {
    const present = await findWebhook(tx, webhook)
    if (present === undefined) return
    await updateDelivery(
      tx,
      delivery,
      state === 'pending'
        ? { ...said, state, next_at: formatTime(now + waitMs) }
        : { ...said, state, finished_at: formatTime(now) },
    )
    if (state !== 'pending') await tidyDeliveries(tx, webhook, state)
    if (isPing) return
    if (verdict === 'delivered') {
      if (present.failing_since !== null) await updateWebhook(tx, webhook, { failing_since: null })
      return
    }
    const since = present.failing_since ?? formatTime(now)
    if (present.failing_since === null) await updateWebhook(tx, webhook, { failing_since: since })
    if (present.enabled === 1 && now - Date.parse(since) >= patience.disableAfterMs)
      await disable(parts, tx, { webhook: present, since, why: said.error ?? '' })
  })
}

function wordsOf(answer: Answer): string {
  if (answer.kind !== 'answered') return answer.why
  const { status } = answer
  return status >= 300 && status < 400 ? `it answered ${status}: redirects are not followed` : `it answered ${status}`
}

function dice({ random }: Kernel): number {
  return (random(1)[0] ?? 0) / 255
}

type Failing = { readonly webhook: WebhookRow; readonly since: string; readonly why: string }

async function disable({ kernel }: AttemptParts, tx: Tx, failing: Failing): Promise<void> {
  const { webhook, since, why } = failing
  const { project, id, name } = webhook
  const says = `nothing could be delivered since ${since}: ${why}`

  await updateWebhook(tx, webhook, { enabled: 0, disabled_why: says.slice(0, 400) })
  const data = { name, failingSince: since, why }
  await kernel.events.emit(tx, { project, type: 'webhook.disabled', subject: id, data })
  await kernel.events.emit(tx, {
    project: '',
    type: 'system.notice',
    subject: 'webhooks',
    data: {
      code: 'webhook-disabled',
      title: `The webhook ${name} of ${project} was switched off`,
      project,
      next: `mend the receiver, then enable ${id} again`,
    },
  })
  await kernel.audit.append(tx, {
    chain: projectChain(project),
    principal: SYSTEM,
    action: 'webhook.disable',
    target: id,
    outcome: 'done',
    reason: says.slice(0, 400),
  })
}
