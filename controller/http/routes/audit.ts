// SPDX-License-Identifier: Apache-2.0
/** The audit: read it, export it, and the key that proves it. */
import { createPublicKey } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { formatTime, problem as invalid, parseTime } from '../../../plugins/contract/index.ts'
import { decide } from '../../kernel/access.ts'
import { INSTALLATION_CHAIN, projectChain } from '../../kernel/audit.ts'
import { projectOfChain } from '../../kernel/audit-fence.ts'
import { actionsIn, searchAudit } from '../../kernel/audit-search.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { namesOf } from '../../kernel/principals.ts'
import { problem } from '../../kernel/problems.ts'
import { findProject } from '../../kernel/projects.ts'
import { callerOf } from '../guard.ts'
import type { Http, RoutePlace } from '../http.ts'
import { failures, ProjectName, Time } from '../schemas.ts'

const Chain = Type.String({ maxLength: 100, pattern: '^(installation|project:[a-z0-9][a-z0-9-]{0,63})$' })
const Which = Type.Object(
  {
    chain: Type.Optional(Chain),
    project: Type.Optional(ProjectName),
    custody: Type.Optional(
      Type.Boolean({ description: 'what deleted projects of that name have left too; for the installation only' }),
    ),
  },
  { additionalProperties: false },
)
const Word = { minLength: 1, maxLength: 300 }
const Query = Type.Object(
  {
    ...Which.properties,
    after: Type.Optional(Type.Integer({ minimum: 0, description: 'entries with a higher number' })),
    before: Type.Optional(Type.Integer({ minimum: 1, description: 'entries with a lower number' })),
    principal: Type.Optional(Type.String({ ...Word, description: 'id or name of whoever did it' })),
    action: Type.Optional(Type.String({ ...Word, description: 'an action, or the words it begins with' })),
    target: Type.Optional(Type.String({ ...Word, description: 'what it was done to, or what that is a part of' })),
    outcome: Type.Optional(Type.Enum(['done', 'refused'])),
    since: Type.Optional(Type.String({ maxLength: 40, description: 'RFC 3339: then or later' })),
    until: Type.Optional(Type.String({ maxLength: 40, description: 'RFC 3339: before' })),
    order: Type.Optional(Type.Enum(['oldest', 'newest'], { description: 'which come first; oldest when left out' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  },
  { additionalProperties: false },
)
type Which = Static<typeof Which>
const Person = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  via: Type.String(),
  address: Type.Optional(Type.String()),
})
const Entry = Type.Object({
  n: Type.Integer(),
  at: Time,
  chain: Type.String(),
  principal: Person,
  name: Type.Optional(Type.String({ description: 'what the principal is called now; no part of what is hashed' })),
  action: Type.String(),
  target: Type.String(),
  outcome: Type.String(),
  reason: Type.Optional(Type.String()),
  request: Type.Optional(Type.String()),
  detail: Type.Optional(Type.Unknown()),
  prev: Type.String(),
  hash: Type.String(),
})
const Entries = Type.Object({
  chains: Type.Array(Type.String()),
  entries: Type.Array(Entry),
  hasNext: Type.Boolean({ description: 'more of them follow in this order' }),
})
const Actions = Type.Object({ actions: Type.Array(Type.String()) })
const Key = Type.Object({ kid: Type.String(), publicKey: Type.String(), pem: Type.String() })

const DEFAULT_CHAIN = projectChain('default')

export function auditRoutes(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/audit',
    {
      config: { access: 'audit.read', place: placeOf },
      schema: {
        tags: ['audit'],
        summary: 'Read the audit of a project or of the installation',
        querystring: Query,
        response: { 200: Entries, ...failures },
      },
    },
    async request => {
      const { query } = request
      const chain = chainOf(query)
      const from = await beginOf(kernel, chain, query)
      const { entries, hasNext } =
        from === undefined
          ? { entries: [], hasNext: false }
          : await searchAudit(kernel.store, { chain, ...searchOf(query, from) })
      const names = await namesOf(
        kernel.store,
        entries.map(({ principal }) => principal.id),
      )
      return {
        chains: await chainsFor(kernel, request),
        entries: entries.map(entry => {
          const name = names.get(entry.principal.id)
          return name === undefined ? entry : { ...entry, name }
        }),
        hasNext,
      }
    },
  )
  http.get(
    '/v1/audit/actions',
    {
      config: { access: 'audit.read', place: placeOf },
      schema: {
        tags: ['audit'],
        summary: 'List the actions that stand in a chain',
        querystring: Which,
        response: { 200: Actions, ...failures },
      },
    },
    async ({ query }) => {
      const chain = chainOf(query)
      const from = await beginOf(kernel, chain, query)
      return { actions: from === undefined ? [] : [...(await actionsIn(kernel.store, chain, from))] }
    },
  )
  http.get(
    '/v1/audit/key',
    {
      config: { access: 'signed-in' },
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
      config: { access: 'audit.read', place: placeOf },
      schema: {
        tags: ['audit'],
        summary: 'Export a chain as NDJSON, sealed up to now',
        querystring: Which,
        response: { 200: Type.String(), ...failures },
      },
    },
    async ({ query }, reply) => {
      const chain = chainOf(query)
      const after = await beginOf(kernel, chain, query)
      if (after === undefined || !(await kernel.audit.chains()).includes(chain))
        throw problem('not-found', `no chain ${chain}`)
      await kernel.audit.checkpoint()
      const lines = kernel.audit.exported({ chain, installation: kernel.settings.installation, after })
      reply
        .header('content-type', 'application/x-ndjson')
        .header('content-disposition', 'attachment; filename="audit.ndjson"')
      return reply.send(Readable.from(withNewlines(lines)) as unknown as string) // fastify streams what is readable
    },
  )
}

/** Guarded as the project the chain belongs to. The query is read before it is checked, so nothing in it is trusted. */
async function placeOf(request: FastifyRequest): Promise<RoutePlace | undefined> {
  const { chain, project, custody } = request.query as Readonly<Record<string, unknown>>
  if (custody !== undefined) return undefined
  const named = typeof project === 'string' ? projectChain(project) : chain
  const owner = projectOfChain(typeof named === 'string' ? named : DEFAULT_CHAIN)
  return owner === undefined ? undefined : { project: owner }
}

/** Throws `invalid` for what is no time. */
function searchOf(query: Static<typeof Query>, from: number) {
  const { after = 0, before, principal, action, target, outcome, since, until, order, limit = 100 } = query
  return {
    after: Math.max(from, after),
    before,
    principal,
    action,
    target,
    outcome,
    since: timeOf('since', since),
    until: timeOf('until', until),
    newestFirst: order === 'newest',
    limit,
  }
}

/** As entries have it, so that texts compare as times do. */
function timeOf(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const time = parseTime(text)
  if (time !== undefined) return formatTime(time)
  throw invalid('invalid', `${name}: ${text} is no time of RFC 3339`, {
    findings: [{ pointer: `/${name}`, message: 'is no time of RFC 3339' }],
  })
}

function chainOf({ chain, project }: Which): string {
  if (project === undefined) return chain ?? DEFAULT_CHAIN
  if (chain !== undefined && chain !== projectChain(project)) throw problem('not-found', `no chain ${chain}`)
  return projectChain(project)
}

/**
 * The number after which what the caller may read begins; `undefined` when there is nothing. A project sees nothing of
 * one that had its name before; what is left of projects that are gone is in the installation's custody.
 */
async function beginOf({ store }: Kernel, chain: string, { custody = false }: Which): Promise<number | undefined> {
  const name = projectOfChain(chain)
  if (name === undefined || custody) return 0
  const project = await findProject(store, name)
  return project?.state === 'active' ? project.auditFrom : undefined
}

/** Chains the caller may read; those of projects that are gone are for the installation. */
async function chainsFor({ audit }: Kernel, request: FastifyRequest): Promise<string[]> {
  const caller = callerOf(request)
  const may = (chain: string): boolean => {
    const project = projectOfChain(chain)
    return decide(caller, 'audit.read', project === undefined ? {} : { project }).allowed
  }
  const chains = await audit.chains()
  return [...new Set([...(may(INSTALLATION_CHAIN) ? [INSTALLATION_CHAIN] : []), ...chains.filter(may)])].sort()
}

async function* withNewlines(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}
