// SPDX-License-Identifier: Apache-2.0
/** The web server of the management engine: HTTP/1.1 over any byte stream, one request after the other. */
import type { Duplex } from 'node:stream'

export type HttpRequest = {
  readonly method: string
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type HttpReply = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
  readonly chunked?: boolean
  /** The connection ends with this reply. */
  readonly close?: boolean
  /** Runs when the reply was handed on. */
  readonly sent?: () => void
}

/** A reply; or the connection is torn down, or nothing is said and the next request is waited for. */
export type Answer = HttpReply | 'cut' | 'silence'

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  413: 'Request Entity Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}
const MAX_HEAD = 16 * 1024
const MAX_BODY = 256 * 1024

class BadRequest extends Error {}

/** Serves a stream until it ends. `answer` must not throw. */
export function serveHttp(stream: Duplex, answer: (request: HttpRequest) => Promise<Answer>): void {
  let waiting: Buffer = Buffer.alloc(0)
  let busy = false

  const fail = (): void => {
    stream.end(encodeReply({ status: 400, body: '', close: true }))
  }
  const next = (): void => {
    if (busy || stream.destroyed) return
    let parsed: ReturnType<typeof parseRequest>
    try {
      parsed = parseRequest(waiting)
    } catch {
      fail()
      return
    }
    if (parsed === undefined) return
    waiting = parsed.rest
    busy = true
    answer(parsed.request).then(given => {
      busy = false
      if (given === 'cut') stream.destroy()
      else if (given !== 'silence' && !stream.destroyed) {
        stream.write(encodeReply(given), () => given.sent?.())
        if (given.close === true) {
          stream.end()
          return
        }
      }
      next()
    }, fail)
  }
  stream.on('data', (bytes: Buffer) => {
    waiting = waiting.length === 0 ? bytes : Buffer.concat([waiting, bytes])
    next()
  })
  stream.on('end', () => stream.end())
  stream.on('error', () => stream.destroy())
}

/** One request from the front of the bytes; `undefined` while it is not complete. */
export function parseRequest(bytes: Buffer): { readonly request: HttpRequest; readonly rest: Buffer } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd === -1) {
    if (bytes.length > MAX_HEAD) throw new BadRequest('the head is too long')
    return undefined
  }
  const [line = '', ...fields] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n')
  const [, method, path] = /^([A-Z]+) (\S+) HTTP\/1\.[01]$/.exec(line) ?? []
  if (method === undefined || path === undefined) throw new BadRequest('no request line')
  const headers: Record<string, string> = {}
  for (const field of fields) {
    const colon = field.indexOf(':')
    if (colon < 1) throw new BadRequest('no header field')
    headers[field.slice(0, colon).trim().toLowerCase()] = field.slice(colon + 1).trim()
  }
  const content = bytes.subarray(headEnd + 4)
  const body = /chunked/i.test(headers['transfer-encoding'] ?? '')
    ? unchunk(content)
    : measured(content, headers['content-length'])
  if (body === undefined) return undefined
  return { request: { method, path, headers, body: body.text.toString('utf8') }, rest: body.rest }
}

type Body = { readonly text: Buffer; readonly rest: Buffer }

function measured(content: Buffer, length = '0'): Body | undefined {
  if (!/^\d{1,7}$/.test(length) || Number(length) > MAX_BODY) throw new BadRequest('no usable length')
  const size = Number(length)
  if (content.length < size) return undefined
  return { text: content.subarray(0, size), rest: content.subarray(size) }
}

function unchunk(content: Buffer): Body | undefined {
  const parts: Buffer[] = []
  let at = 0
  let total = 0
  for (;;) {
    const lineEnd = content.indexOf('\r\n', at)
    if (lineEnd === -1) return undefined
    const [size = ''] = content.subarray(at, lineEnd).toString('latin1').split(';')
    if (!/^[\da-fA-F]{1,8}$/.test(size.trim())) throw new BadRequest('no chunk size')
    const length = Number.parseInt(size, 16)
    total += length
    if (total > MAX_BODY) throw new BadRequest('the body is too long')
    const end = lineEnd + 2 + length + 2
    if (content.length < end) return undefined
    if (length === 0) return { text: Buffer.concat(parts), rest: content.subarray(end) }
    parts.push(content.subarray(lineEnd + 2, end - 2))
    at = end
  }
}

/** Chunks are of 1,024 bytes and their sizes have leading zeros, as firmware writes them. */
const CHUNK = 1024

export function encodeReply(reply: HttpReply): Buffer {
  const body = Buffer.from(reply.body, 'utf8')
  const head = [`HTTP/1.1 ${reply.status} ${REASONS[reply.status] ?? 'Unknown'}`]
  for (const [name, value] of Object.entries(reply.headers ?? {})) head.push(`${name}: ${value}`)
  if (reply.close === true) head.push('Connection: close')
  head.push(reply.chunked === true ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`)
  const parts = [Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1')]
  if (reply.chunked !== true) return Buffer.concat([...parts, body])
  for (let at = 0; at < body.length; at += CHUNK) {
    const part = body.subarray(at, at + CHUNK)
    parts.push(Buffer.from(`${part.length.toString(16).toUpperCase().padStart(4, '0')}\r\n`), part, Buffer.from('\r\n'))
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')])
}
