// SPDX-License-Identifier: Apache-2.0
/** The activations of a project, newest first. */
import { Type } from 'typebox'
import type { Http } from '../../../http/http.ts'
import { failures, InProject, ProjectName, Time, UlidText } from '../../../http/schemas.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { devicesWithin, placeOfDevices } from '../devices/place.ts'
import { problem } from './problems.ts'
import type { ActivationRow, ActivationTables } from './tables.ts'

const Outcome = Type.Enum(['running', 'succeeded', 'failed', 'cut'])
const Activation = Type.Object({
  id: UlidText,
  guid: Type.String(),
  host: Type.Optional(Type.String()),
  verb: Type.Enum(['activate', 'deactivate', 'maintenance']),
  /** Of a maintenance: the task. */
  profile: Type.Optional(Type.String()),
  mode: Type.Optional(Type.Enum(['client', 'admin'])),
  fromMode: Type.Enum(['none', 'client', 'admin']),
  address: Type.String(),
  startedAt: Time,
  finishedAt: Type.Optional(Time),
  step: Type.String({ description: 'The last step that was begun' }),
  outcome: Outcome,
  message: Type.String({ description: 'What the client was told' }),
  steps: Type.Integer(),
  messages: Type.Integer({ description: 'Requests that were sent to the firmware' }),
})
const Query = Type.Object(
  {
    guid: Type.Optional(Type.String({ maxLength: 36 })),
    host: Type.Optional(Type.String({ maxLength: 64 })),
    outcome: Type.Optional(Outcome),
    cursor: Type.Optional(Type.String({ maxLength: 64 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  },
  { additionalProperties: false },
)

const PAGE = 100

export function activationRoutes(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/projects/:project/oob/activations',
    {
      config: { access: 'host.read', narrows: true },
      schema: {
        tags: ['out-of-band'],
        summary: 'What was tried with `rpc`, newest first',
        params: InProject,
        querystring: Query,
        response: {
          200: Type.Object({ activations: Type.Array(Activation), nextCursor: Type.Optional(Type.String()) }),
          ...failures,
        },
      },
    },
    async request => {
      const { params, query } = request
      const { guid, host, outcome, cursor, limit = PAGE } = query
      let found = kernel.store
        .of<ActivationTables>(params.project)
        .select('oob_activations')
        .selectAll()
        .where(devicesWithin(request, 'oob_activations.guid'))
        .orderBy('id', 'desc')
        .limit(limit)
      if (guid !== undefined) found = found.where('guid', '=', guid.toLowerCase())
      if (host !== undefined) found = found.where('host', '=', host)
      if (outcome !== undefined) found = found.where('outcome', '=', outcome)
      if (cursor !== undefined) found = found.where('id', '<', cursor)
      const rows = await found.execute()
      const last = rows.length === limit ? rows.at(-1) : undefined
      return { activations: rows.map(shown), ...(last === undefined ? {} : { nextCursor: last.id }) }
    },
  )
  http.get(
    '/v1/projects/:project/oob/activations/:id',
    {
      config: {
        access: 'host.read',
        place: placeOfDevices(
          { kernel },
          key => find(kernel, key),
          id => problem('activation-unknown', id),
        ),
      },
      schema: {
        tags: ['out-of-band'],
        summary: 'One activation',
        params: Type.Object({ project: ProjectName, id: UlidText }),
        response: { 200: Activation, ...failures },
      },
    },
    async ({ params }) => {
      const row = await find(kernel, params)
      if (row === undefined) throw problem('activation-unknown', params.id)
      return shown(row)
    },
  )
}

async function find({ store }: Kernel, { project, id }: { readonly project: string; readonly id: string }) {
  return store
    .of<ActivationTables>(project)
    .select('oob_activations')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
}

function shown(row: ActivationRow) {
  return {
    id: row.id,
    guid: row.guid,
    ...(row.host === null ? {} : { host: row.host }),
    verb: row.verb as 'activate', // one word of the enumeration
    ...(row.profile === null ? {} : { profile: row.profile }),
    ...(row.mode === null ? {} : { mode: row.mode as 'client' }), // as above
    fromMode: row.from_mode as 'none', // as above
    address: row.address,
    startedAt: row.started_at,
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at }),
    step: row.step,
    outcome: row.outcome,
    message: row.message,
    steps: row.steps,
    messages: row.messages,
  }
}
