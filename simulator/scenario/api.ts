// SPDX-License-Identifier: Apache-2.0
/** A patient client of the controller's public API: what a scenario asks is asked until it is answered, once each. */
import { readFileSync } from 'node:fs'
import { Agent as HttpAgent, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { type Clock, SECOND } from '../../plugins/contract/index.ts'
import { simulatorProblem } from '../problems.ts'

export type ApiOptions = {
  readonly url: string
  /** Sent as `Authorization: Bearer`. */
  readonly token: string
  /** PEM file of the root that the controller's certificate ends in; those of the machine when left out. */
  readonly caFile?: string
  readonly project?: string
  readonly clock: Clock
}

export type ApiAnswer = { readonly status: number; readonly body: unknown }

export type Call = {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** Below `/v1/projects/<project>`. */
  readonly path: string
  readonly body?: unknown
  /** The same key makes a repeated POST the same act. */
  readonly key?: string
}

export interface Api {
  /** Asks once. Rejects when the controller cannot be reached. */
  ask(call: Call): Promise<ApiAnswer>
  /** Asks again while the controller is away, busy or restarting, at most for `withinMs`; waits as it is told to. */
  insist(call: Call, withinMs: number, signal: AbortSignal): Promise<ApiAnswer>
  /** Whether it says that it is ready. */
  isReady(): Promise<boolean>
  close(): void
}

const TIMEOUT_MS = 30 * SECOND
const AT_ONCE = 32
const AGAIN_MS = 500

export function createApi({ url, token, caFile, project = 'default', clock }: ApiOptions): Api {
  const isSecure = url.startsWith('https:')
  const ca = caFile === undefined ? {} : { ca: readFileSync(caFile) }
  const agent = isSecure
    ? new HttpsAgent({ keepAlive: true, maxSockets: AT_ONCE, ...ca })
    : new HttpAgent({ keepAlive: true, maxSockets: AT_ONCE })
  const send = (method: string, path: string, { body, key }: Pick<Call, 'body' | 'key'>): Promise<Raw> => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      authorization: `Bearer ${token}`,
      ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    }
    return exchange({
      url: new URL(path, url),
      isSecure,
      options: { method, headers, agent, timeout: TIMEOUT_MS },
      text,
    })
  }
  const ask = async (call: Call): Promise<Raw> => send(call.method, `/v1/projects/${project}${call.path}`, call)
  return {
    ask,
    async insist(call, withinMs, signal) {
      const deadline = clock.monotonic() + withinMs
      for (;;) {
        const answer = await ask(call).catch(() => undefined)
        if (answer !== undefined && !isPassing(answer.status)) return answer
        if (clock.monotonic() > deadline) {
          const why = answer === undefined ? 'no answer' : `still ${answer.status}`
          throw simulatorProblem(
            'scenario-controller',
            `${call.method} ${call.path}: ${why} after ${withinMs / SECOND} s`,
          )
        }
        await clock.sleep(answer?.retryAfterMs ?? AGAIN_MS, signal)
      }
    },
    isReady: async () => (await send('GET', '/readyz', {}).catch(() => undefined))?.status === 200,
    close: () => agent.destroy(),
  }
}

function isPassing(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504
}

type Raw = ApiAnswer & { readonly retryAfterMs: number | undefined }

type Exchange = {
  readonly url: URL
  readonly isSecure: boolean
  readonly options: object
  readonly text: string | undefined
}

function exchange({ url, isSecure, options, text }: Exchange): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const request = (isSecure ? requestHttps : requestHttp)(url, options, response => {
      const parts: Buffer[] = []
      response.on('data', part => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const after = Number(response.headers['retry-after'])
        resolve({
          status: response.statusCode ?? 0,
          body: bodyOf(Buffer.concat(parts).toString(), response.headers['content-type'] ?? ''),
          retryAfterMs: Number.isFinite(after) ? Math.min(60, Math.max(1, after)) * SECOND : undefined,
        })
      })
    })
    request.on('timeout', () => request.destroy(new Error('timed out')))
    request.on('error', reject)
    request.end(text)
  })
}

function bodyOf(text: string, type: string): unknown {
  if (!/\bjson\b/.test(type)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
