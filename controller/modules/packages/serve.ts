// SPDX-License-Identifier: Apache-2.0
/** Sends the files of the repository: whole or in parts, to anybody, a bounded number at once. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Http } from '../../http/http.ts'
import { answerTo } from './asked.ts'
import type { Opened, Repository } from './files.ts'
import { keptFor, soundPath, typeOf } from './paths.ts'
import { problem } from './problems.ts'

/** A machine that takes nothing for so long is gone, and its place is free. */
const STALLED_MS = 60_000

export type Serving = {
  readonly repository: Repository
  readonly limits: { readonly downloads: number; readonly requestsPerMinute: number }
}

/**
 * Public, as the keys are: every file is signed or named by its digest in one that is, so machines need no trust in the
 * way it came, and a machine that is about to join has no credential yet. There is nothing in it that is not in every
 * copy of the product.
 */
export function serveFiles(http: Http, { repository, limits }: Serving): void {
  let open = 0
  http.route({
    method: ['GET', 'HEAD'],
    url: '/packages/*',
    exposeHeadRoute: false,
    config: { access: 'public', rateLimit: { max: limits.requestsPerMinute, timeWindow: '1 minute' } },
    schema: { hide: true },
    handler: async (request, reply) => {
      const path = soundPath((request.params as { '*': string })['*']) // the route ends in one
      const file = path === undefined ? undefined : await repository.open(path)
      if (path === undefined || file === undefined) throw problem('package-file-unknown')
      if (open >= limits.downloads) {
        await file.close()
        throw problem('too-many-downloads', `${limits.downloads} at once`)
      }
      open += 1
      let counted = true
      // Told once, however it ends: sent, or given up by the machine.
      reply.raw.once('close', () => {
        if (counted) open -= 1
        counted = false
        void file.close().catch(() => undefined)
      })
      return send(request, reply, { file, path })
    },
  })
}

type Sending = { readonly file: Opened; readonly path: string }

async function send(request: FastifyRequest, reply: FastifyReply, { file, path }: Sending): Promise<FastifyReply> {
  const { headers } = request
  const answer = answerTo(
    {
      'if-none-match': headers['if-none-match'],
      'if-modified-since': headers['if-modified-since'],
      'if-range': typeof headers['if-range'] === 'string' ? headers['if-range'] : undefined,
      range: headers.range,
    },
    file,
  )
  reply
    .header('etag', file.etag)
    .header('last-modified', file.lastModified)
    .header('accept-ranges', 'bytes')
    .header('cache-control', keptFor(path))
  if (answer.status === 304) return reply.code(304).send()
  if (answer.status === 416) {
    reply.header('content-range', `bytes */${file.size}`).header('cache-control', 'no-store')
    throw problem('range-unsatisfiable', `${file.size} bytes`)
  }
  const { status, from, length } = answer
  reply.code(status).header('content-type', typeOf(path)).header('content-length', length)
  if (status === 206) reply.header('content-range', `bytes ${from}-${from + length - 1}/${file.size}`)
  if (request.method === 'HEAD' || length === 0) return reply.send()
  reply.raw.setTimeout(STALLED_MS, () => reply.raw.destroy())
  return reply.send(file.read(from, length))
}
