// SPDX-License-Identifier: Apache-2.0
/** Routes over redirection sessions and images. */

import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { formatTime, SECOND } from '../../../../plugins/contract/index.ts'
import { callerOf } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { failures, InProject, Time, UlidText } from '../../../http/schemas.ts'
import type { Principal } from '../../../kernel/permissions.ts'
import { problem as kernelProblem } from '../../../kernel/problems.ts'
import { mayReach } from '../devices/place.ts'
import { grantRoutes } from './grant-routes.ts'
import type { Seat } from './live.ts'
import { problem } from './problems.ts'
import type { ServingParts } from './redirection.ts'
import type { Servings } from './serving.ts'
import { isRecorded, longestOf } from './session.ts'

export type RouteParts = ServingParts & { readonly servings: Servings }

const GUID = '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$'
const OfSession = Type.Object({ ...InProject.properties, id: UlidText })
const Session = Type.Object({
  id: UlidText,
  device: Type.String(),
  mode: Type.String({ description: 'kvm, sol or ider; unknown until the client has said' }),
  kind: Type.Enum(['relay', 'terminal', 'image']),
  by: Type.String(),
  since: Time,
  received: Type.Integer(),
  sent: Type.Integer(),
  endsAt: Type.String({ description: 'When it ends at the latest: RFC 3339, UTC' }),
  recorded: Type.Boolean({ description: 'Whether what it shows is recorded' }),
})
const Ended = Type.Object({ by: Type.Enum(['browser', 'device', 'controller']), why: Type.String() })
const Serving = Type.Object({
  id: UlidText,
  project: Type.String(),
  device: Type.String(),
  image: Type.String(),
  drive: Type.Enum(['cd', 'floppy']),
  size: Type.Integer(),
  since: Time,
  by: Type.String(),
  state: Type.Enum(['serving', 'ended']),
  ended: Type.Optional(Ended),
  enabled: Type.Boolean(),
  bytesRead: Type.Integer(),
  commands: Type.Integer(),
  furthest: Type.Integer(),
})
const Order = Type.Object(
  {
    device: Type.String({ pattern: GUID }),
    image: Type.String({ minLength: 1, maxLength: 255 }),
    drive: Type.Optional(Type.Enum(['cd', 'floppy'])),
    start: Type.Optional(Type.Enum(['reboot', 'graceful', 'now'])),
  },
  { additionalProperties: false },
)

export function redirectionRoutes(http: Http, parts: RouteParts): void {
  sessionRoutes(http, parts)
  grantRoutes(http, parts)
  imageRoutes(http, parts)
  servingRoutes(http, parts)
}

function sessionRoutes(http: Http, parts: RouteParts): void {
  const { live } = parts
  http.get(
    '/v1/projects/:project/oob/redirections',
    {
      config: { access: 'host.read', narrows: true },
      schema: {
        ...about('Redirection sessions that live'),
        params: InProject,
        response: { 200: Type.Object({ redirections: Type.Array(Session) }), ...failures },
      },
    },
    async request => {
      const seen: Seat[] = []
      for (const seat of live.all(request.params.project)) if (await sees(parts, request, seat)) seen.push(seat)
      return { redirections: seen.map(seat => sessionOf(parts, seat)) }
    },
  )
  http.delete(
    '/v1/projects/:project/oob/redirections/:id',
    {
      config: { access: 'signed-in' },
      schema: { ...about('End a redirection session'), params: OfSession, response: { 204: Type.Null(), ...failures } },
    },
    async (request, reply) => {
      const { project, id } = request.params
      const seat = live.all(project).find(each => each.id === id)
      const caller = callerOf(request)
      if (seat === undefined || !(caller.id === seat.principal.id || (await sees(parts, request, seat))))
        throw problem('redirection-unknown', id)
      await mayEnd(parts, caller, seat)
      seat.end({ by: 'controller', why: `operator: ${caller.name}` })
      await seat.gone
      return reply.code(204).send(null)
    },
  )
}

/** Whether the caller may know of a device's sessions. */
function sees({ kernel }: RouteParts, request: FastifyRequest, { project, guid }: Pick<Seat, 'project' | 'guid'>) {
  return mayReach({ kernel }, callerOf(request), { project, guid, permission: 'host.read' })
}

/** Whoever opened it may end it; others need the permission to open one. */
async function mayEnd({ kernel }: RouteParts, caller: Principal, { principal, project, guid }: Seat): Promise<void> {
  if (caller.id === principal.id) return
  if (await mayReach({ kernel }, caller, { project, guid, permission: 'host.access' })) return
  throw kernelProblem('not-allowed', 'it needs host.access', { permission: 'host.access' })
}

function sessionOf({ rules }: RouteParts, seat: Seat) {
  const { id, guid, mode, kind, principal, since, bytes } = seat
  return {
    id,
    device: guid,
    mode: mode ?? 'unknown',
    kind,
    by: principal.name,
    since: formatTime(since),
    received: bytes.received,
    sent: bytes.sent,
    endsAt: formatTime(since + longestOf(rules, seat)),
    recorded: isRecorded(rules, seat),
  }
}

function imageRoutes(http: Http, { images }: RouteParts): void {
  const Image = Type.Object({ name: Type.String(), size: Type.Integer() })
  http.get(
    '/v1/projects/:project/oob/images',
    {
      config: { access: 'host.read' },
      schema: {
        ...about('Images that can be served to machines'),
        params: InProject,
        response: { 200: Type.Object({ images: Type.Array(Image) }), ...failures },
      },
    },
    async () => ({ images: (await images.list()).map(({ name, size }) => ({ name, size })) }),
  )
}

const STARTING_MS = 40 * SECOND

function servingRoutes(http: Http, { servings, live, devices, kernel }: RouteParts): void {
  http.post(
    '/v1/projects/:project/oob/ider',
    {
      config: { access: 'host.access' },
      schema: {
        ...about('Serve an image to a machine as its CD or floppy'),
        params: InProject,
        body: Order,
        response: { 201: Serving, ...failures },
      },
    },
    async (request, reply) => {
      const { project } = request.params
      const { start = 'reboot', image, drive } = request.body
      const device = request.body.device.toLowerCase()
      await devices.find(kernel.store, project, device).then(found => {
        if (found === undefined) throw kernelProblem('not-found', `device ${device}`)
      })
      const late = new AbortController()
      const forget = kernel.clock.after(STARTING_MS, () => late.abort(problem('redirection-refused', 'no answer')))
      const order = { project, device, image, drive, start, principal: callerOf(request) } as const
      const serving = await servings.start(order, late.signal).finally(forget)
      return reply.code(201).send(serving)
    },
  )
  http.get(
    '/v1/projects/:project/oob/ider',
    {
      config: { access: 'host.read' },
      schema: {
        ...about('Images being served, and those served last'),
        params: InProject,
        response: { 200: Type.Object({ servings: Type.Array(Serving) }), ...failures },
      },
    },
    async ({ params }) => ({ servings: [...servings.list(params.project)] }),
  )
  http.get(
    '/v1/projects/:project/oob/ider/:id',
    {
      config: { access: 'host.read' },
      schema: {
        ...about('How far a machine has read an image'),
        params: OfSession,
        response: { 200: Serving, ...failures },
      },
    },
    async ({ params }) => {
      const found = servings.find(params.project, params.id)
      if (found === undefined) throw problem('redirection-unknown', params.id)
      return found
    },
  )
  http.delete(
    '/v1/projects/:project/oob/ider/:id',
    {
      config: { access: 'host.access' },
      schema: { ...about('Take the image away'), params: OfSession, response: { 204: Type.Null(), ...failures } },
    },
    async (request, reply) => {
      const { project, id } = request.params
      const seat = live.all(project).find(each => each.id === id && each.kind === 'image')
      if (seat === undefined) throw problem('redirection-unknown', id)
      seat.end({ by: 'controller', why: `operator: ${callerOf(request).name}` })
      await seat.gone
      return reply.code(204).send(null)
    },
  )
}

function about(summary: string) {
  return { tags: ['out-of-band'], summary }
}
