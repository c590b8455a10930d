// SPDX-License-Identifier: Apache-2.0
/** Talks to one controller: JSON both ways, its problems thrown as problems, reads repeated when it asks for patience. */
import type { Clock } from '../../plugins/contract/clock.ts'
import { Problem, problemFrom } from '../../plugins/contract/problem.ts'
import type { ProblemDocument } from '../../plugins/contract/problem-document.ts'
import { SECOND } from '../../plugins/contract/time.ts'
import type { Stream, Wire, WireAnswer, WireRequest } from './ports.ts'
import { problem } from './problems.ts'
import { toolkitFailure } from './toolkit-failure.ts'

/** Silence after which a controller counts as unreachable. */
export const IDLE_MS = 30 * SECOND
/** Longest answer that is held in memory. */
const MAX_ANSWER_BYTES = 64 * 2 ** 20
const MAX_PATIENCE_MS = 60 * SECOND
const MAX_TRIES = 5

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

export type ClientParts = {
  readonly url: string
  readonly ca?: string | undefined
  readonly token?: string | undefined
  readonly agent: string
  readonly wire: Wire
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Told of every request and answer, without secrets. */
  readonly trace: (line: string) => void
  readonly note: (line: string) => void
}

export type More = {
  readonly query?: Query
  readonly headers?: Readonly<Record<string, string>>
  readonly idleMs?: number
  readonly signal?: AbortSignal
  /** Repeats a write that was refused for now; only for writes that carry an idempotency key. */
  readonly patient?: boolean
  /** Failures that are wanted as they came, such as a file that says what is wrong with another. */
  readonly keeps?: (answer: WireAnswer) => boolean
}

export interface Client {
  readonly url: string
  /** Reads, and reads again when the controller is busy (429, 503) and says when to come back. */
  get<T>(path: string, more?: More): Promise<T>
  /** Writes again what an overloaded controller turned away unread, once otherwise; `undefined` for an answer without a body. */
  send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, more?: More): Promise<T>
  upload<T>(path: string, content: Stream): Promise<T>
  /** Posts what is not JSON, and answers what comes as it comes; problems are thrown before the first byte. */
  post(path: string, body: Body, more?: More): Promise<WireAnswer>
  /** The answer as it comes; problems are thrown before the first byte. */
  open(path: string, more?: More): Promise<WireAnswer>
}

export function createClient(parts: ClientParts): Client {
  return {
    url: parts.url,
    get: async (path, more) => readJson(await patient(parts, () => exchange(parts, { method: 'GET', path, more }))),
    send: async (method, path, body, more) => {
      const write = () => exchange(parts, { method, path, body: json(body), more })
      return readJson(await patient(parts, write, more?.patient === true ? undefined : isTurnedAway))
    },
    upload: async (path, content) =>
      readJson(
        await exchange(parts, {
          method: 'POST',
          path,
          body: { type: 'application/octet-stream', content },
          more: { signal: parts.signal },
        }),
      ),
    post: (path, body, more) => exchange(parts, { method: 'POST', path, body, more }),
    open: (path, more) => patient(parts, () => exchange(parts, { method: 'GET', path, more })),
  }
}

export type Body = { readonly type: string; readonly content: Uint8Array | Stream }
type Exchange = {
  readonly method: string
  readonly path: string
  readonly body?: Body | undefined
  readonly more?: More | undefined
}

function json(body: unknown): Body | undefined {
  if (body === undefined) return undefined
  return { type: 'application/json', content: new TextEncoder().encode(JSON.stringify(body)) }
}

async function exchange(parts: ClientParts, { method, path, body, more = {} }: Exchange): Promise<WireAnswer> {
  const url = addressOf(parts.url, path, more.query)
  const request: WireRequest = {
    method,
    url,
    headers: {
      accept: 'application/json, application/problem+json;q=0.9, */*;q=0.1',
      'user-agent': parts.agent,
      ...(parts.token === undefined ? {} : { authorization: `Bearer ${parts.token}` }),
      ...(body === undefined ? {} : { 'content-type': body.type }),
      ...more.headers,
    },
    ...(body === undefined ? {} : { body: body.content }),
    ca: parts.ca,
    idleMs: more.idleMs ?? IDLE_MS,
    // What was sent is never taken back half-way: Ctrl-C waits for the answer of a write.
    signal: more.signal ?? (method === 'GET' ? parts.signal : new AbortController().signal),
  }
  const began = parts.clock.monotonic()
  const answer = await parts.wire.send(request)
  const tookMs = Math.round(parts.clock.monotonic() - began)
  const id = answer.headers['x-request-id']
  parts.trace(`${method} ${url.href} ${answer.status} in ${tookMs} ms${id === undefined ? '' : ` (request ${id})`}`)
  if ((answer.status >= 200 && answer.status < 300) || more.keeps?.(answer) === true) return answer
  throw await failureOf(answer, url)
}

/** Joins without letting a path leave the controller's own. */
function addressOf(base: string, path: string, query: Query = {}): URL {
  const url = new URL(base + path)
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.append(name, String(value))
  }
  return url
}

/** The controller's problem, with the wait that its header asks for. */
async function failureOf(answer: WireAnswer, url: URL): Promise<Problem> {
  const afterMs = retryAfterMs(answer.headers['retry-after'])
  const retry = afterMs === undefined ? {} : { retry: { afterMs } }
  const document: unknown = await readJson(answer).catch(() => undefined)
  if (isProblemDocument(document)) return problemFrom({ ...document, ...retry })
  const { status } = answer
  const told = toolkitFailure(status, document)
  if (told !== undefined) return problemFrom({ ...told.toJSON(), ...retry })
  if (status !== 429 && status !== 503)
    return problem('answer-strange', `${url.origin}${url.pathname} answered ${status}`)
  return problemFrom({ ...problem('controller-unreachable', `${url.host} is busy`).toJSON(), status, ...retry })
}

/** RFC 9110 §10.2.3: seconds; the form as a date is not something our controller sends. */
function retryAfterMs(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) * SECOND : undefined
}

function isProblemDocument(value: unknown): value is ProblemDocument {
  if (typeof value !== 'object' || value === null) return false
  const { code, status, title, retry = 'never' } = value as Partial<ProblemDocument> // looked at right here
  if (typeof code !== 'string' || typeof status !== 'number' || typeof title !== 'string') return false
  return retry === 'never' || retry === 'backoff' || typeof retry === 'object'
}

/** Repeats what was refused for now, for a minute at most; what `may` says when it is given. */
async function patient(
  parts: ClientParts,
  ask: () => Promise<WireAnswer>,
  may: (refusal: unknown) => boolean = () => true,
): Promise<WireAnswer> {
  let patienceMs = MAX_PATIENCE_MS
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask()
    } catch (thrown) {
      const waitMs = askedWaitMs(thrown)
      if (waitMs === undefined || waitMs > patienceMs || attempt === MAX_TRIES || !may(thrown)) throw thrown
      parts.note(`the controller is busy: waiting ${Math.ceil(waitMs / SECOND)} s as it asks`)
      patienceMs -= waitMs
      await parts.clock.sleep(waitMs, parts.signal)
    }
  }
}

/** An overloaded controller refuses before it reads a request: whatever was asked did not happen. */
function isTurnedAway(thrown: unknown): boolean {
  return thrown instanceof Problem && thrown.code === 'overloaded'
}

function askedWaitMs(thrown: unknown): number | undefined {
  if (!(thrown instanceof Problem) || (thrown.status !== 429 && thrown.status !== 503)) return undefined
  return typeof thrown.retry === 'object' ? thrown.retry.afterMs : undefined
}

async function readJson<T>({ status, headers, body }: WireAnswer): Promise<T> {
  const text = await readText(body)
  // Answers without a body are asked for as `undefined`.
  if (status === 204 || (text === '' && status < 300)) return undefined as T
  if (!/^application\/([a-z]+\+)?json\b/.test(headers['content-type'] ?? '')) {
    throw problem('answer-strange', `it answered ${headers['content-type'] ?? 'without a type'}`)
  }
  try {
    return JSON.parse(text) as T // the controller's own schemas say what its routes answer
  } catch {
    throw problem('answer-strange', 'its JSON is broken')
  }
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const part of body) {
    text += decoder.decode(part, { stream: true })
    if (text.length > MAX_ANSWER_BYTES) throw problem('answer-strange', 'its answer does not end')
  }
  return text + decoder.decode()
}
