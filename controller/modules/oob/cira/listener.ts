// SPDX-License-Identifier: Apache-2.0
/** The ports devices dial: accepts, lets wait, and shakes hands. The only file of this folder that opens sockets. */
import { constants } from 'node:crypto'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import {
  createSecureContext,
  createServer,
  type SecureContext,
  type TLSSocket,
  type TlsOptions,
  type Server as TlsServer,
} from 'node:tls'
import type { Wire } from './line.ts'
import { problem } from './problems.ts'

/** A certificate chain and its key, PEM. */
export type Material = { readonly cert: string; readonly key: string }

/**
 * AEAD first; then what firmware of AMT 11.8 to 15 offers: CBC with ECDHE, and RSA key exchange without forward secrecy.
 */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-RSA-AES128-SHA256',
  'ECDHE-RSA-AES256-SHA384',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-RSA-AES256-SHA',
  'DHE-RSA-AES128-GCM-SHA256',
  'DHE-RSA-AES256-GCM-SHA384',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA256',
  'AES256-SHA256',
  'AES128-SHA',
  'AES256-SHA',
].join(':')

/** OpenSSL 3 speaks TLS 1.0 and 1.1 at security level 0 only, whatever the minimum version says. */
const PROFILES = {
  modern: { minVersion: 'TLSv1.2', ciphers: CIPHERS, dhparam: 'auto' },
  legacy: {
    minVersion: 'TLSv1',
    ciphers: `${CIPHERS}:DHE-RSA-AES128-SHA:DHE-RSA-AES256-SHA:@SECLEVEL=0`,
    dhparam: 'auto',
  },
} as const satisfies Record<string, TlsOptions>

export type Profile = keyof typeof PROFILES

/** A connection after its handshake. */
export type SecureSocket = TLSSocket

/** A connection whose turn to begin is given by whoever keeps the pace. */
export interface Arrival {
  readonly address: string
  /** Starts the handshake. */
  begin(): void
  /** The socket closed, whatever had become of it. */
  onClose: () => void
  refuse(): void
}

export type ListenerOptions = {
  readonly listen: { readonly host: string; readonly port: number }
  readonly profile: Profile
  readonly handshakeMs: number
  /** For the name the device asked for; without one, or with one nobody knows, the default. */
  certificateFor(serverName: string | undefined): Material
  onArrival(arrival: Arrival): void
  onSecure(arrival: Arrival, socket: SecureSocket): void
  onFailed(address: string): void
}

export interface Listener {
  readonly port: number
  /** Takes up renewed certificates; connections that are open keep theirs. */
  renew(): void
  /** Closes the door and every connection behind it. */
  close(): Promise<void>
}

/** Throws `cira-listen-failed`. */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { secure, renew } = handshakes(options)
  const open = new Set<Socket>()
  /** Connections that shake hands. */
  const begun = new Map<string, Arrival>()
  const tcp = createTcpServer({ noDelay: true, pauseOnConnect: true }, socket => {
    const arrival = arrive(socket, () => {
      begun.set(keyOf(socket), arrival)
      secure.emit('connection', socket)
    })
    open.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => {
      open.delete(socket)
      begun.delete(keyOf(socket))
      arrival.onClose()
    })
    options.onArrival(arrival)
  })
  secure.on('secureConnection', socket => {
    const key = keyOf(socket)
    const arrival = begun.get(key)
    begun.delete(key)
    if (arrival === undefined) socket.destroy()
    else options.onSecure(arrival, socket)
  })
  secure.on('tlsClientError', (_error, socket) => {
    options.onFailed(socket.remoteAddress ?? '')
    socket.destroy()
  })
  await listening(tcp, options.listen)
  return {
    port: portOf(tcp),
    renew,
    async close() {
      const closed = new Promise<void>(resolve => tcp.close(() => resolve()))
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}

/** The server that shakes hands on connections it is given, and what makes it take up renewed certificates. */
function handshakes({ profile, handshakeMs, certificateFor }: ListenerOptions): { secure: TlsServer; renew(): void } {
  const contexts = new WeakMap<Material, SecureContext>()
  const contextOf = (material: Material): SecureContext => {
    const known = contexts.get(material)
    if (known !== undefined) return known
    const made = createSecureContext({ ...PROFILES[profile], ...material })
    contexts.set(material, made)
    return made
  }
  let material = certificateFor(undefined)
  const tlsOptions = (): TlsOptions => ({
    ...PROFILES[profile],
    ...material,
    honorCipherOrder: true,
    // Tickets die with the process, and a restart is when all devices come at once: they would save nothing then.
    secureOptions: constants.SSL_OP_NO_TICKET,
  })
  const secure = createServer({
    ...tlsOptions(),
    // A certificate logs a device in by its fingerprint, so nobody has to have signed it.
    requestCert: true,
    rejectUnauthorized: false,
    handshakeTimeout: handshakeMs,
    SNICallback: (name, done) => done(null, contextOf(certificateFor(name))),
  })
  const renew = (): void => {
    const next = certificateFor(undefined)
    if (next === material) return
    material = next
    secure.setSecureContext(tlsOptions())
  }
  return { secure, renew }
}

function arrive(socket: Socket, begin: () => void): Arrival {
  return {
    address: (socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    begin: () => {
      if (!socket.destroyed) begin()
    },
    onClose: () => {},
    refuse: () => socket.destroy(),
  }
}

/** No two open connections of one listener share it. */
function keyOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`
}

/** What the kernel keeps of connections we have not looked at yet; it takes less when it is set so. */
const BACKLOG = 4_096

function listening(server: Server, { host, port }: ListenerOptions['listen']): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(problem('cira-listen-failed', error.message, { host, port }, error))
    server.once('error', failed)
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.removeListener('error', failed)
      resolve()
    })
  })
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** A socket as the protocol writes to it; `onEnd` is called when it was said goodbye to. */
export function wireOf(socket: SecureSocket, address: string, onEnd: () => void): Wire {
  return {
    address,
    write: bytes => socket.write(bytes),
    fingerprint: () => socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase(),
    end: () => {
      if (socket.destroyed) return
      onEnd()
      socket.end()
    },
    destroy: () => void socket.destroy(),
  }
}
