// SPDX-License-Identifier: Apache-2.0
/** Making, replacing, changing and deleting hosts. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type Json, problem } from '../../../plugins/contract/index.ts'
import { projectChain } from '../../kernel/audit.ts'
import { changeHost, getHost, type Host } from '../../kernel/hosts.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { deleteHost, registerHost } from '../../kernel/lifecycle.ts'
import { applyFields } from '../../kernel/patching.ts'
import type { Tx } from '../../store/store.ts'
import { refuseGain } from '../gain.ts'
import { callerOf } from '../guard.ts'
import { hostBody, maskedMembers, Note, refuseTwins, type Wish, wholeWish, wishOf } from '../host-bodies.ts'
import { HostMatch, refuseStale, tagOf } from '../host-tag.ts'
import { HostResource, hostResource } from '../hosts.ts'
import type { Http } from '../http.ts'
import { once } from '../idempotency.ts'
import { dropNulls } from '../nulls.ts'
import { failures, InProject, OfHost } from '../schemas.ts'

export function hostChangeRoutes(http: Http, kernel: Kernel): void {
  createRoute(http, kernel)
  putRoute(http, kernel)
  patchRoute(http, kernel)
  deleteRoute(http, kernel)
}

const answers = { 200: HostResource, ...failures }
const bodyOf = (request: FastifyRequest) => request.body as Readonly<Record<string, Json>> // checked by the route's schema

function createRoute(http: Http, kernel: Kernel): void {
  http.post(
    '/v1/projects/:project/compute/hosts',
    {
      config: { access: 'host.admit' },
      preValidation: dropNulls,
      schema: {
        tags: ['hosts'],
        summary: 'Make a host whose machine may come in with a join token',
        params: InProject,
        body: hostBody(kernel, true),
        response: answers,
      },
    },
    async request => {
      const { project } = request.params
      const wish = wishOf(bodyOf(request), kernel.patches)
      const { body: made } = await once(kernel, request, async tx => {
        const host = await registerHost(kernel, tx, {
          project,
          name: wish.name ?? '',
          uuid: wish.uuid,
          serial: undefined,
          labels: [],
          autoOnboard: true,
          by: callerOf(request),
          request: request.id,
          complete: fresh => change(kernel, tx, { host: fresh, wish, request }),
        })
        return { status: 200, body: { id: host.id } }
      })
      // A repeated request is answered with what the host is now.
      return hostResource(kernel, await getHost(kernel.store, project, made.id))
    },
  )
}

function putRoute(http: Http, kernel: Kernel): void {
  http.put(
    '/v1/projects/:project/compute/hosts/:host',
    {
      config: { access: 'host.label' },
      preValidation: dropNulls,
      schema: {
        tags: ['hosts'],
        summary: 'Replace what may be written of a host',
        params: OfHost,
        headers: HostMatch,
        body: hostBody(kernel, true),
        response: answers,
      },
    },
    async (request, reply) => {
      const wish = wholeWish(bodyOf(request), kernel.patches)
      return changed(kernel, { request, reply }, await withoutEchoes(kernel, request, wish))
    },
  )
}

const Mask = Type.Object(
  { fieldMask: Type.Optional(Type.String({ maxLength: 2_000, description: 'Members to change; those of the body' })) },
  { additionalProperties: false },
)

function patchRoute(http: Http, kernel: Kernel): void {
  const body = hostBody(kernel, false)
  const known = new Set(Object.keys(body.properties))
  http.patch(
    '/v1/projects/:project/compute/hosts/:host',
    {
      config: { access: 'host.label' },
      preValidation: dropNulls,
      schema: {
        tags: ['hosts'],
        summary: 'Change some members of a host',
        params: OfHost,
        headers: HostMatch,
        querystring: Mask,
        body,
        response: answers,
      },
    },
    async (request, reply) => {
      const { fieldMask = '' } = request.query
      const given = fieldMask.trim() === '' ? undefined : maskedMembers(fieldMask, known)
      const wish = wishOf(bodyOf(request), kernel.patches, given ?? namedIn(bodyOf(request)))
      const sentBack = given === undefined && 'resourceId' in bodyOf(request)
      const fresh = sentBack ? await withoutEchoes(kernel, request, wish) : wish
      return changed(kernel, { request, reply }, fresh)
    },
  )
}

/** EIM's clients cannot leave the name out: an empty one says nothing of it. */
function namedIn(body: Readonly<Record<string, Json>>): readonly string[] {
  return Object.keys(body).filter(member => member !== 'name' || body.name !== '')
}

/** Orders that only repeat what was read are no new orders: who sends a whole host back does not mean to reset it again. */
async function withoutEchoes(kernel: Kernel, request: FastifyRequest, wish: Wish): Promise<Wish> {
  const { project, host: id } = request.params as OfOne // checked by the route's schema
  const shown: Readonly<Record<string, unknown>> = await hostResource(kernel, await getHost(kernel.store, project, id))
  const fields = Object.entries(wish.fields).filter(([name, value]) => shown[name] !== value)
  return { ...wish, fields: Object.fromEntries(fields) }
}

type OfOne = { readonly project: string; readonly host: string }

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply }

async function changed(kernel: Kernel, { request, reply }: Exchange, wish: Wish): Promise<HostResource> {
  const { project, host: id } = request.params as OfOne // checked by the route's schema
  const isEmpty = Object.keys(wish).length === 1 && Object.keys(wish.fields).length === 0
  await kernel.store.change(async tx => {
    const host = await getHost(tx, project, id)
    refuseStale(kernel, host, request.headers['if-match'])
    if (isEmpty) return
    refuseOtherUuid(host, wish)
    await change(kernel, tx, { host, wish, request })
    const by = callerOf(request)
    refuseGain(by, host, await getHost(tx, project, id))
    await kernel.events.emit(tx, { project, type: 'host.changed', subject: id, data: { by: by.name } })
    await kernel.audit.append(tx, {
      chain: projectChain(project),
      principal: by,
      action: 'host.change',
      target: id,
      outcome: 'done',
      request: request.id,
      detail: JSON.parse(JSON.stringify({ ...wish, ...wish.fields, fields: undefined })),
    })
  })
  const host = await getHost(kernel.store, project, id)
  reply.header('etag', tagOf(kernel, host))
  return hostResource(kernel, host)
}

/** RFC 9562 identifiers are compared without regard to case. */
function refuseOtherUuid(host: Host, { uuid }: Wish): void {
  if (uuid === undefined || uuid.toLowerCase() === host.uuid) return
  const message = 'the UUID of a host cannot be changed'
  throw problem('invalid', `/body/uuid ${message}`, { findings: [{ pointer: '/body/uuid', message }] })
}

type Change = { readonly host: Host; readonly wish: Wish; readonly request: FastifyRequest }

async function change(kernel: Kernel, tx: Tx, { host, wish, request }: Change): Promise<void> {
  const { name, note, metadata, fields } = wish
  refuseTwins(metadata ?? [])
  await applyFields(kernel, tx, { host, fields, by: callerOf(request) })
  const labels = metadata?.map(({ key, value }) => ({ key, value }))
  await changeHost(tx, host, { name, note, labels, clock: kernel.clock })
}

const Deletion = Type.Object(
  { force: Type.Optional(Type.Boolean({ description: 'Without waiting for what still holds it' })) },
  { additionalProperties: false },
)
const DeletionBody = Type.Union([
  Type.Null(),
  Type.Object({ note: Type.Optional(Note) }, { additionalProperties: false }),
])

function deleteRoute(http: Http, kernel: Kernel): void {
  http.delete(
    '/v1/projects/:project/compute/hosts/:host',
    {
      config: { access: 'host.destroy' },
      schema: {
        tags: ['hosts'],
        summary: 'Retire a host: revoke it, and forget what it reported once nothing holds it',
        params: OfHost,
        headers: HostMatch,
        querystring: Deletion,
        body: DeletionBody,
        response: { 200: Type.Object({}), ...failures },
      },
    },
    async request => {
      const { project, host } = request.params
      const note = request.body?.note
      refuseStale(kernel, await getHost(kernel.store, project, host), request.headers['if-match'])
      await deleteHost(kernel, {
        project,
        id: host,
        by: callerOf(request),
        request: request.id,
        force: request.query.force === true,
        ...(note === undefined || note === '' ? {} : { reason: note }),
      })
      return {}
    },
  )
}
