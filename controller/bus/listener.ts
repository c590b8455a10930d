// SPDX-License-Identifier: Apache-2.0
/** Accepts TCP, passes it by the fences and shakes hands: TLS 1.3 with a certificate of the host, and never resumed. */
import { constants } from 'node:crypto'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import type { Clock } from '../../plugins/contract/index.ts'
import type { Refusal } from './bus.ts'
import type { Entry, Place } from './fences.ts'
import { createWaitingRoom, type WaitingRoom } from './waiting-room.ts'

export type TlsMaterial = { readonly cert: string; readonly key: string; readonly ca: string }

/** `hybrid` adds ML-KEM to the exchange (draft-ietf-tls-ecdhe-mlkem), whose keys OpenSSL holds as long as the connection. */
export type KeyExchange = 'classical' | 'hybrid'

const GROUPS: Readonly<Record<KeyExchange, string>> = {
  classical: 'X25519:P-256:P-384',
  hybrid: 'X25519MLKEM768:X25519:P-256:P-384',
}

/**
 * Connections that the system holds until they are accepted. A fleet that returns overruns Node's 511 within a moment, and
 * whoever is overrun hears nothing and tries again after one, two, four seconds. Linux takes no more than
 * net.core.somaxconn, 4,096 as it comes.
 */
const BACKLOG = 16_384

export type ListenerOptions = {
  readonly listen: { readonly host: string; readonly port: number }
  readonly tls: () => TlsMaterial
  readonly keyExchange: KeyExchange
  readonly handshakeMs: number
  readonly clock: Clock
  /** How many wait for their handshake, and for how long. */
  readonly room: { readonly most: number; readonly waitMs: number }
  enter(address: string): Entry
  onSecure(socket: TLSSocket, place: Place): void
  onRefused(refusal: Refusal): void
}

export interface Listener {
  readonly port: number
  /** Connections that wait for their handshake. */
  readonly waiting: number
  /** Takes up a renewed certificate; connections that are open keep theirs. */
  renew(): void
  /** Closes the door and every connection behind it. */
  close(): Promise<void>
}

export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { listen, handshakeMs } = options
  let material = options.tls()
  const context = {
    minVersion: 'TLSv1.3',
    ecdhCurve: GROUPS[options.keyExchange],
    // A resumed session would skip the look at the certificate, and each ticket costs memory.
    secureOptions: constants.SSL_OP_NO_TICKET,
  } as const
  const secure = createServer({
    ...material,
    ...context,
    requestCert: true,
    rejectUnauthorized: true,
    handshakeTimeout: handshakeMs,
  })
  const places = new Map<string, Place>()
  const open = new Set<Socket>()
  const room = roomFor(options, { places, secure })
  const tcp = createTcpServer({ noDelay: true }, socket => {
    socket.on('error', () => {})
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    room.arrive(socket)
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
      secure.setSecureContext({ ...next, ...context })
      material = next
    },
    get waiting() {
      return room.waiting
    },
    async close() {
      room.close()
      const closed = new Promise<void>(resolve => tcp.close(() => resolve()))
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}

type Behind = { readonly places: Map<string, Place>; readonly secure: Server }

/** Whoever has a place goes on to the handshake. */
function roomFor(options: ListenerOptions, { places, secure }: Behind): WaitingRoom {
  return createWaitingRoom({
    clock: options.clock,
    ...options.room,
    enter: address => options.enter(address),
    onPlace: (socket, place) => {
      const key = keyOf(socket)
      places.set(key, place)
      socket.once('close', () => {
        places.delete(key)
        place.leave()
      })
      secure.emit('connection', socket)
    },
    onRefused: (socket, code) => {
      options.onRefused({ code, address: socket.remoteAddress ?? '' })
      socket.destroy()
    },
  })
}

/** No two open connections of one listener share it. */
function keyOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`
}

function listening(server: Server, { host, port }: ListenerOptions['listen']): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
