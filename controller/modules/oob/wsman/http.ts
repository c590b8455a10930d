// SPDX-License-Identifier: Apache-2.0
/** HTTP/1.1 as WS-Management uses it: writes a POST to /wsman, and reads the reply however its bytes arrive (RFC 9112). */
import { problem } from '../problems.ts'
import { Growing } from './growing.ts'

const MAX_HEAD_BYTES = 16_384
const MAX_BODY_BYTES = 1_048_576
const MAX_CHUNK_LINE = 256
const LF = 0x0a
const CR = 0x0d

export type HttpRequest = {
  /** The value of `Host`: `<guid>:16992`. */
  readonly host: string
  /** The value of `Authorization`. */
  readonly authorization?: string
  readonly body: string
  /** A read: to send it twice does no harm. */
  readonly repeatable: boolean
  /** Called when the first byte leaves: from now on nobody knows whether the device acts. */
  readonly onSent?: () => void
}

export type HttpReply = {
  readonly status: number
  /** Values by lower-case name, in their order. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: Buffer
  /** Whether the connection may carry another request (RFC 9112 §9.3). */
  readonly keepsAlive: boolean
}

/**
 * The bytes of a request. MPS sends the length (`length`); RPS sends one chunk and asks for the connection to be closed
 * (`chunked`), which is what goes through the websocket of `rpc`.
 */
export function encodeRequest({ host, authorization, body }: HttpRequest, framing: 'length' | 'chunked'): Buffer {
  const login = authorization === undefined ? '' : `Authorization: ${authorization}\r\n`
  const start = `POST /wsman HTTP/1.1\r\n${login}Host: ${host}\r\n`
  const size = Buffer.byteLength(body)
  if (framing === 'length') return Buffer.from(`${start}Content-Length: ${size}\r\n\r\n${body}`)
  const chunk = `${size.toString(16).toUpperCase()}\r\n${body}\r\n0\r\n\r\n`
  return Buffer.from(`${start}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunk}`)
}

type Framing =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' }
type Head = Omit<HttpReply, 'body'> & { readonly framing: Framing }

/** Reads one reply. Interim replies (1xx) are skipped. Throws `amt-unexpected` for what is no reply, or too large. */
export class ReplyReader {
  readonly #bytes = new Growing(MAX_HEAD_BYTES + MAX_BODY_BYTES)
  #head: Head | undefined
  /** Where the head, or the next chunk, begins. */
  #at = 0
  /** Up to where line ends were looked for. */
  #scanned = 0
  #body: Buffer[] = []
  #bodyBytes = 0

  /** Whether any byte of the reply has arrived. */
  get hasBegun(): boolean {
    return this.#bytes.length > 0
  }

  /** Bytes that came after the reply; there should be none, since nobody asked for more. */
  get surplus(): number {
    return this.#bytes.length - this.#at
  }

  /** Takes bytes as they come and returns the reply as soon as it is whole. */
  push(bytes: Uint8Array): HttpReply | undefined {
    this.#bytes.append(bytes)
    while (this.#head === undefined) {
      const end = this.#endOfHead()
      if (end === undefined) return undefined
      const head = readHead(this.#bytes.text(this.#at, end))
      this.#at = end
      if (head.status >= 200) this.#head = head
    }
    return this.#readBody(this.#head)
  }

  /** Tells that the connection has ended; returns the reply when that is what ends it. */
  end(): HttpReply | undefined {
    if (this.#head?.framing.kind !== 'until-close') return undefined
    return this.#whole(this.#head, this.#bytes.slice(this.#at, this.#bytes.length))
  }

  #readBody(head: Head): HttpReply | undefined {
    switch (head.framing.kind) {
      case 'length': {
        const end = this.#at + head.framing.bytes
        if (this.#bytes.length < end) return undefined
        const body = this.#bytes.slice(this.#at, end)
        this.#at = end
        return this.#whole(head, body)
      }
      case 'chunked':
        return this.#readChunks() ? this.#whole(head, Buffer.concat(this.#body)) : undefined
      case 'until-close':
        if (this.#bytes.length - this.#at > MAX_BODY_BYTES) throw tooLarge()
        return undefined
    }
  }

  #whole({ status, headers, keepsAlive }: Head, body: Buffer): HttpReply {
    return { status, headers, keepsAlive, body }
  }

  /** Where the empty line ends that ends a head or the trailers; `undefined` while it has not come. */
  #endOfHead(): number | undefined {
    let from = Math.max(this.#scanned, this.#at)
    for (;;) {
      const feed = this.#bytes.indexOf(LF, from)
      if (feed < 0) break
      const before = this.#bytes.at(feed - 1) === CR ? feed - 2 : feed - 1
      if (before < this.#at || this.#bytes.at(before) === LF) return this.#bounded(feed + 1)
      from = feed + 1
    }
    this.#scanned = this.#bytes.length
    this.#bounded(this.#bytes.length)
    return undefined
  }

  #bounded(end: number): number {
    if (end - this.#at > MAX_HEAD_BYTES) throw problem('amt-unexpected', 'the head of its reply is too large')
    return end
  }

  /** Reads as many chunks as are there (RFC 9112 §7.1) and returns whether the last one was among them. */
  #readChunks(): boolean {
    for (;;) {
      const feed = this.#bytes.indexOf(LF, this.#at)
      if (feed < 0 || feed - this.#at > MAX_CHUNK_LINE) {
        if (this.#bytes.length - this.#at > MAX_CHUNK_LINE) throw malformed('a chunk has no size')
        return false
      }
      const size = chunkSize(this.#bytes.text(this.#at, feed))
      if (size === 0) return this.#readTrailers(feed + 1)
      if (this.#bodyBytes + size > MAX_BODY_BYTES) throw tooLarge()
      const end = feed + 1 + size
      const lineEnd = this.#bytes.at(end) === CR ? end + 1 : end
      if (this.#bytes.length <= lineEnd) return false
      if (this.#bytes.at(lineEnd) !== LF) throw malformed('a chunk is longer than it says')
      this.#body.push(this.#bytes.slice(feed + 1, end))
      this.#bodyBytes += size
      this.#at = lineEnd + 1
    }
  }

  #readTrailers(from: number): boolean {
    const chunkLine = this.#at
    this.#at = from
    this.#scanned = from
    const end = this.#endOfHead()
    this.#at = end ?? chunkLine
    return end !== undefined
  }
}

function readHead(text: string): Head {
  const [statusLine = '', ...lines] = text.split(/\r?\n/)
  const [, minor, code] = /^HTTP\/1\.([01]) ([1-9][0-9]{2})(?: |$)/.exec(statusLine) ?? []
  if (minor === undefined) throw malformed('it does not begin with a status line')
  const status = Number(code)
  const headers = readHeaders(lines)
  const framing = framingOf(status, headers)
  const wish = tokensOf(headers, 'connection')
  const mayKeep = minor === '1' ? !wish.includes('close') : wish.includes('keep-alive')
  return { status, headers, framing, keepsAlive: mayKeep && framing.kind !== 'until-close' }
}

function readHeaders(lines: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>()
  let last: string[] | undefined
  for (const line of lines) {
    if (line === '') continue
    if (/^[ \t]/.test(line) && last !== undefined) {
      last.push(`${last.pop() ?? ''} ${line.trim()}`) // a folded line (RFC 9112 §5.2)
      continue
    }
    const colon = line.indexOf(':')
    if (colon < 1) throw malformed('a header has no name')
    const name = line.slice(0, colon).trim().toLowerCase()
    last = headers.get(name) ?? []
    last.push(line.slice(colon + 1).trim())
    headers.set(name, last)
  }
  return headers
}

/** RFC 9112 §6.3. */
function framingOf(status: number, headers: ReadonlyMap<string, readonly string[]>): Framing {
  if (status < 200 || status === 204 || status === 304) return { kind: 'length', bytes: 0 }
  const codings = tokensOf(headers, 'transfer-encoding').filter(each => each !== 'identity')
  if (codings.length > 0) {
    if (codings.length > 1 || codings[0] !== 'chunked') throw malformed('it has an encoding that we do not know')
    return { kind: 'chunked' }
  }
  const lengths = new Set(tokensOf(headers, 'content-length'))
  if (lengths.size === 0) return { kind: 'until-close' }
  const [length = ''] = lengths
  if (lengths.size > 1 || !/^[0-9]{1,15}$/.test(length)) throw malformed('it has no clear length')
  const bytes = Number(length)
  if (bytes > MAX_BODY_BYTES) throw tooLarge()
  return { kind: 'length', bytes }
}

function tokensOf(headers: ReadonlyMap<string, readonly string[]>, name: string): string[] {
  return (headers.get(name) ?? []).flatMap(value => value.split(',')).map(each => each.trim().toLowerCase())
}

/** Leading zeros and extensions are allowed. */
function chunkSize(line: string): number {
  const [, digits] = /^0*([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?\r?$/.exec(line) ?? []
  if (digits === undefined) throw malformed('a chunk has no size')
  return Number.parseInt(digits, 16)
}

function malformed(detail: string): Error {
  return problem('amt-unexpected', `its reply is not HTTP: ${detail}`)
}

function tooLarge(): Error {
  return problem('amt-unexpected', 'its reply is larger than 1 MB')
}
