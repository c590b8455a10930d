// SPDX-License-Identifier: Apache-2.0
/** MQTT over WebSocket (MQTT 3.1.1 §6) on the HTTPS port, for hosts whose network lets nothing else out. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { createWebSocketStream, WebSocketServer } from 'ws'
import type { Bus, PeerIdentity } from './bus.ts'

export type WebSocketDoor = {
  readonly bus: () => Bus
  /** Reads a certificate that our authority issued; `undefined` for any other. */
  readonly identify: (der: Buffer) => PeerIdentity | undefined
}

const PATH = '/mqtt'
const SUBPROTOCOL = 'mqtt'
const MAX_PAYLOAD = 262_144

/** Handles the upgrades of a listener; everything that is not ours is refused in one line and closed. */
export function createUpgrade({
  bus,
  identify,
}: WebSocketDoor): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD,
    perMessageDeflate: false,
    handleProtocols: offered => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  })
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const path = request.url?.split('?')[0]
    if (path !== PATH) return refuse(socket, '404 Not Found')
    // Agents send no Origin; a browser always does, and no page has business here.
    if (request.headers.origin !== undefined) return refuse(socket, '403 Forbidden')
    const identity = identityOf(socket, identify)
    if (identity === undefined) return refuse(socket, '401 Unauthorized')
    if (!(request.headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/).includes(SUBPROTOCOL))
      return refuse(socket, '400 Bad Request')
    server.handleUpgrade(request, socket, head, webSocket => {
      const stream = createWebSocketStream(webSocket)
      bus().accept(stream, identity, request.socket.remoteAddress ?? '')
    })
  }
}

/** The listener asks for certificates without insisting, so whether this one holds is checked here. */
function identityOf(socket: Duplex, identify: WebSocketDoor['identify']): PeerIdentity | undefined {
  const secure = socket as TLSSocket // plain sockets lack `authorized`, which the check below covers
  if (secure.authorized !== true || secure.getProtocol() !== 'TLSv1.3') return undefined
  return identify(secure.getPeerCertificate().raw)
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}
