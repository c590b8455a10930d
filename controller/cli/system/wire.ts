// SPDX-License-Identifier: Apache-2.0
/** HTTP over sockets of this machine: one connection per request, one authority trusted, no redirect followed. */
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import type { Wire, WireAnswer, WireRequest } from '../ports.ts'
import { problem } from '../problems.ts'
import { unreachable } from './unreachable.ts'

export const wire: Wire = {
  send,
  chain: async (url, signal) => (await import('./chain.ts')).shownChain(url, signal),
}

async function send(request: WireRequest): Promise<WireAnswer> {
  request.signal.throwIfAborted()
  const sending = await openRequest(request)
  try {
    const answered = answerOf(sending, request)
    await writeBody(sending, request)
    const answer = await answered
    return {
      status: answer.statusCode ?? 0,
      headers: answer.headers as Record<string, string | undefined>, // only set-cookie is ever a list, and none is read
      body: bodyOf(answer, request),
    }
  } catch (thrown) {
    sending.destroy()
    throw unreachable(request, thrown)
  }
}

async function openRequest({ method, url, headers, body, ca, idleMs, signal }: WireRequest): Promise<ClientRequest> {
  const length = body === undefined ? undefined : body instanceof Uint8Array ? body.byteLength : body.sizeBytes
  const options: RequestOptions = {
    method,
    headers: { ...headers, ...(length === undefined ? {} : { 'content-length': String(length) }) },
    agent: false,
    timeout: idleMs,
    signal,
  }
  const sending = await starting(url, options, ca)
  sending.on('timeout', () =>
    sending.destroy(problem('controller-unreachable', `${url.host} has been silent for ${idleMs} ms`)),
  )
  return sending
}

async function starting(url: URL, options: RequestOptions, ca: string | undefined): Promise<ClientRequest> {
  // Loading these takes longer than what a line without a controller may take in all.
  if (url.protocol === 'http:') return (await import('node:http')).request(url, options)
  const { request } = await import('node:https')
  return request(url, { ...options, ...(ca === undefined ? {} : { ca }), minVersion: 'TLSv1.2' })
}

function answerOf(sending: ClientRequest, { url }: WireRequest): Promise<IncomingMessage> {
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sending.on('response', resolve)
    sending.on('error', reject)
    sending.on('close', () => reject(problem('controller-unreachable', `${url.host} closed the connection`)))
  })
  // Writing the body may fail first, and then nobody waits here.
  answered.catch(() => undefined)
  return answered
}

async function writeBody(sending: ClientRequest, { body }: WireRequest): Promise<void> {
  if (body === undefined || body instanceof Uint8Array) {
    sending.end(body)
    return
  }
  for await (const part of body.bytes) {
    // An early answer (413, 401) ends the upload; the answer says why.
    if (sending.destroyed || sending.writableEnded) return
    if (!sending.write(part)) await drained(sending)
  }
  sending.end()
}

function drained(sending: ClientRequest): Promise<void> {
  return new Promise(resolve => {
    const go = (): void => {
      for (const event of EVENTS) sending.off(event, go)
      resolve()
    }
    for (const event of EVENTS) sending.on(event, go)
  })
}
const EVENTS = ['drain', 'close', 'error', 'response'] as const

async function* bodyOf(answer: IncomingMessage, request: WireRequest): AsyncGenerator<Uint8Array> {
  try {
    for await (const part of answer) yield part
    if (!answer.complete) throw problem('controller-unreachable', `${request.url.host} closed the connection early`)
  } catch (thrown) {
    throw unreachable(request, thrown)
  } finally {
    answer.destroy()
  }
}
