// SPDX-License-Identifier: Apache-2.0
/** Webhooks and deliveries as the API gives them, and how a webhook is. */
import { useQuery } from '@tanstack/react-query'
import { type AnswerOf, get } from '../../api/call.ts'
import { useProject } from '../../shell/go.tsx'

export type Webhook = AnswerOf<'/v1/projects/{project}/webhooks', 'GET'>['webhooks'][number]
export type Delivery = AnswerOf<'/v1/projects/{project}/webhooks/{webhook}/deliveries', 'GET'>['deliveries'][number]

export type State = 'on' | 'off' | 'failing' | 'stopped'

/** What failed by itself comes before what somebody switched off. */
export function stateOf({ enabled, failingSince, disabledWhy }: Webhook): State {
  if (!enabled) return disabledWhy === undefined ? 'off' : 'stopped'
  return failingSince === undefined ? 'on' : 'failing'
}

/** Deliveries come and go without an event, so they are asked for again. */
export const EVERY_MS = 10_000

export function useWebhooks() {
  const project = useProject()
  return useQuery({
    queryKey: ['webhooks', project],
    queryFn: get('/v1/projects/{project}/webhooks', { path: { project } }),
    refetchInterval: EVERY_MS,
  })
}

export function useWebhook(id: string) {
  const project = useProject()
  return useQuery({
    queryKey: ['webhooks', project, id],
    queryFn: get('/v1/projects/{project}/webhooks/{webhook}', { path: { project, webhook: id } }),
    refetchInterval: EVERY_MS,
  })
}
