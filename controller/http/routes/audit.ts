// SPDX-License-Identifier: Apache-2.0
/** The audit: read it, export it, and the key that proves it. */
import { createPublicKey } from 'node:crypto'
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import type { Kernel } from '../../kernel/kernel.ts'
import { problem } from '../../kernel/problems.ts'
import type { Http } from '../http.ts'
import { failures } from '../schemas.ts'

const Chain = Type.String({ maxLength: 100, pattern: '^(installation|project:[a-z0-9][a-z0-9-]{0,63})$' })
const Query = Type.Object(
  {
    chain: Type.Optional(Chain),
    after: Type.Optional(Type.Integer({ minimum: 0 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  },
  { additionalProperties: false },
)
const Entries = Type.Object({ chains: Type.Array(Type.String()), entries: Type.Array(Type.Unknown()) })
const Key = Type.Object({ kid: Type.String(), publicKey: Type.String(), pem: Type.String() })

export function auditRoutes(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/audit',
    {
      config: { access: 'audit.read' },
      schema: {
        tags: ['audit'],
        summary: 'Read the audit',
        querystring: Query,
        response: { 200: Entries, ...failures },
      },
    },
    async ({ query }) => {
      const entries = await kernel.audit.list(query.chain ?? 'project:default', query.after ?? 0, query.limit ?? 100)
      return { chains: [...(await kernel.audit.chains())], entries: [...entries] }
    },
  )
  http.get(
    '/v1/audit/key',
    {
      config: { access: 'audit.read' },
      schema: { tags: ['audit'], summary: 'The key that signs checkpoints', response: { 200: Key, ...failures } },
    },
    async () => {
      const { kid, publicKey } = kernel.signer.auditKey
      const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' })
      return { kid, publicKey, pem: key.export({ type: 'spki', format: 'pem' }).toString() }
    },
  )
  http.get(
    '/v1/audit/export',
    {
      config: { access: 'audit.read' },
      schema: {
        tags: ['audit'],
        summary: 'Export a chain as NDJSON, sealed up to now',
        querystring: Type.Object({ chain: Type.Optional(Chain) }, { additionalProperties: false }),
        response: { 200: Type.String(), ...failures },
      },
    },
    async ({ query }, reply) => {
      const chain = query.chain ?? 'project:default'
      if (!(await kernel.audit.chains()).includes(chain)) throw problem('not-found', `no chain ${chain}`)
      await kernel.audit.checkpoint()
      const lines = kernel.audit.exported(chain, kernel.settings.installation)
      reply
        .header('content-type', 'application/x-ndjson')
        .header('content-disposition', 'attachment; filename="audit.ndjson"')
      return reply.send(Readable.from(withNewlines(lines)) as unknown as string) // fastify streams what is readable
    },
  )
}

async function* withNewlines(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}
