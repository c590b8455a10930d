// SPDX-License-Identifier: Apache-2.0
/** Calls of the API as values: typed by its description, shown to people, and sent as shown. */
import { ApiProblem } from './problem.ts'
import type { paths } from './schema.d.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One request; what a dialog shows is what is sent. */
export type Call = {
  readonly method: Method
  /** Path with its query. */
  readonly path: string
  readonly body?: unknown
  /** Sent as it is, in place of `body`. */
  readonly file?: File
  readonly headers?: Readonly<Record<string, string>>
}

type Operation<P extends keyof paths, M extends Method> =
  Lowercase<M> extends keyof paths[P] ? paths[P][Lowercase<M>] : never
type PathsWith<M extends Method> = {
  [P in keyof paths]: Lowercase<M> extends keyof paths[P] ? P : never
}[keyof paths]
type PartOf<O, K extends 'path' | 'query'> = O extends { parameters: infer Q }
  ? K extends keyof Q
    ? Q[K]
    : unknown
  : unknown
type PathOf<O> = PartOf<O, 'path'>
type QueryOf<O> = O extends { parameters: { query?: infer Q } } ? Q : never
type BodyOf<O> = O extends { requestBody: { content: { 'application/json': infer B } } }
  ? B
  : O extends { requestBody?: { content: { 'application/json': infer B } } }
    ? B
    : unknown
/** What comes back when it went well. */
export type AnswerOf<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { responses: infer R }
    ? { [S in keyof R]: R[S] extends { content: { 'application/json': infer B } } ? B : undefined }[keyof R]
    : unknown

type Parts<O> = {
  readonly query?: QueryOf<O>
  readonly body?: BodyOf<O>
  readonly headers?: Readonly<Record<string, string>>
} & (PathOf<O> extends Record<string, unknown> ? { readonly path: PathOf<O> } : { readonly path?: undefined })

/** Makes a call: path, parameters and body are checked against the description of the API. */
export function call<M extends Method, P extends PathsWith<M>>(
  method: M,
  template: P,
  ...[parts]: PathOf<Operation<P, M>> extends Record<string, unknown>
    ? [Parts<Operation<P, M>>]
    : [Parts<Operation<P, M>>?]
): Call {
  const {
    path = {},
    query = {},
    body,
    headers,
  } = (parts ?? {}) as {
    path?: Record<string, unknown>
    query?: Record<string, unknown>
    body?: unknown
    headers?: Record<string, string>
  } // one of Parts
  const filled = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(path[name] ?? '')))
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
  const search = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()
  return {
    method,
    path: search === '' ? filled : `${filled}?${search}`,
    ...(body === undefined ? {} : { body }),
    ...(headers === undefined ? {} : { headers }),
  }
}

/** Sends a call with the browser's session. Rejects with ApiProblem, or as `fetch` does when nobody answers. */
export async function send<T = unknown>(wanted: Call, signal?: AbortSignal): Promise<T> {
  return (await sendWhole<T>(wanted, signal)).body
}

/** The same, with the headers of the answer, such as its ETag. */
export async function sendWhole<T = unknown>(
  { method, path, body, file, headers }: Call,
  signal?: AbortSignal,
): Promise<{ readonly body: T; readonly headers: Headers; readonly status: number }> {
  const response = await fetch(path, {
    method,
    // A token and a session at once are refused: it would not be clear who asks.
    credentials: headers?.authorization === undefined ? 'same-origin' : 'omit',
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(file === undefined ? {} : { 'content-type': 'application/octet-stream' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isText(body, headers) ? body : JSON.stringify(body) }),
    ...(file === undefined ? {} : { body: file }),
    ...(signal === undefined ? {} : { signal }),
  })
  const text = await response.text()
  const isJson =
    /json\b/.test(response.headers.get('content-type') ?? '') &&
    !response.headers.get('content-type')?.includes('ndjson')
  const content = isJson && text !== '' ? JSON.parse(text) : text
  if (response.ok) return { body: content, headers: response.headers, status: response.status }
  const request = response.headers.get('x-request-id') ?? undefined
  throw new ApiProblem(
    isJson
      ? { status: response.status, ...content }
      : { code: 'internal', status: response.status, title: `HTTP ${response.status}` },
    request,
  )
}

/** A text with a type of its own is sent as it is. */
function isText(body: unknown, headers: Call['headers']): body is string {
  return typeof body === 'string' && headers?.['content-type'] !== undefined
}

/** Reads something typed by the description. */
export function get<P extends PathsWith<'GET'>>(
  template: P,
  ...parts: Parameters<typeof call<'GET', P>> extends [unknown, unknown, ...infer R] ? R : never
): (context?: { readonly signal?: AbortSignal }) => Promise<AnswerOf<P, 'GET'>> {
  const wanted = call('GET', template, ...(parts as never))
  return ({ signal } = {}) => send<AnswerOf<P, 'GET'>>(wanted, signal)
}
