// SPDX-License-Identifier: Apache-2.0
/** WebSockets of modules on the API's listeners: decided before the upgrade, then handed on as a plain port. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import type { Log } from '../../plugins/contract/index.ts'
import type { Socket, SocketRequest, SocketRoute } from '../kernel/socket.ts'
import type { UpgradeHandler } from './listeners.ts'

export type SocketDoor = {
  readonly routes: readonly SocketRoute[]
  /** Names this controller answers to, lower case, without port. */
  readonly names: ReadonlySet<string>
  readonly log: Log
  /** What handles every other path. */
  readonly otherwise: UpgradeHandler
}

const STATUS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  421: 'Misdirected Request',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
}

/** Handles the upgrades of a listener. */
export function createSockets({ routes, names, log, otherwise }: SocketDoor): UpgradeHandler {
  const byPath = new Map(routes.flatMap(route => route.paths.map(path => [path, route] as const)))
  return (request, socket, head) => {
    const url = urlOf(request)
    const route = byPath.get(url?.pathname ?? '')
    if (url === undefined || route === undefined) return otherwise(request, socket, head)
    socket.on('error', () => socket.destroy())
    if (!names.has(url.hostname.replace(/^\[|\]$/g, ''))) return refuse(socket, 421)
    const { origin } = request.headers
    if (origin !== undefined && route.anyOrigin !== true && !isSameOrigin(origin, request)) return refuse(socket, 403)
    const asked = describe(request, url)
    route
      .decide(asked)
      .then(verdict => {
        if (socket.destroyed) return
        if ('refuse' in verdict) return refuse(socket, verdict.refuse, verdict.why)
        upgrade(request, socket, { head, route, protocol: verdict.protocol, accept: verdict.accept })
      })
      .catch(thrown => {
        log.error('a socket was not decided', { path: url.pathname, error: String(thrown) })
        refuse(socket, 503)
      })
  }
}

function urlOf(request: IncomingMessage): URL | undefined {
  const { host = '' } = request.headers
  const text = `ws://${host}${request.url ?? ''}`
  return URL.canParse(text) ? new URL(text) : undefined
}

function isSameOrigin(origin: string, request: IncomingMessage): boolean {
  return URL.canParse(origin) && new URL(origin).host === request.headers.host?.toLowerCase()
}

function describe(request: IncomingMessage, url: URL): SocketRequest {
  const offered = request.headers['sec-websocket-protocol'] ?? ''
  return {
    url,
    address: request.socket.remoteAddress ?? '',
    headers: request.headers,
    protocols: offered === '' ? [] : offered.split(/\s*,\s*/),
  }
}

type Upgrade = {
  readonly head: Buffer
  readonly route: SocketRoute
  readonly protocol: string | undefined
  readonly accept: (socket: Socket) => void
}

function upgrade(request: IncomingMessage, socket: Duplex, { head, route, protocol, accept }: Upgrade): void {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: route.maxMessage,
    perMessageDeflate: false,
    handleProtocols: () => protocol ?? false,
  })
  server.handleUpgrade(request, socket, head, webSocket => {
    accept(socketOver(webSocket, request.socket.remoteAddress ?? ''))
  })
}

const ALIVE_EVERY_MS = 30_000

function socketOver(webSocket: WebSocket, address: string): Socket {
  const socket: Socket = {
    address,
    get pending() {
      return webSocket.bufferedAmount
    },
    send: data =>
      new Promise((resolve, reject) => {
        webSocket.send(data, { binary: typeof data !== 'string' }, error =>
          error === undefined || error === null ? resolve() : reject(error),
        )
      }),
    close: (code = 1000, reason = '') => webSocket.close(code, reason.slice(0, 120)),
    pause: () => webSocket.pause(),
    resume: () => webSocket.resume(),
    onMessage: () => {},
    onClose: () => {},
  }
  let answered = true
  const alive = setInterval(() => {
    if (!answered) return webSocket.terminate()
    answered = webSocket.isPaused
    if (webSocket.readyState === webSocket.OPEN) webSocket.ping()
  }, ALIVE_EVERY_MS)
  alive.unref()
  webSocket.on('pong', () => {
    answered = true
  })
  webSocket.on('message', (data, isBinary) => {
    answered = true
    socket.onMessage(bytesOf(data), !isBinary)
  })
  webSocket.on('error', () => webSocket.terminate())
  webSocket.on('close', (code, reason) => {
    clearInterval(alive)
    socket.onClose(code, reason.toString('utf8'))
  })
  return socket
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data
}

function refuse(socket: Duplex, status: number, why = ''): void {
  const body = why === '' ? '' : `${why.slice(0, 200)}\n`
  socket.end(
    `HTTP/1.1 ${status} ${STATUS[status] ?? 'Refused'}\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
