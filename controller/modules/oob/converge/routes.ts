// SPDX-License-Identifier: Apache-2.0
/** Orders and their state: activation, power, and how each machine is. */
import { Type } from 'typebox'
import { callerOf, requirePermission } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { failures, HostIdText, InProject, OfHost, ProjectName, Time, UlidText } from '../../../http/schemas.ts'
import { getHost } from '../../../kernel/hosts.ts'
import { problem as kernelProblem } from '../../../kernel/problems.ts'
import { reachSql } from '../../../kernel/reach.ts'
import { devicesWithin, placeOfDevices } from '../devices/place.ts'
import type { DoorParts } from './door.ts'
import { findIntent, orderAmt } from './intents.ts'
import { statusPage } from './status.ts'
import { VERDICTS } from './verdict.ts'
import { POWER_ACTIONS } from './words.ts'

const Guid = Type.String({ pattern: '^[0-9A-Fa-f-]{36}$', description: 'GUID of the device' })
const OfDevice = Type.Object({ project: ProjectName, guid: Guid })
const Reason = Type.Optional(Type.String({ minLength: 1, maxLength: 500 }))

const Line = Type.Object({
  host: Type.Optional(HostIdText),
  name: Type.String(),
  guid: Type.Optional(Type.String()),
  sku: Type.String(),
  why: Type.String({ description: 'Why it is, or is not, manageable out of band' }),
  version: Type.Optional(Type.String()),
  controlMode: Type.String(),
  connected: Type.Boolean(),
  since: Type.Optional(Time),
  address: Type.Optional(Type.String()),
  powerState: Type.String(),
  power: Type.Optional(Type.Integer()),
  powerReadAt: Type.Optional(Time),
  wanted: Type.Optional(Type.String()),
  attempt: Type.Optional(Type.Integer()),
  status: Type.String(),
  indicator: Type.String(),
  verdict: Type.Enum([...VERDICTS]),
  evidence: Type.String(),
  advice: Type.String(),
})

const Page = Type.Object(
  {
    cursor: Type.Optional(Type.String({ maxLength: 64 })),
    pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    host: Type.Optional(HostIdText),
    guid: Type.Optional(Guid),
  },
  { additionalProperties: false },
)

const Activation = Type.Object(
  {
    state: Type.Enum(['provisioned', 'unprovisioned']),
    mode: Type.Optional(Type.Enum(['acm', 'ccm'])),
    profile: Type.Optional(
      Type.String({ minLength: 1, maxLength: 128, description: 'Activates with this one, whatever the policy says' }),
    ),
    dnsSuffix: Type.Optional(Type.String({ maxLength: 255 })),
    reason: Reason,
  },
  { additionalProperties: false },
)
const Intent = Type.Object({
  host: HostIdText,
  wanted: Type.String(),
  mode: Type.Optional(Type.String()),
  profile: Type.Optional(Type.String()),
  attempt: Type.Integer(),
  status: Type.String(),
  indicator: Type.String(),
})

const PowerBody = Type.Object(
  {
    action: Type.Enum([...POWER_ACTIONS]),
    policy: Type.Optional(Type.Enum(['immediate', 'ordered'])),
    expiresInMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 7 * 86_400_000 })),
    reason: Reason,
  },
  { additionalProperties: false },
)
const Order = Type.Object({
  id: UlidText,
  guid: Type.String(),
  action: Type.String(),
  policy: Type.String(),
  state: Type.Enum(['open', 'done', 'failed', 'replaced']),
  says: Type.String(),
  tries: Type.Integer(),
  createdAt: Time,
  expiresAt: Time,
  finishedAt: Type.Optional(Time),
})

export function convergeRoutes(http: Http, parts: DoorParts): void {
  statusRoute(http, parts)
  activationRoute(http, parts)
  powerRoutes(http, parts)
}

function statusRoute(http: Http, parts: DoorParts): void {
  http.get(
    '/v1/projects/:project/oob/status',
    {
      config: { access: 'host.read', busy: true, narrows: true },
      schema: {
        tags: ['out-of-band'],
        summary: 'How each machine is, as agent, tunnel and power tell it',
        params: InProject,
        querystring: Page,
        response: {
          200: Type.Object({ lines: Type.Array(Line), nextCursor: Type.Optional(Type.String()) }),
          ...failures,
        },
      },
    },
    async request => {
      const { params, query } = request
      const hosts = { project: params.project, permission: 'host.read', column: 'oob_detections.host' } as const
      const { lines, ...more } = await statusPage(parts, params.project, {
        within: { hosts: reachSql(callerOf(request), hosts), devices: devicesWithin(request, 'oob_devices.guid') },
        cursor: query.cursor,
        limit: query.pageSize ?? 100,
        host: query.host,
        guid: query.guid?.toLowerCase(),
      })
      return { lines: [...lines], ...more }
    },
  )
}

function activationRoute(http: Http, parts: DoorParts): void {
  http.post(
    '/v1/projects/:project/oob/hosts/:host/activation',
    {
      config: { access: 'host.change' },
      schema: {
        tags: ['out-of-band'],
        summary: 'Order that a host is activated, or deactivated',
        params: OfHost,
        body: Activation,
        response: { 202: Intent, ...failures },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const by = callerOf(request)
      if (body.state === 'unprovisioned') requirePermission(by, 'host.destroy')
      const row = await parts.kernel.store.change(async tx => {
        await getHost(tx, params.project, params.host)
        const order = { project: params.project, host: params.host, amt: body.state, by } as const
        const { mode, profile, dnsSuffix, reason } = body
        if (mode !== undefined && profile !== undefined)
          throw kernelProblem('conflict', 'a profile says the mode; give one of both')
        const made = await orderAmt(parts, tx, { ...order, mode, profile, dnsSuffix, reason })
        tx.afterCommit(() => parts.amt.wake(params.project, params.host))
        return made
      })
      return reply.code(202).send(intentOf(row))
    },
  )
  http.get(
    '/v1/projects/:project/oob/hosts/:host/activation',
    {
      config: { access: 'host.read', busy: true },
      schema: {
        tags: ['out-of-band'],
        summary: 'What was ordered of a host, and what became of it',
        params: OfHost,
        response: { 200: Intent, ...failures },
      },
    },
    async ({ params }) => {
      const row = await findIntent(parts.kernel.store, params.project, params.host)
      if (row === undefined) throw kernelProblem('not-found', `an order for ${params.host}`)
      return intentOf(row)
    },
  )
}

type Stored = NonNullable<Awaited<ReturnType<typeof findIntent>>>

function intentOf({ host, amt, mode, profile, attempt, status, indicator }: Stored) {
  return {
    host,
    wanted: amt ?? 'nothing',
    ...(mode === null ? {} : { mode }),
    ...(profile === null ? {} : { profile }),
    attempt,
    status,
    indicator,
  }
}

function powerRoutes(http: Http, parts: DoorParts): void {
  const { kernel, devices, power } = parts
  http.post(
    '/v1/projects/:project/oob/devices/:guid/power',
    {
      config: { access: 'host.operate', busy: true },
      schema: {
        tags: ['out-of-band'],
        summary: 'Order a power act; it is kept until it was carried out and read back',
        params: OfDevice,
        body: PowerBody,
        response: { 202: Order, ...failures },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const { project } = params
      const by = callerOf(request)
      if (body.action !== 'on' && body.action !== 'off') requirePermission(by, 'host.access')
      const id = await kernel.store.change(async tx => {
        const { guid } = await devices.get(tx, project, params.guid.toLowerCase())
        const { action, policy = 'ordered', reason, expiresInMs: lifeMs } = body
        return power.order(tx, { project, guid, action, policy, by, reason, lifeMs })
      })
      return reply.code(202).send(await orderNamed(parts, project, id))
    },
  )
  http.get(
    '/v1/projects/:project/oob/power/:id',
    {
      config: {
        access: 'host.read',
        busy: true,
        place: placeOfDevices(
          { kernel },
          ({ project, id }) => power.find(kernel.store, project, id),
          id => kernelProblem('not-found', `power order ${id}`),
        ),
      },
      schema: {
        tags: ['out-of-band'],
        summary: 'What became of a power order',
        params: Type.Object({ project: ProjectName, id: UlidText }),
        response: { 200: Order, ...failures },
      },
    },
    ({ params }) => orderNamed(parts, params.project, params.id),
  )
}

async function orderNamed({ kernel, power }: DoorParts, project: string, id: string) {
  const row = await power.find(kernel.store, project, id)
  if (row === undefined) throw kernelProblem('not-found', `power order ${id}`)
  return {
    id: row.id,
    guid: row.guid,
    action: row.action,
    policy: row.policy,
    state: row.state,
    says: row.says,
    tries: row.tries,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at }),
  }
}
