// SPDX-License-Identifier: Apache-2.0
/** What became of deliveries: lists, second tries and tests. */
import { Type } from 'typebox'
import { formatTime } from '../../../plugins/contract/index.ts'
import type { Http } from '../../http/http.ts'
import { failures, UlidText } from '../../http/schemas.ts'
import { projectChain } from '../../kernel/audit.ts'
import { type AttemptParts, attempt } from './attempt.ts'
import type { Dispatch } from './dispatch.ts'
import { problem } from './problems.ts'
import { byOf } from './routes.ts'
import { DeliveryResource, deliveryResource, OfDelivery, OfWebhook } from './schemas.ts'
import { addDelivery, getDelivery, getWebhook, listDeliveries, updateDelivery } from './store.ts'

export type DeliveryParts = AttemptParts & { readonly dispatch: Dispatch; readonly signal: AbortSignal }

const tags = ['webhooks']
const LIMIT = 50

const Query = Type.Object(
  {
    state: Type.Optional(Type.Enum(['pending', 'delivered', 'dead'])),
    cursor: Type.Optional(UlidText),
    pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  },
  { additionalProperties: false },
)

export function deliveryRoutes(http: Http, parts: DeliveryParts): void {
  listRoute(http, parts)
  retryRoute(http, parts)
  pingRoute(http, parts)
}

function listRoute(http: Http, { kernel }: DeliveryParts): void {
  http.get(
    '/v1/projects/:project/webhooks/:webhook/deliveries',
    {
      config: { access: 'webhook.read' },
      schema: {
        tags,
        summary: 'List deliveries, newest first; dead letters with state=dead',
        params: OfWebhook,
        querystring: Query,
        response: {
          200: Type.Object({
            deliveries: Type.Array(DeliveryResource),
            hasNext: Type.Boolean(),
            nextCursor: Type.Optional(UlidText),
          }),
          ...failures,
        },
      },
    },
    async ({ params: { project, webhook: id }, query: { state, cursor, pageSize = LIMIT } }) => {
      const webhook = await getWebhook(kernel.store, { project, id })
      const rows = await listDeliveries(kernel.store, webhook, { state, before: cursor, limit: pageSize + 1 })
      const page = rows.slice(0, pageSize)
      const last = page.at(-1)
      const hasNext = rows.length > pageSize
      return {
        deliveries: page.map(deliveryResource),
        hasNext,
        ...(hasNext && last !== undefined ? { nextCursor: last.id } : {}),
      }
    },
  )
}

function retryRoute(http: Http, { kernel, dispatch }: DeliveryParts): void {
  http.post(
    '/v1/projects/:project/webhooks/:webhook/deliveries/:delivery/retry',
    {
      config: { access: 'webhook.write' },
      schema: {
        tags,
        summary: 'Try a delivery again that is over',
        params: OfDelivery,
        response: { 200: DeliveryResource, ...failures },
      },
    },
    async request => {
      const { project, webhook: id, delivery: which } = request.params
      const { by } = byOf(request)
      const row = await kernel.store.change(async tx => {
        const webhook = await getWebhook(tx, { project, id })
        const delivery = await getDelivery(tx, webhook, which)
        if (delivery.state === 'pending') throw problem('delivery-pending', `next at ${delivery.next_at}`)
        const now = formatTime(kernel.clock.now())
        const fresh = { state: 'pending', attempts: 0, next_at: now, created_at: now, finished_at: null } as const
        await updateDelivery(tx, delivery, fresh)
        await kernel.audit.append(tx, {
          chain: projectChain(project),
          principal: by,
          action: 'webhook.retry',
          target: `${id}/${which}`,
          outcome: 'done',
          request: request.id,
        })
        return { ...delivery, ...fresh }
      })
      dispatch.touch({ project, id })
      return deliveryResource(row)
    },
  )
}

function pingRoute(http: Http, parts: DeliveryParts): void {
  const { kernel, signal } = parts
  http.post(
    '/v1/projects/:project/webhooks/:webhook/ping',
    {
      config: { access: 'webhook.write' },
      schema: {
        tags,
        summary: 'Send a test at once and say what came of it; one that is switched off can be tested too',
        params: OfWebhook,
        response: { 200: DeliveryResource, ...failures },
      },
    },
    async request => {
      const { project, webhook: id } = request.params
      const { by } = byOf(request)
      const { webhook, delivery } = await kernel.store.change(async tx => {
        const found = await getWebhook(tx, { project, id })
        const event = {
          id: 0,
          at: formatTime(kernel.clock.now()),
          project,
          type: 'webhook.ping' as const,
          subject: id,
          data: { by: by.name },
        }
        const added = await addDelivery(tx, found, { ...kernel, event })
        // No lane picks it up: it is tried here, once.
        await updateDelivery(tx, added, { state: 'dead', error: 'not tried yet' })
        return { webhook: found, delivery: added }
      })
      await attempt(parts, { webhook, delivery, signal })
      return deliveryResource(await getDelivery(kernel.store, webhook, delivery.id))
    },
  )
}
