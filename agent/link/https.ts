// SPDX-License-Identifier: Apache-2.0
/** Asks the controller over HTTPS: one JSON question, one JSON answer, one connection. */
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import type { Static, TSchema } from 'typebox'
import {
  type EpochMs,
  findings,
  problem as general,
  ProblemDocument,
  parseBounded,
  problemFrom,
  SECOND,
} from '../../plugins/contract/index.ts'
import type { DialTarget, System } from '../system/system.ts'
import { within } from './deadline.ts'
import { dialTls, type TlsIdentity, type Trust } from './dial.ts'
import { problem } from './dial-problems.ts'
import { connectionProblem } from './tls-failures.ts'

/** Largest answer that is read. */
const MAX_ANSWER_BYTES = 256 * 1_024
/** Longest wait for an answer, the dialing included. */
const ANSWER_MS = 15 * SECOND

/** Whom to ask, and why to believe it. */
export type Endpoint = {
  readonly system: System
  readonly target: DialTarget
  readonly trust: Trust
  readonly identity?: TlsIdentity
  /** See `DialOptions.at`. */
  readonly at?: EpochMs
}

export type Question<S extends TSchema> = Endpoint & {
  readonly method: 'GET' | 'POST'
  /** Absolute path, with its query if any. */
  readonly path: string
  /** Sent as JSON. */
  readonly body?: unknown
  /** What an answer of status 2xx must be. */
  readonly schema: S
  readonly maxBytes?: number
  readonly timeoutMs?: number
  readonly signal: AbortSignal
}

export type Answer<T> = { readonly status: number; readonly body: T }

/**
 * Asks once; never follows a redirect and never tries again. Throws what `dialTls` throws; the problem the controller
 * answered with; `answer-unusable` when the answer is too large, not JSON or not what the schema says; `timed-out`.
 */
export async function requestJson<S extends TSchema>(question: Question<S>): Promise<Answer<Static<S>>> {
  const { system, timeoutMs = ANSWER_MS, schema, method, path } = question
  const late = () => general('timed-out', `${method} ${path}`, { timeoutMs })
  const limits = { clock: system.clock, waitMs: timeoutMs, signal: question.signal, late }
  const { status, value } = await within(limits, signal => exchange(question, signal))
  if (status < 200 || status > 299) throw refusal(status, value, path)
  const [wrong] = findings(schema, value)
  if (wrong === undefined) return { status, body: value as Static<S> } // the schema has just said so
  throw problem('answer-unusable', `${path}: ${wrong.pointer || '/'} ${wrong.message}`, { path, status })
}

/** Splits the address of a controller; `undefined` unless it is `https://` and carries no user, path or query. */
export function endpointOf(url: string): { readonly target: DialTarget; readonly origin: string } | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname, port, username, password, pathname, search, origin } = new URL(url)
  if (protocol !== 'https:' || username !== '' || password !== '' || pathname !== '/' || search !== '') return undefined
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return { target: { host, port: port === '' ? 443 : Number(port) }, origin }
}

type Received = { readonly status: number; readonly value: unknown }

async function exchange(question: Question<TSchema>, signal: AbortSignal): Promise<Received> {
  const { system, target, trust, identity, at, maxBytes = MAX_ANSWER_BYTES, path } = question
  const socket = await dialTls({
    system,
    target,
    trust,
    signal,
    alpn: ['http/1.1'],
    ...(identity === undefined ? {} : { identity }),
    ...(at === undefined ? {} : { at }),
  })
  try {
    const response = await send(question, signal, () => socket)
    const bytes = await readAll(response, maxBytes)
    if (bytes === undefined) throw problem('answer-unusable', `${path}: more than ${maxBytes} bytes`, { path })
    return { status: response.statusCode ?? 0, value: parseBounded(bytes, maxBytes) }
  } catch (thrown) {
    throw signal.aborted ? signal.reason : connectionProblem(thrown, target)
  } finally {
    socket.destroy()
  }
}

function send(
  { method, path, body, target }: Question<TSchema>,
  signal: AbortSignal,
  createConnection: () => Awaited<ReturnType<typeof dialTls>>,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
    const headers = {
      host: target.host.includes(':') ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`,
      accept: 'application/json, application/problem+json',
      connection: 'close',
      ...(content === undefined ? {} : { 'content-type': 'application/json', 'content-length': content.length }),
    }
    const request: ClientRequest = httpRequest({ createConnection, method, path, headers, signal, setHost: false })
    request.once('response', resolve)
    request.on('error', reject)
    request.end(content)
  })
}

async function readAll(response: IncomingMessage, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > maxBytes) return undefined
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

function refusal(status: number, value: unknown, path: string) {
  if (findings(ProblemDocument, value).length === 0) return problemFrom(value as ProblemDocument) // as just checked
  return problem('answer-unusable', `${path}: status ${status}`, { path, status })
}
