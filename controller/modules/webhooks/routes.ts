// SPDX-License-Identifier: Apache-2.0
/** Webhooks of a project. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { callerOf, requirePermission } from '../../http/guard.ts'
import type { Http } from '../../http/http.ts'
import { failures, InProject } from '../../http/schemas.ts'
import { type ActParts, type By, changeWebhook, createWebhook, deleteWebhook, rotateSecret } from './acts.ts'
import type { Dispatch } from './dispatch.ts'
import { NewWebhook, OfWebhook, WebhookPatch, WebhookResource, WebhookWithSecret, webhookResource } from './schemas.ts'
import { countDeliveries, getWebhook, listWebhooks } from './store.ts'

export type RouteParts = ActParts & { readonly dispatch: Dispatch }

const tags = ['webhooks']
const read = { access: 'webhook.read' } as const
const write = { access: 'webhook.write' } as const

export function webhookRoutes(http: Http, parts: RouteParts): void {
  readRoutes(http, parts)
  createRoute(http, parts)
  changeRoutes(http, parts)
}

/** Why it is done; it is kept in the audit. */
const Because = Type.Object(
  { reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })) },
  { additionalProperties: false },
)

/** Whoever has events sent somewhere must be allowed to read them all. */
export function byOf(request: FastifyRequest): By {
  const by = callerOf(request)
  requirePermission(by, 'event.read')
  return { by, request: request.id }
}

function readRoutes(http: Http, { kernel }: RouteParts): void {
  http.get(
    '/v1/projects/:project/webhooks',
    {
      config: read,
      schema: {
        tags,
        summary: 'List webhooks',
        params: InProject,
        response: {
          200: Type.Object({
            webhooks: Type.Array(WebhookResource),
            totalElements: Type.Integer(),
            hasNext: Type.Boolean(),
          }),
          ...failures,
        },
      },
    },
    async ({ params: { project } }) => {
      const rows = await listWebhooks(kernel.store, project)
      const counts = await countDeliveries(kernel.store, project)
      const webhooks = rows.map(row => webhookResource(row, counts.get(row.id)))
      return { webhooks, totalElements: rows.length, hasNext: false }
    },
  )
  http.get(
    '/v1/projects/:project/webhooks/:webhook',
    {
      config: read,
      schema: {
        tags,
        summary: 'Read a webhook',
        params: OfWebhook,
        response: { 200: WebhookResource, ...failures },
      },
    },
    async ({ params: { project, webhook: id } }) => {
      const row = await getWebhook(kernel.store, { project, id })
      return webhookResource(row, (await countDeliveries(kernel.store, project, id)).get(id))
    },
  )
}

function createRoute(http: Http, parts: RouteParts): void {
  http.post(
    '/v1/projects/:project/webhooks',
    {
      config: write,
      schema: {
        tags,
        summary: 'Have events told to an address; the secret is shown this once',
        params: InProject,
        body: NewWebhook,
        response: { 200: WebhookWithSecret, ...failures },
      },
    },
    async request => {
      const { project } = request.params
      const { webhook, secret } = await createWebhook(parts, project, { ...request.body, ...byOf(request) })
      parts.dispatch.touch(webhook)
      return { ...webhookResource(webhook), secret }
    },
  )
  http.post(
    '/v1/projects/:project/webhooks/:webhook/secret',
    {
      config: write,
      schema: {
        tags,
        summary: 'Give a webhook a new secret; for a day deliveries are signed with both',
        params: OfWebhook,
        querystring: Because,
        response: { 200: WebhookWithSecret, ...failures },
      },
    },
    async request => {
      const { project, webhook: id } = request.params
      const { webhook, secret } = await rotateSecret(
        parts,
        { project, id },
        { ...byOf(request), reason: request.query.reason },
      )
      return { ...webhookResource(webhook), secret }
    },
  )
}

function changeRoutes(http: Http, parts: RouteParts): void {
  http.patch(
    '/v1/projects/:project/webhooks/:webhook',
    {
      config: write,
      schema: {
        tags,
        summary: 'Change a webhook',
        params: OfWebhook,
        body: WebhookPatch,
        response: { 200: WebhookResource, ...failures },
      },
    },
    async request => {
      const { project, webhook: id } = request.params
      const webhook = await changeWebhook(parts, { project, id }, { ...request.body, ...byOf(request) })
      parts.dispatch.touch(webhook)
      return webhookResource(webhook, (await countDeliveries(parts.kernel.store, project, id)).get(id))
    },
  )
  http.delete(
    '/v1/projects/:project/webhooks/:webhook',
    {
      config: write,
      schema: {
        tags,
        summary: 'Remove a webhook and what it has still to tell',
        params: OfWebhook,
        querystring: Because,
        response: { 200: Type.Object({}), ...failures },
      },
    },
    async request => {
      const { project, webhook: id } = request.params
      await deleteWebhook(parts, { project, id }, { ...byOf(request), reason: request.query.reason })
      parts.dispatch.touch({ project, id })
      return {}
    },
  )
}
