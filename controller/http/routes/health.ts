// SPDX-License-Identifier: Apache-2.0
/** For machines that watch us: alive, ready, metrics, and the description of the API. */
import { type Static, Type } from 'typebox'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Measure } from '../../kernel/measure.ts'
import type { KernelTables } from '../../kernel/tables/tables.ts'
import type { Http } from '../http.ts'
import { createMetrics } from '../metrics.ts'
import { failures } from '../schemas.ts'

const Health = Type.Object({ status: Type.Enum(['ok']) })
const ok: Static<typeof Health> = { status: 'ok' }

export type Watched = { readonly version: string; readonly measures: readonly Measure[] }

export function healthRoutes(http: Http, kernel: Kernel, { version, measures }: Watched): void {
  const metrics = createMetrics(kernel, version, measures)
  const unlimited = { access: 'public', rateLimit: false } as const
  http.get(
    '/healthz',
    {
      config: unlimited,
      schema: { tags: ['health'], summary: 'The process answers', response: { 200: Health, ...failures } },
    },
    async () => ok,
  )
  http.get(
    '/readyz',
    {
      config: unlimited,
      schema: { tags: ['health'], summary: 'The database answers too', response: { 200: Health, ...failures } },
    },
    async () => {
      await kernel.store.installation<KernelTables>().selectFrom('kernel_settings').select('key').limit(1).execute()
      return ok
    },
  )
  http.get(
    '/metrics',
    {
      config: { access: 'system.read' },
      schema: { tags: ['health'], summary: 'Figures for Prometheus', response: { 200: Type.String(), ...failures } },
    },
    async (_, reply) => reply.header('content-type', metrics.contentType).send(await metrics.text()),
  )
}
