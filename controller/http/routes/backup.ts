// SPDX-License-Identifier: Apache-2.0
/** The whole database out and in: a backup as it is taken, and a restore. */
import { createReadStream } from 'node:fs'
import { stat, unlink } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { formatTime, type Json } from '../../../plugins/contract/index.ts'
import { INSTALLATION_CHAIN } from '../../kernel/audit.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Principal } from '../../kernel/permissions.ts'
import { type Backup, noteBackup, writeSetting } from '../../kernel/settings.ts'
import { callerOf } from '../guard.ts'
import type { Http } from '../http.ts'
import { failures } from '../schemas.ts'
import type { SystemActs } from './system.ts'

export function backupRoutes(http: Http, kernel: Kernel, acts: SystemActs): void {
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
      const takenAt = formatTime(kernel.clock.now())
      // The copy carries the moment it was taken; a restore needs it.
      await writeSetting(kernel.store, 'backup-taken', takenAt)
      await kernel.store.backup(file)
      const { size } = await stat(file)
      const content = createReadStream(file)
      content.on('close', () => void unlink(file).catch(() => undefined))
      // Only what was sent to its end is a backup that somebody has.
      if (request.method === 'GET') reply.raw.on('finish', () => sent(kernel, { takenAt, sizeBytes: size }))
      const day = takenAt.slice(0, 10)
      reply.header('content-type', 'application/octet-stream').header('content-length', size)
      reply.header('content-disposition', `attachment; filename="muster-${day}.db"`)
      return reply.send(content as unknown as string) // fastify streams what is readable
    },
  )
}

function sent({ store, log }: Kernel, backup: Backup): void {
  noteBackup(store, backup).catch(thrown => log.warn('a backup was not noted', { error: String(thrown) }))
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
          querystring: Type.Object(
            { reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })) },
            { additionalProperties: false },
          ),
          response: { 202: Type.Object({ takenAt: Type.String() }), ...failures },
        },
      },
      async (request, reply) => {
        const by = callerOf(request)
        const { reason } = request.query as { readonly reason?: string } // as its schema says
        await record(kernel, { by, action: 'system.restore', request: request.id, reason, detail: {} })
        const upload = request.body instanceof Readable ? request.body : Readable.from([])
        const file = acts.scratch(`restore-${request.id}.db`)
        const { takenAt } = await acts.restore(file, upload, { id: by.id, name: by.name, reason })
        return reply.code(202).send({ takenAt })
      },
    )
  })
}

type Recorded = { by: Principal; action: string; request: string; reason?: string | undefined; detail: Json }

async function record(kernel: Kernel, { by, action, request, reason, detail }: Recorded): Promise<void> {
  await kernel.store.change(tx =>
    kernel.audit.append(tx, {
      chain: INSTALLATION_CHAIN,
      principal: by,
      action,
      target: 'controller',
      outcome: 'done',
      reason,
      request,
      detail,
    }),
  )
}
