// SPDX-License-Identifier: Apache-2.0
/** Hosts in lists and in numbers: filtered, ordered, page by page. */
import { type Static, Type } from 'typebox'
import { hostsWithin } from '../../kernel/access.ts'
import { hostFields } from '../../kernel/host-fields.ts'
import { type HostSelection, listHosts, summarizeHosts } from '../../kernel/host-list.ts'
import type { Label } from '../../kernel/hosts.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Principal } from '../../kernel/permissions.ts'
import { decodeCursor, encodeCursor, MAX_CURSOR_LENGTH } from '../../query/cursor.ts'
import { MAX_FILTER_LENGTH, parseFilter } from '../../query/filter.ts'
import { parseOrder } from '../../query/order.ts'
import type { Fields, SqlField } from '../../query/query.ts'
import { callerOf } from '../guard.ts'
import { HostResource, hostResources } from '../hosts.ts'
import type { Http } from '../http.ts'
import { problem } from '../problems.ts'
import { failures, InProject } from '../schemas.ts'

const FilterText = Type.Optional(
  Type.String({
    maxLength: 2 * MAX_FILTER_LENGTH,
    description: 'AIP-160, such as: name = "press" AND NOT has(site) AND metadata.line = l1',
  }),
)

const HostQuery = Type.Object(
  {
    filter: FilterText,
    orderBy: Type.Optional(
      Type.String({ maxLength: 2_000, description: 'Members with asc or desc: hostStatus asc, createdAt desc' }),
    ),
    search: Type.Optional(
      Type.String({ maxLength: 200, description: 'Part of a name, host name, id, UUID or serial number' }),
    ),
    label: Type.Optional(Type.String({ maxLength: 500, description: 'key=value, several separated by commas' })),
    online: Type.Optional(Type.Boolean()),
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
    async request => {
      const { params, query } = request
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
      return {
        hosts: await hostResources(kernel, params.project, page.hosts),
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

type Asking = {
  readonly project: string
  readonly query: Pick<Query, 'filter' | 'search' | 'label' | 'online'>
  readonly caller: Principal
}

/** The hosts that a query asks for, as far as its caller sees them. */
export function selectionOf({ project, query, caller }: Asking, fields: Fields<SqlField>): HostSelection {
  return {
    filter: parseFilter(query.filter ?? ''),
    fields,
    search: query.search,
    labels: labelsOf(query.label),
    online: query.online,
    within: hostsWithin(caller, 'host.read', project),
  }
}

function labelsOf(text: string | undefined): readonly Label[] {
  if (text === undefined || text === '') return []
  return text.split(',').map(pair => {
    const [key = '', value, ...rest] = pair.split('=')
    if (key === '' || value === undefined || rest.length > 0) {
      throw problem('bad-request', `label=${pair.slice(0, 60)}: write key=value`)
    }
    return { key, value }
  })
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
