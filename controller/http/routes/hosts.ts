// SPDX-License-Identifier: Apache-2.0
/** Hosts: list, read, rename, label, revoke, delete. */
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Json } from '../../../plugins/contract/index.ts'
import { projectChain } from '../../kernel/audit.ts'
import { changeHost, getHost, type Host, type Label, listHosts } from '../../kernel/hosts.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { deleteHost, releaseHost, revokeHost } from '../../kernel/lifecycle.ts'
import type { HostPatch } from '../../kernel/module.ts'
import type { Tx } from '../../store/store.ts'
import { callerOf } from '../guard.ts'
import { HostResource, hostResources } from '../hosts.ts'
import type { Http } from '../http.ts'
import { problem } from '../problems.ts'
import { failures, InProject, Metadata, OfHost } from '../schemas.ts'

const Name = Type.String({ minLength: 1, maxLength: 50, pattern: '^[a-zA-Z0-9_./: -]+$' })
const Note = Type.String({ maxLength: 512, pattern: '^[a-zA-Z0-9_./:;=@?!#,<>*()" -]*$' })
const ORDERS = ['resourceId', 'name', 'createdAt'].flatMap(column => [column, `${column} asc`, `${column} desc`])
const COLUMNS = { resourceId: 'id', name: 'name', createdAt: 'created_at' } as const

const HostQuery = Type.Object(
  {
    search: Type.Optional(
      Type.String({ maxLength: 200, description: 'Part of a name, host name, id or serial number' }),
    ),
    label: Type.Optional(Type.String({ maxLength: 500, description: 'key=value, several separated by commas' })),
    online: Type.Optional(Type.Boolean()),
    orderBy: Type.Optional(Type.Enum(ORDERS)),
    pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    cursor: Type.Optional(Type.String({ maxLength: 64, description: 'nextCursor of the page before' })),
  },
  { additionalProperties: false },
)

const HostList = Type.Object({
  hosts: Type.Array(HostResource),
  totalElements: Type.Integer(),
  hasNext: Type.Boolean(),
  nextCursor: Type.Optional(Type.String()),
})

export function hostRoutes(http: Http, kernel: Kernel, patches: readonly HostPatch[]): void {
  listRoute(http, kernel)
  readRoutes(http, kernel)
  patchRoute(http, kernel, patches)
  writeRoutes(http, kernel)
  standingRoutes(http, kernel)
}

function listRoute(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/projects/:project/compute/hosts',
    {
      config: { access: 'host.read' },
      schema: {
        tags: ['hosts'],
        summary: 'List hosts',
        params: InProject,
        querystring: HostQuery,
        response: { 200: HostList, ...failures },
      },
    },
    async ({ params, query }) => {
      const [column = 'resourceId', direction = 'asc'] = (query.orderBy ?? 'resourceId').split(' ')
      if (query.cursor !== undefined && column !== 'resourceId')
        throw problem('cursor-invalid', 'cursors go with the order by resourceId')
      if (query.cursor !== undefined && !/^host-[0-9a-f]{8}$/.test(query.cursor)) throw problem('cursor-invalid')
      const page = await listHosts(kernel.store, params.project, {
        search: query.search,
        labels: labelsOf(query.label),
        online: query.online,
        limit: query.pageSize ?? 20,
        after: query.cursor,
        offset: query.offset,
        orderBy: { column: COLUMNS[column as keyof typeof COLUMNS], descending: direction === 'desc' }, // the schema allows these
      })
      const last = page.hosts.at(-1)
      return {
        hosts: await hostResources(kernel, params.project, page.hosts),
        totalElements: page.total,
        hasNext: page.hasNext,
        ...(page.hasNext && last !== undefined && column === 'resourceId' ? { nextCursor: last.id } : {}),
      }
    },
  )
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
  error: Type.Integer(),
  running: Type.Integer(),
  unallocated: Type.Integer(),
})

function readRoutes(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/projects/:project/compute/hosts/summary',
    {
      config: { access: 'host.read' },
      schema: { tags: ['hosts'], summary: 'Count hosts', params: InProject, response: { 200: Summary, ...failures } },
    },
    async ({ params }) => {
      const count = async (online?: boolean): Promise<number> =>
        (await listHosts(kernel.store, params.project, { limit: 0, online })).total
      const [total, running] = [await count(), await count(true)]
      return { total, running, error: total - running, unallocated: total }
    },
  )
  http.get(
    '/v1/projects/:project/compute/hosts/:host',
    {
      config: { access: 'host.read' },
      schema: { tags: ['hosts'], summary: 'Read a host', params: OfHost, response: { 200: HostResource, ...failures } },
    },
    async ({ params }) => oneHost(kernel, await getHost(kernel.store, params.project, params.host)),
  )
}

const OwnMembers = { name: Type.Optional(Name), note: Type.Optional(Note), metadata: Type.Optional(Metadata) }
const OwnPatch = Type.Object(OwnMembers)

/** Members of our own, and those that the loaded modules let be set. */
function patchRoute(http: Http, kernel: Kernel, patches: readonly HostPatch[]): void {
  const theirs = Object.entries(Object.assign({}, ...patches.map(patch => patch.properties)) as HostPatch['properties']) // each is one
  const Patch = Type.Object(
    { ...OwnMembers, ...Object.fromEntries(theirs.map(([name, schema]) => [name, Type.Optional(schema)])) },
    { additionalProperties: false, minProperties: 1 },
  )
  http.patch(
    '/v1/projects/:project/compute/hosts/:host',
    {
      config: { access: 'host.label' },
      schema: {
        tags: ['hosts'],
        summary: 'Rename or label a host',
        params: OfHost,
        body: Patch,
        response: { 200: HostResource, ...failures },
      },
    },
    async request => {
      const { params } = request
      const body: Static<typeof OwnPatch> = request.body
      refuseTwins(body.metadata ?? [])
      await kernel.store.change(async tx => {
        const host = await getHost(tx, params.project, params.host)
        for (const patch of patches) await applyPatch(patch, { tx, host, request })
        const labels = body.metadata?.map(({ key, value }) => ({ key, value }))
        await changeHost(tx, host, { name: body.name, note: body.note, labels, clock: kernel.clock })
        await kernel.events.emit(tx, {
          project: host.project,
          type: 'host.changed',
          subject: host.id,
          data: { by: callerOf(request).name },
        })
        await recordHost(kernel, request, { tx, host, action: 'host.change', detail: body })
      })
      return oneHost(kernel, await getHost(kernel.store, params.project, params.host))
    },
  )
}

type Patching = { readonly tx: Tx; readonly host: Host; readonly request: FastifyRequest }

/** Hands a module those members of the body that are its own, if there are any. */
async function applyPatch({ properties, apply }: HostPatch, { tx, host, request }: Patching): Promise<void> {
  const given = Object.entries(request.body as Readonly<Record<string, Json>>) // checked by the route's schema
  const fields = given.filter(([name]) => Object.hasOwn(properties, name))
  if (fields.length > 0) await apply(tx, host, Object.fromEntries(fields), callerOf(request))
}

function writeRoutes(http: Http, kernel: Kernel): void {
  http.delete(
    '/v1/projects/:project/compute/hosts/:host',
    {
      config: { access: 'host.destroy' },
      schema: {
        tags: ['hosts'],
        summary: 'Retire a host: revoke it and forget what it reported',
        params: OfHost,
        response: { 204: Type.Null(), ...failures },
      },
    },
    async (request, reply) => {
      const { project, host } = request.params
      await deleteHost(kernel, { project, id: host, by: callerOf(request), request: request.id })
      return reply.code(204).send(null)
    },
  )
}

function refuseTwins(metadata: readonly { readonly key: string }[]): void {
  const keys = metadata.map(item => item.key)
  const twin = keys.find((key, at) => keys.indexOf(key) !== at)
  if (twin !== undefined) throw problem('bad-request', `the label ${twin} stands there twice`)
}

const Why = Type.Object({ note: Type.String({ minLength: 1, maxLength: 500 }) }, { additionalProperties: false })

function standingRoutes(http: Http, kernel: Kernel): void {
  http.put(
    '/v1/projects/:project/compute/hosts/:host/invalidate',
    {
      config: { access: 'host.destroy' },
      schema: {
        tags: ['hosts'],
        summary: 'Revoke a host: its certificates are refused from now on',
        params: OfHost,
        body: Why,
        response: { 200: HostResource, ...failures },
      },
    },
    async request => {
      const { project, host } = request.params
      await revokeHost(kernel, {
        project,
        id: host,
        by: callerOf(request),
        request: request.id,
        reason: request.body.note,
      })
      return oneHost(kernel, await getHost(kernel.store, project, host))
    },
  )
  http.put(
    '/v1/projects/:project/compute/hosts/:host/release',
    {
      config: { access: 'host.destroy' },
      schema: {
        tags: ['hosts'],
        summary: 'Let a quarantined host back in',
        params: OfHost,
        body: Why,
        response: { 200: HostResource, ...failures },
      },
    },
    async request => {
      const { project, host } = request.params
      await releaseHost(kernel, {
        project,
        id: host,
        by: callerOf(request),
        request: request.id,
        reason: request.body.note,
      })
      return oneHost(kernel, await getHost(kernel.store, project, host))
    },
  )
}

async function oneHost(kernel: Kernel, host: Host): Promise<HostResource> {
  const [resource] = await hostResources(kernel, host.project, [host])
  if (resource === undefined) throw problem('route-unknown') // one host in, one resource out
  return resource
}

type Recorded = { tx: Parameters<Kernel['audit']['append']>[0]; host: Host; action: string; detail: object }

async function recordHost(
  kernel: Kernel,
  request: FastifyRequest,
  { tx, host, action, detail }: Recorded,
): Promise<void> {
  await kernel.audit.append(tx, {
    chain: projectChain(host.project),
    principal: callerOf(request),
    action,
    target: host.id,
    outcome: 'done',
    request: request.id,
    detail: JSON.parse(JSON.stringify(detail)),
  })
}
