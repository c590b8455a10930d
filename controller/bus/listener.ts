// SPDX-License-Identifier: Apache-2.0
/** Accepts TCP, passes it by the fences and shakes hands: TLS 1.3 with a certificate of the host, and never resumed. */
import { constants } from 'node:crypto'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import type { Refusal } from './bus.ts'
import type { Entry, Place } from './fences.ts'

export type TlsMaterial = { readonly cert: string; readonly key: string; readonly ca: string }

export type ListenerOptions = {
  readonly listen: { readonly host: string; readonly port: number }
  readonly tls: () => TlsMaterial
  readonly handshakeMs: number
  enter(address: string): Entry
  onSecure(socket: TLSSocket, place: Place): void
  onRefused(refusal: Refusal): void
}

export interface Listener {
  readonly port: number
  /** Takes up a renewed certificate; connections that are open keep theirs. */
  renew(): void
  /** Closes the door and every connection behind it. */
  close(): Promise<void>
}

export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { listen, handshakeMs } = options
  let material = options.tls()
  const secure = createServer({
    ...material,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
    handshakeTimeout: handshakeMs,
    // A resumed session would skip the look at the certificate, and each ticket costs memory.
    secureOptions: constants.SSL_OP_NO_TICKET,
  })
  const places = new Map<string, Place>()
  const open = new Set<Socket>()
  const tcp = createTcpServer({ noDelay: true }, socket => {
    const address = socket.remoteAddress ?? ''
    socket.on('error', () => {})
    const entry = options.enter(address)
    if ('refused' in entry) {
      options.onRefused({ code: entry.refused, address })
      socket.destroy()
      return
    }
    const key = keyOf(socket)
    open.add(socket)
    places.set(key, entry.place)
    socket.once('close', () => {
      open.delete(socket)
      places.delete(key)
      entry.place.leave()
    })
    secure.emit('connection', socket)
  })
  secure.on('secureConnection', socket => {
    const place = places.get(keyOf(socket))
    if (place === undefined)
      socket.destroy() // its TCP connection has closed meanwhile
    else options.onSecure(socket, place)
  })
  secure.on('tlsClientError', (error, socket) => {
    const detail = 'code' in error ? String(error.code) : error.message.slice(0, 100)
    options.onRefused({ code: 'tls', address: socket.remoteAddress ?? '', detail })
    socket.destroy()
  })
  await listening(tcp, listen)
  return {
    port: portOf(tcp),
    renew() {
      const next = options.tls()
      if (next.cert === material.cert && next.key === material.key && next.ca === material.ca) return
      secure.setSecureContext({ ...next, minVersion: 'TLSv1.3', secureOptions: constants.SSL_OP_NO_TICKET })
      material = next
    },
    async close() {
      const closed = new Promise<void>(resolve => tcp.close(() => resolve()))
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}

/** No two open connections of one listener share it. */
function keyOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`
}

function listening(server: Server, { host, port }: ListenerOptions['listen']): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
