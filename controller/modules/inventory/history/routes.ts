// SPDX-License-Identifier: Apache-2.0
/** The history of one host: what a part of it was, from when until when. */
import { Type } from 'typebox'
import type { Http } from '../../../http/http.ts'
import { failures, OfHost, Time } from '../../../http/schemas.ts'
import { getHost } from '../../../kernel/hosts.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { listParts, listValues } from './read.ts'

const Query = Type.Object(
  {
    part: Type.Optional(
      Type.String({
        pattern: '^(record|status|presence|(section|desired):[a-z0-9][a-z0-9-]{0,62})$',
        description: 'status (default), record, presence, section:<name> (what was reported) or desired:<name>',
      }),
    ),
    after: Type.Optional(
      Type.Integer({ minimum: 1, description: '`next` of the page before: goes on with older ones' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  },
  { additionalProperties: false },
)

const Values = Type.Object({
  part: Type.String(),
  values: Type.Array(
    Type.Object({
      n: Type.Integer(),
      at: Time,
      until: Type.Optional(Time),
      durationMs: Type.Integer({ description: 'How long it held, up to now for what still does' }),
      value: Type.Unknown(),
    }),
  ),
  hasMore: Type.Boolean(),
  next: Type.Optional(Type.Integer()),
  parts: Type.Array(Type.Object({ part: Type.String(), values: Type.Integer(), since: Time })),
})

const LIMIT = 50

export function historyRoutes(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/projects/:project/compute/hosts/:host/history',
    {
      config: { access: 'host.read' },
      schema: {
        tags: ['hosts'],
        summary: 'Show what a part of a host was, newest first',
        params: OfHost,
        querystring: Query,
        response: { 200: Values, ...failures },
      },
    },
    async ({ params: { project, host }, query }) => {
      const { part = 'status', after, limit = LIMIT } = query
      await getHost(kernel.store, project, host)
      const rows = await listValues(kernel.store, project, { host, part, after, limit: limit + 1 })
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      const hasMore = rows.length > limit
      const now = kernel.clock.now()
      return {
        part,
        values: page.map(({ n, at, until, value }) => ({
          n,
          at,
          ...(until === null ? {} : { until }),
          durationMs: Math.max(0, (until === null ? now : Date.parse(until)) - Date.parse(at)),
          value: JSON.parse(value) as unknown,
        })),
        hasMore,
        ...(hasMore && last !== undefined ? { next: last.n } : {}),
        parts: await listParts(kernel.store, project, host),
      }
    },
  )
}
