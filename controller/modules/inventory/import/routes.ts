// SPDX-License-Identifier: Apache-2.0
/** Routes by which files of hosts come in and go out: the template, the check of a file, its import, and the export. */
import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { callerOf, requirePermission } from '../../../http/guard.ts'
import { type Http, typed } from '../../../http/http.ts'
import { failures, InProject } from '../../../http/schemas.ts'
import { type Answer, answerTo, type Form, HEADER, ImportAnswer, refusal } from './answers.ts'
import { checkUpload, plannedRows } from './checking.ts'
import { exportRoute } from './export.ts'
import type { ImportParts } from './import.ts'
import { problem } from './problems.ts'
import { needsInstance } from './row.ts'

const Text = Type.Optional(Type.String({ maxLength: 1_024, description: 'Replaces the cell of every row' }))

const ImportQuery = Type.Object(
  {
    dryRun: Type.Optional(Type.Boolean({ description: 'Check the file and create nothing' })),
    onboard: Type.Optional(Type.Boolean({ description: 'Let the machines in as soon as they come; true unless told' })),
    requireProfile: Type.Optional(Type.Boolean({ description: 'Refuse rows without OSProfile or Site' })),
    osProfile: Text,
    site: Text,
    secure: Text,
    remoteUser: Text,
    metadata: Text,
    lvmSize: Text,
    cloudInit: Text,
    clusterDeploy: Text,
    clusterTemplate: Text,
    clusterConfig: Text,
  },
  { additionalProperties: false },
)
type ImportQuery = Static<typeof ImportQuery>

const TYPES = ['text/csv', 'application/csv', 'application/octet-stream'] as const

export function importRoutes(http: Http, parts: ImportParts): void {
  http.get(
    '/v1/projects/:project/compute/hosts/import/template',
    {
      config: { access: 'host.read', narrows: true },
      schema: {
        tags: ['hosts'],
        summary: 'The header of a file of hosts (CSV)',
        params: InProject,
        response: { 200: Type.String(), ...failures },
      },
    },
    async (_, reply) =>
      reply
        .header('content-disposition', 'attachment; filename="hosts.csv"')
        .type('text/csv; charset=utf-8')
        .send(HEADER),
  )
  exportRoute(http, parts)
  http.register(async instance => {
    const scope = typed(instance)
    for (const type of TYPES) scope.addContentTypeParser(type, (_, payload, done) => done(null, payload))
    importRoute(scope, parts)
  })
}

function importRoute(http: Http, parts: ImportParts): void {
  const running = new Set<string>()
  http.post(
    '/v1/projects/:project/compute/hosts/import',
    {
      config: { access: 'host.admit' },
      schema: {
        tags: ['hosts'],
        summary: "Register the hosts of a file (text/csv, EIM's columns), after checking all of it",
        description:
          'Answers JSON, or with Accept: application/x-ndjson a line for each row as it is done, or with text/csv the file with its errors.',
        params: InProject,
        querystring: ImportQuery,
        response: { 200: ImportAnswer, ...failures },
      },
    },
    async (request, reply) => {
      const { project } = request.params
      // Two at once would hold twice the memory and find each other's hosts half done.
      if (running.has(project)) throw problem('import-running')
      running.add(project)
      const release = (): void => void running.delete(project)
      const answer = await importOf(parts, request, { project, query: request.query }).catch(thrown => {
        release()
        throw thrown
      })
      if (answer.is === 'json') {
        release()
        return answer.body
      }
      const lines = Readable.from(answer.lines, { highWaterMark: 1 })
      lines.once('close', release)
      return reply
        .code(answer.status)
        .type(answer.type)
        .send(lines as never) // fastify streams what is readable
    },
  )
}

type Asked = { readonly project: string; readonly query: ImportQuery }

async function importOf(parts: ImportParts, request: FastifyRequest, { project, query }: Asked): Promise<Answer> {
  const { dryRun = false, onboard = true, requireProfile = false, ...overrides } = query
  const by = callerOf(request)
  const form = formOf(request)
  const checked = await checkUpload(
    { ...parts, db: parts.kernel.store, project, requireProfile },
    { bytes: bytesOf(request), length: lengthOf(request), overrides },
  )
  const rows = plannedRows(checked)
  if (rows === undefined) return refusal(checked, form)
  if (rows.some(({ plan }) => needsInstance(plan))) requirePermission(by, 'inventory.write')
  return answerTo(parts, { rows, form, dryRun, act: { project, by, request: request.id, onboard } })
}

/** An upload that is refused midway is read to its end by the server, so that the client gets to see the answer. */
function bytesOf({ body }: FastifyRequest): AsyncIterable<Uint8Array> {
  return body instanceof Readable ? untouched(body) : Readable.from([])
}

/** Whoever stops reading early does not cut the connection that the answer goes over. */
async function* untouched(upload: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const part of upload.iterator({ destroyOnReturn: false })) yield part
  } finally {
    upload.resume()
  }
}

function lengthOf({ headers }: FastifyRequest): number | undefined {
  const length = Number(headers['content-length'])
  return Number.isFinite(length) ? length : undefined
}

function formOf({ headers: { accept = '' } }: FastifyRequest): Form {
  if (accept.includes('application/x-ndjson')) return 'ndjson'
  return accept.includes('text/csv') ? 'csv' : 'json'
}
