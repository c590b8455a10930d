// SPDX-License-Identifier: Apache-2.0
/** Hosts in lists and in numbers: filtered, ordered, page by page. */
import { type Static, Type } from 'typebox'
import { hostFields } from '../../kernel/host-fields.ts'
import { listHosts, summarizeHosts } from '../../kernel/host-list.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { decodeCursor, encodeCursor, MAX_CURSOR_LENGTH } from '../../query/cursor.ts'
import { parseOrder } from '../../query/order.ts'
import type { Fields, SqlField } from '../../query/query.ts'
import { callerOf } from '../guard.ts'
import { fieldsAsked, hostRows } from '../host-rows.ts'
import { FilterText, HostSelectionQuery, selectionOf } from '../host-selection.ts'
import { HostResource, hostResources } from '../hosts.ts'
import type { Http } from '../http.ts'
import { failures, InProject } from '../schemas.ts'
import { hostValuesRoute } from './host-values.ts'

const HostQuery = Type.Object(
  {
    ...HostSelectionQuery,
    orderBy: Type.Optional(
      Type.String({ maxLength: 2_000, description: 'Members with asc or desc: hostStatus asc, createdAt desc' }),
    ),
    fields: Type.Optional(
      Type.String({
        maxLength: 2_000,
        description:
          'Members to answer with, such as name,presence.online,sections; all others, required ones too, are left out',
      }),
    ),
    pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    cursor: Type.Optional(Type.String({ maxLength: MAX_CURSOR_LENGTH, description: 'nextCursor of the page before' })),
  },
  { additionalProperties: false },
)

const HostList = Type.Object({
  hosts: Type.Array(HostResource),
  totalElements: Type.Integer({ description: 'Of the whole selection; behind a cursor, as of the first page' }),
  hasNext: Type.Boolean(),
  nextCursor: Type.Optional(Type.String()),
})

const PAGE_SIZE = 20

type Members = () => Fields<SqlField>

export function hostListRoutes(http: Http, kernel: Kernel): void {
  // What the modules add stays as it is once they have started, and takes a while to gather.
  let known: Fields<SqlField> | undefined
  const members: Members = () => {
    known ??= hostFields(kernel.facets)
    return known
  }
  listRoute(http, kernel, members)
  summaryRoute(http, kernel, members)
  hostValuesRoute(http, kernel, members)
}

function listRoute(http: Http, kernel: Kernel, members: Members): void {
  http.get(
    '/v1/projects/:project/compute/hosts',
    {
      config: { access: 'host.read', narrows: true },
      schema: {
        tags: ['hosts'],
        summary: 'List hosts',
        params: InProject,
        querystring: HostQuery,
        response: { 200: HostList, ...failures },
      },
    },
    async (request, reply) => {
      const { params, query } = request
      const fields = fieldsAsked(query.fields, kernel)
      const caller = callerOf(request)
      const digest = kernel.digest(JSON.stringify([params.project, caller.id, ...asked(query)]))
      const after = isAbsent(query.cursor) ? undefined : decodeCursor(query.cursor, digest)
      const page = await listHosts(kernel.store, params.project, {
        ...selectionOf({ project: params.project, query, caller }, members()),
        limit: query.pageSize ?? PAGE_SIZE,
        offset: query.offset,
        order: parseOrder(query.orderBy ?? ''),
        after: after?.position,
        counted: after?.total,
      })
      // What was left out on purpose would be missed by the schema.
      if (fields !== undefined) reply.type('application/json; charset=utf-8').serializer(JSON.stringify)
      return {
        hosts:
          fields === undefined
            ? await hostResources(kernel, params.project, page.hosts)
            : await hostRows(kernel, params.project, { hosts: page.hosts, fields }),
        totalElements: page.total,
        hasNext: page.hasNext,
        ...(page.end === undefined
          ? {}
          : { nextCursor: encodeCursor({ position: page.end, total: page.total }, digest) }),
      }
    },
  )
}

type Query = Static<typeof HostQuery>

/** What a cursor is bound to: everything that says which hosts come in which order. */
function asked({ filter = '', orderBy = '', search = '', label = '', online }: Query): readonly unknown[] {
  return [filter, orderBy, search, label, online ?? null]
}

function isAbsent(text: string | undefined): text is '' | undefined {
  return text === undefined || text === ''
}

const Summary = Type.Object({
  total: Type.Integer(),
  error: Type.Integer({ description: 'With a status that indicates an error' }),
  running: Type.Integer(),
  unallocated: Type.Integer({ description: 'Without a site' }),
})

function summaryRoute(http: Http, kernel: Kernel, members: Members): void {
  http.get(
    '/v1/projects/:project/compute/hosts/summary',
    {
      config: { access: 'host.read', narrows: true },
      schema: {
        tags: ['hosts'],
        summary: 'Count hosts',
        params: InProject,
        querystring: Type.Object({ filter: FilterText }, { additionalProperties: false }),
        response: { 200: Summary, ...failures },
      },
    },
    async request => {
      const { project } = request.params
      const selection = selectionOf({ project, query: request.query, caller: callerOf(request) }, members())
      return summarizeHosts(kernel.store, project, selection)
    },
  )
}
