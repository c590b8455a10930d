// SPDX-License-Identifier: Apache-2.0
/** The fleet seen by what can be managed out of band. */
import type { FastifyRequest } from 'fastify'
import type { RawBuilder, SqlBool } from 'kysely'
import { Type } from 'typebox'
import { callerOf } from '../../http/guard.ts'
import type { Http } from '../../http/http.ts'
import { failures, InProject, Time } from '../../http/schemas.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { reachSql } from '../../kernel/reach.ts'
import type { OobTables } from './tables.ts'

const Sku = Type.Enum(['amt', 'ism', 'none', 'unknown'])
const Summary = Type.Object({ amt: Type.Integer(), ism: Type.Integer(), none: Type.Integer(), unknown: Type.Integer() })
const Detection = Type.Object({
  host: Type.String(),
  sku: Sku,
  why: Type.String(),
  version: Type.Optional(Type.String()),
  controlMode: Type.Optional(Type.String()),
  dnsSuffix: Type.Optional(Type.String()),
  since: Time,
})
const Query = Type.Object(
  { sku: Type.Optional(Sku), cursor: Type.Optional(Type.String({ maxLength: 64 })) },
  { additionalProperties: false },
)
const PAGE = 500

export function oobRoutes(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/projects/:project/oob/summary',
    {
      config: { access: 'host.read', narrows: true },
      schema: {
        tags: ['out-of-band'],
        summary: 'How many hosts have AMT, ISM, neither, or could not tell',
        params: InProject,
        response: { 200: Summary, ...failures },
      },
    },
    async request => {
      const { params } = request
      const counts = { amt: 0, ism: 0, none: 0, unknown: 0 }
      const rows = await kernel.store
        .of<OobTables>(params.project)
        .select('oob_detections')
        .select('sku')
        .select(each => each.fn.countAll<number>().as('hosts'))
        .where(reachOf(request))
        .groupBy('sku')
        .execute()
      for (const { sku, hosts } of rows) counts[sku as keyof typeof counts] = Number(hosts) // written from the plugin's enumeration
      return counts
    },
  )
  http.get(
    '/v1/projects/:project/oob/detections',
    {
      config: { access: 'host.read', narrows: true },
      schema: {
        tags: ['out-of-band'],
        summary: 'What was detected on each host',
        params: InProject,
        querystring: Query,
        response: {
          200: Type.Object({ detections: Type.Array(Detection), nextCursor: Type.Optional(Type.String()) }),
          ...failures,
        },
      },
    },
    async request => {
      const { params, query } = request
      let found = kernel.store
        .of<OobTables>(params.project)
        .select('oob_detections')
        .selectAll()
        .where(reachOf(request))
        .orderBy('host')
        .limit(PAGE)
      if (query.sku !== undefined) found = found.where('sku', '=', query.sku)
      if (query.cursor !== undefined) found = found.where('host', '>', query.cursor)
      const rows = await found.execute()
      const last = rows.length === PAGE ? rows.at(-1) : undefined
      return {
        detections: rows.map(row => ({
          host: row.host,
          sku: row.sku as 'amt', // one word of the enumeration above
          why: row.why,
          ...(row.version === null ? {} : { version: row.version }),
          ...(row.control_mode === null ? {} : { controlMode: row.control_mode }),
          ...(row.dns_suffix === null ? {} : { dnsSuffix: row.dns_suffix }),
          since: row.since,
        })),
        ...(last === undefined ? {} : { nextCursor: last.host }),
      }
    },
  )
}

/** Only what is within the caller's reach is counted and shown. */
function reachOf(request: FastifyRequest): RawBuilder<SqlBool> {
  const { project } = request.params as { project: string } // the path has it
  return reachSql(callerOf(request), { project, permission: 'host.read', column: 'oob_detections.host' })
}
