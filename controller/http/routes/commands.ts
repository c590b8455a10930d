// SPDX-License-Identifier: Apache-2.0
/** Commands: do it once, now or when the host is back before the deadline. */
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { check, type Json, SECOND } from '../../../plugins/contract/index.ts'
import { projectChain } from '../../kernel/audit.ts'
import {
  addCommand,
  type Command,
  cancelCommand,
  getCommand,
  hostOfCommand,
  listCommands,
} from '../../kernel/commands.ts'
import { getHost } from '../../kernel/hosts.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { type Principal, permissionFor } from '../../kernel/permissions.ts'
import { problem } from '../../kernel/problems.ts'
import { reachSql } from '../../kernel/reach.ts'
import { callerOf, requirePermission } from '../guard.ts'
import type { Http, RoutePlace } from '../http.ts'
import { once } from '../idempotency.ts'
import {
  Command as CommandResource,
  failures,
  HostIdText,
  OfHost,
  ProjectName,
  SectionName,
  UlidText,
} from '../schemas.ts'

const NewCommand = Type.Object(
  {
    section: SectionName,
    name: SectionName,
    input: Type.Optional(Type.Unknown()),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
    expiresInMs: Type.Optional(Type.Integer({ minimum: SECOND, maximum: 30 * 86_400_000 })),
  },
  { additionalProperties: false },
)
type NewCommand = Static<typeof NewCommand>

const OfCommand = Type.Object({ project: ProjectName, command: UlidText })
const Query = Type.Object(
  {
    host: Type.Optional(HostIdText),
    state: Type.Optional(Type.Enum(['queued', 'sent', 'succeeded', 'failed', 'refused', 'expired', 'cancelled'])),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    cursor: Type.Optional(UlidText),
  },
  { additionalProperties: false },
)
const List = Type.Object({ commands: Type.Array(CommandResource), nextCursor: Type.Optional(UlidText) })
const Wait = Type.Object(
  { waitMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 25_000 })) },
  { additionalProperties: false },
)

export function commandRoutes(http: Http, kernel: Kernel): void {
  createRoute(http, kernel)
  readRoutes(http, kernel)
  cancelRoute(http, kernel)
}

function createRoute(http: Http, kernel: Kernel): void {
  http.post(
    '/v1/projects/:project/compute/hosts/:host/commands',
    {
      // The command's own class asks for more, below.
      config: { access: 'host.read' },
      schema: {
        tags: ['commands'],
        summary: 'Send a command to a host',
        params: OfHost,
        body: NewCommand,
        response: { 202: CommandResource, ...failures },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const by = callerOf(request)
      const { riskClass, ttlMs } = judge(kernel, by, body)
      const { status, body: command } = await once(kernel, request, async tx => {
        const host = await getHost(tx, params.project, params.host)
        if (host.state === 'untrusted') throw problem('host-revoked')
        const fresh = await addCommand(tx, params.project, {
          ...kernel,
          host: params.host,
          section: body.section,
          name: body.name,
          input: (body.input ?? {}) as Json, // parsed from JSON
          principal: `${by.kind}:${by.name}`.slice(0, 200),
          reason: body.reason,
          expiresInMs: body.expiresInMs ?? ttlMs,
        })
        await recordCommand(kernel, {
          tx,
          command: fresh,
          by,
          request: request.id,
          action: 'command.create',
          riskClass,
        })
        return { status: 202, body: resourceOf(fresh) }
      })
      await kernel.dispatch.commands({ project: params.project, host: params.host }, 'queued')
      return reply
        .code(status as 202)
        .header('location', `/v1/projects/${params.project}/commands/${command.id}`)
        .send(command)
    },
  )
}

/** Whether this caller may send this command, and how long it lives by default. */
function judge(kernel: Kernel, by: Principal, body: NewCommand): { riskClass: number; ttlMs: number } {
  const type = kernel.sections.command(body.section, body.name)
  if (type.internal === true) throw problem('not-allowed', 'only parts of the controller give this command')
  requirePermission(by, permissionFor(type.class))
  if (type.class >= 2 && body.reason === undefined) throw problem('reason-missing', `${body.section} ${body.name}`)
  check(type.input, body.input ?? {}, `input of ${body.section} ${body.name}`)
  return { riskClass: type.class, ttlMs: type.ttlMs }
}

function readRoutes(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/projects/:project/commands',
    {
      config: { access: 'host.read', narrows: true },
      schema: {
        tags: ['commands'],
        summary: 'List commands, newest first',
        params: Type.Object({ project: ProjectName }),
        querystring: Query,
        response: { 200: List, ...failures },
      },
    },
    async request => {
      const { params, query } = request
      const limit = query.limit ?? 50
      const { project } = params
      const found = await listCommands(kernel.store, params.project, {
        ...query,
        limit: limit + 1,
        before: query.cursor,
        host: query.host,
        state: query.state,
        reach: reachSql(callerOf(request), { project, permission: 'host.read', column: 'kernel_commands.host' }),
      })
      const page = found.slice(0, limit)
      const last = page.at(-1)
      return {
        commands: page.map(resourceOf),
        ...(found.length > limit && last !== undefined ? { nextCursor: last.id } : {}),
      }
    },
  )
  http.get(
    '/v1/projects/:project/commands/:command',
    {
      config: { access: 'host.read', place: request => placeOf(kernel, request) },
      schema: {
        tags: ['commands'],
        summary: 'Read a command, waiting for its end if asked',
        params: OfCommand,
        querystring: Wait,
        response: { 200: CommandResource, ...failures },
      },
    },
    async ({ params, query }) => resourceOf(await awaitCommand(kernel, params, query.waitMs ?? 0)),
  )
}

/** A command acts where its host is. */
async function placeOf(kernel: Kernel, { params }: FastifyRequest): Promise<RoutePlace> {
  const { project, command } = params as { project: string; command: string } // the path has both
  return {
    project,
    host: () => hostOfCommand(kernel.store, project, command),
    absent: problem('not-found', `command ${command.slice(0, 40)}`),
  }
}

function isFinished(command: Command): boolean {
  return command.state !== 'queued' && command.state !== 'sent'
}

async function awaitCommand(
  kernel: Kernel,
  params: { project: string; command: string },
  waitMs: number,
): Promise<Command> {
  let stopWatching = (): void => {}
  let stopWaiting = (): void => {}
  // The watch begins before the look, so that an end in between is not missed.
  const ended = new Promise<void>(resolve => {
    stopWatching = kernel.events.watch(event => {
      if (event.type === 'command.finished' && event.subject === params.command) resolve()
    })
    stopWaiting = kernel.clock.after(waitMs, resolve)
  })
  try {
    const present = await getCommand(kernel.store, params.project, params.command)
    if (isFinished(present) || waitMs === 0) return present
    await ended
    return await getCommand(kernel.store, params.project, params.command)
  } finally {
    stopWatching()
    stopWaiting()
  }
}

function cancelRoute(http: Http, kernel: Kernel): void {
  http.post(
    '/v1/projects/:project/commands/:command/cancel',
    {
      config: { access: 'host.operate', place: request => placeOf(kernel, request) },
      schema: {
        tags: ['commands'],
        summary: 'Cancel a command that still waits',
        params: OfCommand,
        response: { 200: CommandResource, ...failures },
      },
    },
    async request => {
      const { project, command: id } = request.params
      const command = await kernel.store.change(async tx => {
        const cancelled = await cancelCommand(tx, project, id, kernel.clock.now())
        await recordCommand(kernel, {
          tx,
          command: cancelled,
          by: callerOf(request),
          request: request.id,
          action: 'command.cancel',
        })
        return cancelled
      })
      return resourceOf(command)
    },
  )
}

type Recorded = {
  tx: Parameters<Kernel['audit']['append']>[0]
  command: Command
  by: Principal
  request: string
  action: 'command.create' | 'command.cancel'
  riskClass?: number
}

async function recordCommand(kernel: Kernel, { tx, command, by, request, action, riskClass }: Recorded): Promise<void> {
  const { project, id, host, section, name, state, reason } = command
  const type = action === 'command.create' ? 'command.created' : 'command.finished'
  await kernel.events.emit(tx, { project, type, subject: id, data: { host, section, name, state, by: by.name } })
  await kernel.audit.append(tx, {
    chain: projectChain(project),
    principal: by,
    action,
    target: `${host}/${section}/${name}`,
    outcome: 'done',
    request,
    reason,
    detail: { command: id, ...(riskClass === undefined ? {} : { class: riskClass }) },
  })
}

function resourceOf({ project: _, sequence: __, ...shown }: Command): Static<typeof CommandResource> {
  return shown as Static<typeof CommandResource> // ids were made by us in these shapes
}
