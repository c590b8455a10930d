// SPDX-License-Identifier: Apache-2.0
/** Which values members have among the hosts that fit, with their numbers: for completion, groups and summaries. */
import { Type } from 'typebox'
import { type HostValues, valuesOf } from '../../kernel/host-values.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Fields, SqlField } from '../../query/query.ts'
import { callerOf } from '../guard.ts'
import { HostSelectionQuery, selectionOf } from '../host-selection.ts'
import type { Http } from '../http.ts'
import { problem } from '../problems.ts'
import { failures, InProject } from '../schemas.ts'

const MOST_MEMBERS = 6
const LIMIT = 20

const ValuesQuery = Type.Object(
  {
    ...HostSelectionQuery,
    member: Type.String({
      minLength: 1,
      maxLength: 400,
      description: 'As filters name it, several separated by commas; metadata.<key> for a label, metadata for its keys',
    }),
    containing: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the value' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  { additionalProperties: false },
)

const MemberValues = Type.Object({
  member: Type.String(),
  values: Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }), {
    description: 'The most frequent first',
  }),
  more: Type.Boolean({ description: 'There are more values than were asked for' }),
  absent: Type.Integer({ description: 'Hosts that fit and have no value' }),
  total: Type.Integer({ description: 'Hosts that fit' }),
})

export function hostValuesRoute(http: Http, kernel: Kernel, members: () => Fields<SqlField>): void {
  http.get(
    '/v1/projects/:project/compute/hosts/values',
    {
      config: { access: 'host.read', narrows: true },
      schema: {
        tags: ['hosts'],
        summary: 'List the values of members among hosts, with the number of hosts',
        params: InProject,
        querystring: ValuesQuery,
        response: { 200: Type.Object({ members: Type.Array(MemberValues) }), ...failures },
      },
    },
    async request => {
      const { params, query } = request
      const names = [...new Set(query.member.split(',').map(each => each.trim()))]
      if (names.length > MOST_MEMBERS) throw problem('bad-request', `member: at most ${MOST_MEMBERS} at once`)
      const selection = selectionOf({ project: params.project, query, caller: callerOf(request) }, members())
      const found: HostValues[] = []
      for (const member of names) {
        const { containing, limit = LIMIT } = query
        found.push(await valuesOf(kernel.store, params.project, { ...selection, member, containing, limit }))
      }
      return { members: found.map(each => ({ ...each, values: [...each.values] })) }
    },
  )
}
