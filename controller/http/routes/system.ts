// SPDX-License-Identifier: Apache-2.0
/** The installation: what it is, what it holds, its backup and its restore. */
import { createReadStream } from 'node:fs'
import { stat, unlink } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { formatTime, type Json } from '../../../plugins/contract/index.ts'
import { INSTALLATION_CHAIN } from '../../kernel/audit.ts'
import { countHosts } from '../../kernel/hosts.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Principal } from '../../kernel/permissions.ts'
import { writeSetting } from '../../kernel/settings.ts'
import { callerOf } from '../guard.ts'
import type { Http } from '../http.ts'
import { failures } from '../schemas.ts'

export type ModuleLine = {
  readonly name: string
  readonly version: string
  readonly title: string
  readonly enabled: boolean
}

/** What the program around the kernel can do for the system routes. */
export interface SystemActs {
  readonly version: string
  readonly startedAt: number
  readonly modules: readonly ModuleLine[]
  /** A path inside the data folder for a passing file. */
  scratch(name: string): string
  /** Checks an uploaded backup and puts it in place; the controller then restarts itself on it. */
  restore(file: string, upload: Readable): Promise<{ readonly takenAt: string }>
}

const Count = Type.Integer({ minimum: 0 })
const System = Type.Object({
  version: Type.String(),
  installation: Type.String(),
  epoch: Count,
  now: Type.String(),
  uptimeMs: Count,
  hosts: Type.Object({ total: Count, online: Count }),
  modules: Type.Array(
    Type.Object({ name: Type.String(), version: Type.String(), title: Type.String(), enabled: Type.Boolean() }),
  ),
  sections: Type.Array(Type.String()),
  bus: Type.Object({
    port: Count,
    connections: Count,
    halfOpen: Count,
    messagesIn: Count,
    messagesOut: Count,
    refused: Type.Record(Type.String(), Count),
  }),
  store: Type.Object({ sizeBytes: Count }),
  memory: Type.Object({ rssBytes: Count }),
})

export function systemRoutes(http: Http, kernel: Kernel, acts: SystemActs): void {
  http.get(
    '/v1/system',
    {
      config: { access: 'system.read' },
      schema: { tags: ['system'], summary: 'What runs here and how it is', response: { 200: System, ...failures } },
    },
    async () => {
      const { connections, halfOpen, messagesIn, messagesOut, refused } = kernel.bus.counts()
      const dropped = Object.fromEntries(kernel.refusals)
      return {
        version: acts.version,
        installation: kernel.settings.installation,
        epoch: kernel.settings.epoch,
        now: formatTime(kernel.clock.now()),
        uptimeMs: Math.round(kernel.clock.monotonic() - acts.startedAt),
        hosts: { total: await countHosts(kernel.store), online: connections },
        modules: acts.modules.map(line => ({ ...line })),
        sections: [...kernel.sections.names],
        bus: {
          port: kernel.bus.port,
          connections,
          halfOpen,
          messagesIn,
          messagesOut,
          refused: { ...refused, ...dropped },
        },
        store: { sizeBytes: kernel.store.sizeBytes() },
        memory: { rssBytes: process.memoryUsage.rss() },
      }
    },
  )
  backupRoute(http, kernel, acts)
  restoreRoute(http, kernel, acts)
}

function backupRoute(http: Http, kernel: Kernel, acts: SystemActs): void {
  http.get(
    '/v1/system/backup',
    {
      config: { access: 'system.write' },
      schema: {
        tags: ['system'],
        summary: 'A consistent copy of the database, taken while it is in use',
        response: { 200: Type.String(), ...failures },
      },
    },
    async (request, reply) => {
      const file = acts.scratch(`backup-${request.id}.db`)
      await record(kernel, { by: callerOf(request), action: 'system.backup', request: request.id, detail: {} })
      // The copy carries the moment it was taken; a restore needs it.
      await writeSetting(kernel.store, 'backup-taken', formatTime(kernel.clock.now()))
      await kernel.store.backup(file)
      const { size } = await stat(file)
      const content = createReadStream(file)
      content.on('close', () => void unlink(file).catch(() => undefined))
      const day = formatTime(kernel.clock.now()).slice(0, 10)
      reply.header('content-type', 'application/octet-stream').header('content-length', size)
      reply.header('content-disposition', `attachment; filename="muster-${day}.db"`)
      return reply.send(content as unknown as string) // fastify streams what is readable
    },
  )
}

/** Largest database that can be restored through the API. */
const MAX_RESTORE_BYTES = 16 * 2 ** 30

function restoreRoute(http: Http, kernel: Kernel, acts: SystemActs): void {
  // Inside a scope of its own, so that no other route takes raw bytes.
  void http.register(async scope => {
    scope.addContentTypeParser('application/octet-stream', (_, payload, done) => done(null, payload))
    scope.post(
      '/v1/system/restore',
      {
        config: { access: 'system.write' },
        bodyLimit: MAX_RESTORE_BYTES,
        schema: {
          tags: ['system'],
          summary: 'Put a backup in place; the controller restarts on it',
          response: { 202: Type.Object({ takenAt: Type.String() }), ...failures },
        },
      },
      async (request, reply) => {
        await record(kernel, { by: callerOf(request), action: 'system.restore', request: request.id, detail: {} })
        const upload = request.body instanceof Readable ? request.body : Readable.from([])
        const { takenAt } = await acts.restore(acts.scratch(`restore-${request.id}.db`), upload)
        return reply.code(202).send({ takenAt })
      },
    )
  })
}

type Recorded = { by: Principal; action: string; request: string; detail: Json }

async function record(kernel: Kernel, { by, action, request, detail }: Recorded): Promise<void> {
  await kernel.store.change(tx =>
    kernel.audit.append(tx, {
      chain: INSTALLATION_CHAIN,
      principal: by,
      action,
      target: 'controller',
      outcome: 'done',
      request,
      detail,
    }),
  )
}
