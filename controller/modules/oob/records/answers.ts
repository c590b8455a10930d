// SPDX-License-Identifier: Apache-2.0
/** The answers of RPS: bodies of failures, entity tags, pages. */
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Problem } from '../../../../plugins/contract/index.ts'
import { type FieldError, ToolkitAnswer } from '../toolkit/toolkit.ts'
import type { Constraint, Kind } from './kind.ts'
import type { RecordKind } from './records.ts'
import type { Kept, Page } from './store.ts'

/** Somebody else's default: clients of the toolkit page by it. */
const DEFAULT_TOP = 25
const MAX_PAGE = 9_999_999_999
/** The project that requests without a tenant are about; clients know it as the empty tenant. */
const UNNAMED = 'default'

export function notFound({ type }: { readonly type: string }, name: string): ToolkitAnswer {
  return new ToolkitAnswer(404, { error: 'Not Found', message: `${type} profile ${name} Not Found` })
}

export function constraint({ error, message }: Constraint): ToolkitAnswer {
  return new ToolkitAnswer(400, { error, message })
}

export function duplicate<K extends RecordKind>(kind: Kind<K>, name: string): ToolkitAnswer {
  return constraint({ error: 'Unique key violation', message: kind.duplicate(name) })
}

/** Somebody changed it meanwhile: 412 when asked by header, 409 when by body, with the record as it is. */
export function stale(item: Item, byHeader: boolean): ToolkitAnswer {
  return new ToolkitAnswer(byHeader ? 412 : 409, item, { etag: item.version })
}

/** What went wrong inside says nothing of it. */
export function rpsFailure(failure: Problem, request: FastifyRequest): ToolkitAnswer | undefined {
  if (failure.status < 500) return undefined
  const { name = '' } = (request.params ?? {}) as { name?: string } // path parameters are strings
  return new ToolkitAnswer(failure.status, {
    message: `Operation failed: ${request.method} ${name}`,
    code: failure.code,
  })
}

export type Item = Readonly<Record<string, unknown>> & { readonly tenantId: string; readonly version: string }

/** A record as clients see it; never with a secret. */
export function itemOf<K extends RecordKind>(kind: Kind<K>, project: string, kept: Kept<K>): Item {
  return { ...kind.show(kept.record), tenantId: project === UNNAMED ? '' : project, version: String(kept.version) }
}

/** Sends with an entity tag, or 304 when the client has it already (RFC 9110 §13.1.2). */
export function sendTagged(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, tag }: { readonly body: unknown; readonly tag: string },
): FastifyReply {
  reply.header('etag', tag)
  const known = request.headers['if-none-match']
  const fresh = /\bno-cache\b/.test(request.headers['cache-control'] ?? '')
  if (known !== undefined && !fresh && tagsOf(known).some(each => each === '*' || each === plainTag(tag)))
    return reply.code(304).send()
  return reply.code(200).send(body)
}

/** A weak tag of the content, for answers that have no version. */
export function contentTag(body: unknown): string {
  const text = JSON.stringify(body)
  return `W/"${text.length.toString(16)}-${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`
}

function tagsOf(header: string): readonly string[] {
  return header.split(',').map(plainTag)
}

/** Clients quote the version, or do not. */
export function plainTag(tag: string): string {
  return tag
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1')
}

type PageQuery = Page & { readonly counted: boolean }

/** `$top`, `$skip`, `$count`. Throws the answer 400 that lists what cannot be taken. */
export function pageOf(query: unknown): PageQuery {
  const given = (query ?? {}) as Readonly<Record<string, unknown>> // fastify parses it to an object
  const errors: FieldError[] = []
  const complain = (path: string, msg: string): void =>
    void errors.push({ type: 'field', value: given[path], msg, path, location: 'query' })
  const number = (path: string, fallback: number, msg: string): number => {
    const text = given[path] === undefined || given[path] === '' ? String(fallback) : String(given[path])
    if (/^\d{1,10}$/.test(text) && Number(text) <= MAX_PAGE) return Number(text)
    complain(path, msg)
    return fallback
  }
  const top = number('$top', DEFAULT_TOP, 'The number of items to return should be a positive integer')
  const skip = number(
    '$skip',
    0,
    'The number of items to skip before starting to collect the result set should be a positive integer',
  )
  const count = given.$count === undefined ? 'false' : String(given.$count)
  if (!['true', 'false', '1', '0'].includes(count))
    complain('$count', 'To return total number of records in result set should be boolean')
  if (errors.length > 0) throw new ToolkitAnswer(400, { errors })
  return { top, skip, counted: count === 'true' || count === '1' }
}
