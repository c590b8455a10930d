// SPDX-License-Identifier: Apache-2.0
/**
 * A WS-Management server with Digest over loopback, with the habits of firmware: it judges logins by the book, cuts its
 * replies where it likes, and fails when it is told to. It shares no code with the client it is there to test.
 */
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { XMLParser } from 'fast-xml-parser'

/** A request as the other parser reads it. */
export type Asked = {
  readonly id: string
  /** Get, Put, Create, Delete, Enumerate, Pull, or the name of a method. */
  readonly verb: string
  readonly resource: string
  readonly selectors: Readonly<Record<string, string>>
  /** The only element of the body, without prefixes. */
  readonly content: any
}

/** What is between `Body` tags, or a whole answer. */
export type Answer = string | { readonly status: number; readonly body: string; readonly type?: string }

export type WsmanServerOptions = {
  answer(asked: Asked): Answer | Promise<Answer>
  readonly password?: string
  readonly realm?: string
  /** `once`: a nonce is good for one request. `always`: nobody is ever let in. */
  readonly nonces?: 'kept' | 'once' | 'always'
  /** Sends everything in pieces of so many bytes. */
  readonly pieces?: number
  readonly framing?: 'chunked' | 'length' | 'close'
  readonly tls?: TlsOptions
}

const SOAP =
  'xmlns:a="http://www.w3.org/2003/05/soap-envelope" xmlns:b="http://schemas.xmlsoap.org/ws/2004/08/addressing" ' +
  'xmlns:c="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:g="http://schemas.xmlsoap.org/ws/2004/09/enumeration" ' +
  'xmlns:h="http://intel.com/wbem/wscim/1/amt-schema/1/AMT_GeneralSettings"'

export function envelope(body: string, id: string): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?><a:Envelope ${SOAP}><a:Header><b:RelatesTo>${id}</b:RelatesTo>` +
    `<b:MessageID>uuid:00000000-8086-8086-8086-000000000001</b:MessageID></a:Header><a:Body>${body}</a:Body></a:Envelope>`
  )
}

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  trimValues: false,
})

export async function startWsmanServer(options: WsmanServerOptions) {
  const { password = 'P@ssw0rd', realm = 'Digest:A4070000000000000000000000000000', nonces = 'kept' } = options
  const state = {
    password,
    nonce: randomBytes(12).toString('base64'),
    counts: new Set<string>(),
    challenges: 0,
    connections: 0,
    /** Requests that were let in. */
    asked: [] as Asked[],
    headers: [] as string[][],
  }

  function isLetIn(header: string | undefined): boolean {
    const given = Object.fromEntries([...(header ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(each => [each[1], each[2]]))
    const first = md5(`admin:${realm}:${state.password}`)
    const expected = md5(`${first}:${state.nonce}:${given.nc}:${given.cnonce}:auth:${md5('POST:/wsman')}`)
    if (nonces === 'always' || given.response !== expected || given.realm !== realm) return false
    const use = `${state.nonce} ${given.nc}`
    if (state.counts.has(use)) return false // a replay
    state.counts.add(use)
    if (nonces === 'once') state.nonce = randomBytes(12).toString('base64')
    return true
  }

  function challenge(response: ServerResponse): void {
    state.challenges++
    if (nonces === 'always') state.nonce = randomBytes(12).toString('base64')
    response.writeHead(401, {
      'WWW-Authenticate': `Digest realm="${realm}", nonce="${state.nonce}",stale="false",qop="auth"`,
      'Content-Type': 'text/html',
      Server: 'AMT',
    })
    response.end('<html><head><title>Unauthorized</title></head><body>Log on</body></html>')
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request)
    if (request.method !== 'POST' || request.url !== '/wsman') return void response.writeHead(404).end()
    if (!isLetIn(request.headers.authorization)) return challenge(response)
    const asked = read(body)
    state.asked.push(asked)
    state.headers.push(request.rawHeaders.filter((_, at) => at % 2 === 0))
    const answer = await options.answer(asked)
    const whole = typeof answer === 'string' ? { status: 200, body: envelope(answer, asked.id) } : answer
    reply(response, whole, options.framing ?? 'chunked')
  }

  const http: Server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  const sockets = new Set<Socket>()
  const accept = (socket: Socket): void => {
    state.connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    http.emit('connection', options.pieces === undefined ? socket : inPieces(socket, options.pieces))
  }
  const server = options.tls === undefined ? createTcpServer(accept) : createTlsServer(options.tls, accept)
  server.on('tlsClientError', () => {})
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    state,
    port: (server.address() as AddressInfo).port,
    /** Ends every connection. */
    drop: () => {
      for (const socket of sockets) socket.destroy()
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function read(xml: string): Asked {
  const { Header, Body } = parser.parse(xml).Envelope
  const list = [Header.SelectorSet?.Selector ?? []].flat()
  const resource = String(Header.ResourceURI).split('/').pop() ?? ''
  return {
    id: Header.MessageID,
    verb: String(Header.Action).split('/').pop() ?? '',
    resource,
    selectors: Object.fromEntries(list.map((each: any) => [each['@Name'], each['#text']])),
    content: Object.entries<any>(Body === '' ? {} : Body)[0]?.[1] ?? {},
  }
}

function reply(response: ServerResponse, { status, body, type }: Exclude<Answer, string>, framing: string): void {
  response.writeHead(status, {
    'Content-Type': type ?? 'application/soap+xml; charset=UTF-8',
    Server: 'Intel(R) Active Management Technology 16.1.25',
    ...(framing === 'length' ? { 'Content-Length': Buffer.byteLength(body) } : {}),
    ...(framing === 'close' ? { Connection: 'close', 'Content-Length': Buffer.byteLength(body) } : {}),
  })
  // Chunks that cut characters in two.
  const bytes = Buffer.from(body)
  for (let at = 0; at < bytes.length; at += 701) response.write(bytes.subarray(at, at + 701))
  response.end()
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

/** A stream that sends in pieces of so many bytes, each in a packet of its own. */
function inPieces(socket: Socket, bytes: number): Duplex {
  socket.setNoDelay(true)
  const wrapped = new Duplex({
    read: () => void socket.resume(),
    write: (whole: Buffer, _, done) => {
      const next = (at: number): void => {
        if (at >= whole.length) done()
        else socket.write(whole.subarray(at, at + bytes), () => setImmediate(next, at + bytes))
      }
      next(0)
    },
    final: done => void socket.end(done),
    destroy: (error, done) => {
      socket.destroy()
      done(error)
    },
  })
  socket.on('data', part => {
    if (!wrapped.push(part)) socket.pause()
  })
  socket.on('end', () => wrapped.push(null))
  socket.on('close', () => wrapped.destroy())
  return wrapped
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
