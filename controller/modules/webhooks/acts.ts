// SPDX-License-Identifier: Apache-2.0
/** Makes, changes and removes webhooks: each act in one transaction with its secret, its audit entry and its event. */
import { X509Certificate } from 'node:crypto'
import { formatTime, problem as invalid } from '../../../plugins/contract/index.ts'
import { projectChain } from '../../kernel/audit.ts'
import { fitsType } from '../../kernel/event-types.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Principal } from '../../kernel/permissions.ts'
import { Secret, type Secrets } from '../../secrets/secrets.ts'
import type { Tx } from '../../store/store.ts'
import type { Addresses } from './addresses.ts'
import { secretName } from './attempt.ts'
import { problem } from './problems.ts'
import type { WebhookFields } from './schemas.ts'
import { findWebhook, getWebhook, type Key, listWebhooks, removeWebhook, updateWebhook } from './store.ts'
import type { WebhookRow, WebhookTables } from './tables.ts'

export type ActParts = {
  readonly kernel: Kernel
  readonly secrets: Secrets
  readonly addresses: Addresses
  readonly perProject: number
}

export type By = { readonly by: Principal; readonly request: string; readonly reason?: string | undefined }
export type WithSecret = { readonly webhook: WebhookRow; readonly secret: string }

type Fields = Omit<WebhookFields, 'url'> & { readonly url: string }

/** Begins with what happens from now on. The secret is told this once. Throws `too-many-webhooks`. */
export async function createWebhook(parts: ActParts, project: string, given: Fields & By): Promise<WithSecret> {
  const { kernel, secrets, perProject } = parts
  const { by, request, ...fields } = given
  const columns = columnsOf(parts, fields)
  const { newest } = await kernel.events.span()
  return kernel.store.change(async tx => {
    if ((await listWebhooks(tx, project)).length >= perProject) throw problem('too-many-webhooks', `${perProject}`)
    const id = await freshId(kernel, tx, project)
    const now = formatTime(kernel.clock.now())
    const row: Omit<WebhookRow, 'project'> = {
      id,
      name: id,
      types: '["*"]',
      ca: null,
      enabled: 1,
      ...columns,
      url: fields.url,
      disabled_why: null,
      cursor: newest,
      failing_since: null,
      rotated_at: null,
      created_at: now,
      updated_at: now,
    }
    await tx.of<WebhookTables>(project).insert('webhooks', row).execute()
    const webhook = { ...row, project }
    const secret = newSecret(kernel)
    await secrets.put(tx, secretName(webhook), Secret.of(secret))
    await record(kernel, tx, { webhook, act: 'create', by, request })
    return { webhook, secret }
  })
}

/** Switched on again it goes on with what happens from then on. */
export async function changeWebhook(parts: ActParts, key: Key, given: WebhookFields & By): Promise<WebhookRow> {
  const { kernel } = parts
  const { by, request, ...fields } = given
  const columns = columnsOf(parts, fields)
  const { newest } = await kernel.events.span()
  return kernel.store.change(async tx => {
    const before = await getWebhook(tx, key)
    const revived = fields.enabled === true && before.enabled === 0
    const enabling = revived ? { cursor: newest, disabled_why: null, failing_since: null } : {}
    await updateWebhook(tx, key, { ...columns, ...enabling, updated_at: formatTime(kernel.clock.now()) })
    const webhook = await getWebhook(tx, key)
    await record(kernel, tx, { webhook, act: 'change', by, request })
    return webhook
  })
}

/** Gives it a new secret; for a day what is sent is signed with both. */
export async function rotateSecret(
  { kernel, secrets }: ActParts,
  key: Key,
  { by, request, reason }: By,
): Promise<WithSecret> {
  return kernel.store.change(async tx => {
    await getWebhook(tx, key)
    const now = formatTime(kernel.clock.now())
    const secret = newSecret(kernel)
    await secrets.put(tx, secretName(key), Secret.of(secret))
    await updateWebhook(tx, key, { rotated_at: now, updated_at: now })
    const webhook = await getWebhook(tx, key)
    await record(kernel, tx, { webhook, act: 'rotate', by, request, reason })
    return { webhook, secret }
  })
}

export async function deleteWebhook(
  { kernel, secrets }: ActParts,
  key: Key,
  { by, request, reason }: By,
): Promise<void> {
  await kernel.store.change(async tx => {
    const webhook = await getWebhook(tx, key)
    await removeWebhook(tx, key)
    await secrets.remove(tx, secretName(key))
    await record(kernel, tx, { webhook, act: 'delete', by, request, reason })
  })
}

/** Throws `webhook-address-refused`, and `invalid` for types that nothing begins with and for a broken certificate. */
function columnsOf({ kernel, addresses }: ActParts, { name, url, types, caCertificate, enabled }: WebhookFields) {
  if (url !== undefined) addresses.check(url)
  const known = [...kernel.eventTypes.keys()]
  const strange = types?.find(asked => asked !== '*' && !known.some(type => fitsType(type, asked)))
  if (strange !== undefined) throw refused('/types', `no type of event begins with ${strange.slice(0, 80)}`)
  if (caCertificate !== undefined && caCertificate !== '' && !isCertificate(caCertificate))
    throw refused('/caCertificate', 'is no certificate in PEM')
  return {
    ...(name === undefined ? {} : { name }),
    ...(url === undefined ? {} : { url }),
    ...(types === undefined ? {} : { types: JSON.stringify([...new Set(types)]) }),
    ...(caCertificate === undefined ? {} : { ca: caCertificate === '' ? null : caCertificate }),
    ...(enabled === undefined ? {} : { enabled: enabled ? 1 : 0 }),
  }
}

function refused(pointer: string, message: string): Error {
  return invalid('invalid', `${pointer} ${message}`, { findings: [{ pointer, message }] })
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined
  } catch {
    return false
  }
}

async function freshId({ random }: Kernel, tx: Tx, project: string): Promise<string> {
  for (let attempt = 0; attempt < 8; attempt++) {
    const id = `webhook-${Buffer.from(random(4)).toString('hex')}`
    if ((await findWebhook(tx, { project, id })) === undefined) return id
  }
  throw new Error('no free id was found')
}

function newSecret({ random }: Kernel): string {
  return `whsec_${Buffer.from(random(32)).toString('base64url')}`
}

const EVENTS = { create: 'created', change: 'changed', rotate: 'changed', delete: 'deleted' } as const

type Recorded = By & { readonly webhook: WebhookRow; readonly act: keyof typeof EVENTS }

/** Addresses may hold a secret in their path, so only their origin is told. */
async function record(kernel: Kernel, tx: Tx, { webhook, act, by, request, reason }: Recorded): Promise<void> {
  const { project, id, name, url, types, enabled } = webhook
  await kernel.audit.append(tx, {
    chain: projectChain(project),
    principal: by,
    action: `webhook.${act}`,
    target: id,
    outcome: 'done',
    reason,
    request,
    detail: { name, origin: new URL(url).origin, types: JSON.parse(types), enabled: enabled === 1 },
  })
  await kernel.events.emit(tx, {
    project,
    type: `webhook.${EVENTS[act]}`,
    subject: id,
    data: { name, by: by.name },
  })
}
