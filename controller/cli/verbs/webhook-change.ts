// SPDX-License-Identifier: Apache-2.0
/** `muster webhook set`, `rotate`. */
import { paths } from '../api.ts'
import type { Run } from '../grammar.ts'
import { problem } from '../problems.ts'
import { literal } from '../render/text.ts'
import { type Webhook, webhookView } from '../views/webhook.ts'
import { findWebhook, MAX_PEM_BYTES, withReason, write } from './webhook.ts'

export const setting: Run = async call => {
  const { options } = call
  const ca = options.text('ca-file')
  const given = {
    name: options.text('name'),
    url: options.text('url'),
    types: options.text('type')?.split(','),
    caCertificate: ca === undefined ? undefined : new TextDecoder().decode(await call.files.read(ca, MAX_PEM_BYTES)),
  }
  const body = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  if (Object.keys(body).length === 0) throw problem('usage', 'say what to change: --name, --url, --type or --ca-file')
  const session = await call.session()
  const { resourceId } = await findWebhook(call, session)
  const path = paths.webhook(session.project, resourceId)
  const changed = await write(call, session, { method: 'PATCH', path, body })
  if (changed !== undefined) await call.output.note(`${resourceId} is changed`)
  return undefined
}

export const rotating: Run = async call => {
  const session = await call.session()
  const { resourceId } = await findWebhook(call, session)
  const path = withReason(call, paths.webhookSecret(session.project, resourceId))
  const answer = await write(call, session, { method: 'POST', path })
  if (answer === undefined) return undefined
  const made = answer as Webhook & { secret: string } // what this path answers
  await call.output.item(webhookView, made, each => `${literal(each.secret)}\n`)
  await call.output.note('the secret is shown once; the one before is good for a day')
  return undefined
}
