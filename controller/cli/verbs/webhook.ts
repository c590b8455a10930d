// SPDX-License-Identifier: Apache-2.0
/** `muster webhook`: list, create, look, switch, remove, test, and what became of deliveries. */
import { paths } from '../api.ts'
import type { Call, Session } from '../call.ts'
import { confirm } from '../confirm.ts'
import type { Run } from '../grammar.ts'
import { type Intent, isDryRun, showIntents } from '../intent.ts'
import { problem } from '../problems.ts'
import { literal } from '../render/text.ts'
import { type Delivery, deliveryView, drawWebhook, type Webhook, webhookView } from '../views/webhook.ts'

async function all({ client, project }: Session): Promise<readonly Webhook[]> {
  const { webhooks }: { webhooks: readonly Webhook[] } = await client.get(paths.webhooks(project))
  return webhooks
}

export const MAX_PEM_BYTES = 16_384

/** By id or by name. Throws `name-unknown`, `name-ambiguous`. */
export async function findWebhook(call: Call, session: Session): Promise<Webhook> {
  const [word = ''] = call.words
  const webhooks = await all(session)
  const named = webhooks.filter(({ resourceId, name }) => resourceId === word || name === word)
  const [first, second] = named
  if (first === undefined) throw problem('name-unknown', `no webhook is called ${word}`)
  if (second === undefined) return first
  const candidates = named.map(({ resourceId, name }) => `${resourceId}  ${name}`)
  throw problem('name-ambiguous', `${named.length} webhooks are called ${word}`, { candidates })
}

export const listing: Run = async call => {
  await call.output.list(webhookView, await all(await call.session()))
  return undefined
}

export const getting: Run = async call => {
  const webhook = await findWebhook(call, await call.session())
  await call.output.item(webhookView, webhook, each => drawWebhook(each, call.clock.now()))
  return undefined
}

export const creating: Run = async call => {
  const { options, output } = call
  const name = options.text('name')
  const types = options.text('type')?.split(',')
  const ca = options.text('ca-file')
  const url = call.words[0] ?? ''
  if (!URL.canParse(url)) throw problem('usage', '<url> takes an address such as https://hooks.example.com/muster')
  const body = {
    url,
    ...(name === undefined ? {} : { name }),
    ...(types === undefined ? {} : { types }),
    ...(ca === undefined ? {} : { caCertificate: new TextDecoder().decode(await call.files.read(ca, MAX_PEM_BYTES)) }),
  }
  const { client, project } = await call.session()
  const path = paths.webhooks(project)
  if (isDryRun(call)) return showIntents(call, [{ method: 'POST', path, body }])
  const made: Webhook & { secret: string } = await client.send('POST', path, body)
  await output.item(webhookView, made, each => `${literal(each.secret)}\n`)
  await output.note(`${made.resourceId} tells ${made.types.join(', ')} from now on; the secret is shown once`)
  return undefined
}

/** Sends one write about one webhook, or shows it. */
export async function write(call: Call, session: Session, intent: Intent): Promise<Webhook | Delivery | undefined> {
  if (isDryRun(call)) return showIntents(call, [intent])
  return session.client.send(intent.method === 'PATCH' ? 'PATCH' : 'POST', intent.path, intent.body)
}

/** With why it is done, where that was said. */
export function withReason(call: Call, path: string): string {
  const reason = call.options.text('reason')
  return reason === undefined ? path : `${path}?reason=${encodeURIComponent(reason)}`
}

function switching(enabled: boolean): Run {
  return async call => {
    const session = await call.session()
    const { resourceId } = await findWebhook(call, session)
    const path = paths.webhook(session.project, resourceId)
    const changed = await write(call, session, { method: 'PATCH', path, body: { enabled } })
    if (changed !== undefined) await call.output.note(`${resourceId} is ${enabled ? 'on' : 'off'}`)
    return undefined
  }
}
export const enabling: Run = switching(true)
export const disabling: Run = switching(false)

export const removing: Run = async call => {
  const session = await call.session()
  const webhook = await findWebhook(call, session)
  const path = withReason(call, paths.webhook(session.project, webhook.resourceId))
  if (isDryRun(call)) return showIntents(call, [{ method: 'DELETE', path }])
  const { pending } = webhook.deliveries
  await confirm(call, `Remove the webhook ${webhook.name}${pending === 0 ? '' : `, which has ${pending} to tell`}?`)
  await session.client.send('DELETE', path)
  await call.output.note(`${webhook.resourceId} is removed`)
  return undefined
}

export const pinging: Run = async call => {
  const session = await call.session()
  const { resourceId } = await findWebhook(call, session)
  const path = paths.webhookPing(session.project, resourceId)
  const answer = await write(call, session, { method: 'POST', path })
  if (answer === undefined) return undefined
  const delivery = answer as Delivery // what this path answers
  await call.output.item(deliveryView, delivery, drawPing)
  if (delivery.state !== 'delivered') throw problem('ping-failed', delivery.error)
  return undefined
}

function drawPing({ id, state, status }: Delivery): string {
  return `${literal(`${id} ${state}${status === undefined ? '' : `: it answered ${status}`}`)}\n`
}

export const deliveries: Run = async call => {
  const session = await call.session()
  const { resourceId } = await findWebhook(call, session)
  const query = { state: call.options.text('state'), pageSize: call.options.count('limit') }
  const page: { deliveries: readonly Delivery[] } = await session.client.get(
    paths.webhookDeliveries(session.project, resourceId),
    { query },
  )
  await call.output.list(deliveryView, page.deliveries)
  return undefined
}

export const retrying: Run = async call => {
  const session = await call.session()
  const { resourceId } = await findWebhook(call, session)
  const path = paths.webhookRetry(session.project, resourceId, call.words[1] ?? '')
  const answer = await write(call, session, { method: 'POST', path })
  if (answer !== undefined) await call.output.note(`${call.words[1] ?? ''} is tried again`)
  return undefined
}
