// SPDX-License-Identifier: Apache-2.0
/** Recordings of sessions: which there are, and one of them with its chain verified. */
import { Type } from 'typebox'
import type { Blobs } from '../../blobs/blobs.ts'
import { callerOf } from '../../http/guard.ts'
import type { Http } from '../../http/http.ts'
import { failures, InProject, UlidText } from '../../http/schemas.ts'
import { projectChain } from '../../kernel/audit.ts'
import type { Kernel } from '../../kernel/kernel.ts'

const FOLDER = 'recordings'
const OfRecording = Type.Object({ ...InProject.properties, id: UlidText })
/** What one answer may hold. */
const MOST_BYTES = 67_108_864

const OfDevice = Type.Object(
  { device: Type.Optional(Type.String({ maxLength: 36, description: 'Only those of this GUID, of the newest 500' })) },
  { additionalProperties: false },
)
const NEWEST = 500
/** The line that says what a recording is. */
const HEAD_BYTES = 1_024

type Listed = Awaited<ReturnType<Blobs['list']>>

async function ofDevice(blobs: Blobs, all: Listed, device: string): Promise<Listed> {
  // Their names are ULIDs, so the greatest is the newest.
  const newest = [...all].sort((a, b) => (a.name < b.name ? 1 : -1)).slice(0, NEWEST)
  const found: Listed[number][] = []
  for (const each of newest) if ((await deviceIn(blobs, each.name)) === device) found.push(each)
  return found
}

/** One that is being removed, or was cut before it said what it is, is nobody's. */
async function deviceIn(blobs: Blobs, name: string): Promise<string | undefined> {
  try {
    const blob = await blobs.open(name)
    try {
      const head = Buffer.from(await blob.read(0, Math.min(blob.size, HEAD_BYTES))).toString('utf8')
      const about = JSON.parse(head.split('\n')[0] ?? '') as { device?: unknown } // an object, looked at below
      return typeof about.device === 'string' ? about.device : undefined
    } finally {
      await blob.close()
    }
  } catch {
    return undefined
  }
}

export function recordingRoutes(http: Http, kernel: Kernel, blobs: Blobs): void {
  http.get(
    '/v1/projects/:project/oob/recordings',
    {
      config: { access: 'audit.read' },
      schema: {
        tags: ['out-of-band'],
        summary: 'Recordings of redirection sessions',
        params: InProject,
        querystring: OfDevice,
        response: {
          200: Type.Object({ recordings: Type.Array(Type.Object({ id: Type.String(), bytes: Type.Integer() })) }),
          ...failures,
        },
      },
    },
    async ({ params, query }) => {
      const all = await blobs.list(`${FOLDER}/${params.project}`)
      const listed = query.device === undefined ? all : await ofDevice(blobs, all, query.device.toLowerCase())
      return {
        recordings: listed.map(({ name, size }) => ({
          id: name.split('/').at(-1)?.replace('.ndjson', '') ?? '',
          bytes: size,
        })),
      }
    },
  )
  http.get(
    '/v1/projects/:project/oob/recordings/:id',
    {
      config: { access: 'audit.read' },
      schema: {
        tags: ['out-of-band'],
        summary: 'One recording: a line that says what it is, then its chunks, each chained to the one before',
        params: OfRecording,
        response: { 200: Type.String(), ...failures },
      },
    },
    async (request, reply) => {
      const { project, id } = request.params
      const blob = await blobs.open(`${FOLDER}/${project}/${id}.ndjson`)
      try {
        const bytes = await blob.read(0, Math.min(blob.size, MOST_BYTES))
        // Whoever watches what others typed and saw is written down too.
        await kernel.store.change(tx =>
          kernel.audit.append(tx, {
            chain: projectChain(project),
            principal: callerOf(request),
            action: 'oob.recording.read',
            target: id,
            outcome: 'done',
            request: request.id,
          }),
        )
        return reply.header('content-type', 'application/x-ndjson').send(Buffer.from(bytes).toString('utf8'))
      } finally {
        await blob.close()
      }
    },
  )
}
