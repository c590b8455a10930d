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

export function recordingRoutes(http: Http, kernel: Kernel, blobs: Blobs): void {
  http.get(
    '/v1/projects/:project/oob/recordings',
    {
      config: { access: 'audit.read' },
      schema: {
        tags: ['out-of-band'],
        summary: 'Recordings of redirection sessions',
        params: InProject,
        response: {
          200: Type.Object({ recordings: Type.Array(Type.Object({ id: Type.String(), bytes: Type.Integer() })) }),
          ...failures,
        },
      },
    },
    async ({ params }) => {
      const listed = await blobs.list(`${FOLDER}/${params.project}`)
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
