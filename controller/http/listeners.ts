// SPDX-License-Identifier: Apache-2.0
/** The sockets the API is served on: HTTPS anywhere, plain HTTP on loopback only. */

import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer as createPlain, type Server } from 'node:http'
import { createServer as createSecure } from 'node:https'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  'plain-http-refused': {
    status: 500,
    title: 'Plain HTTP is served on loopback only',
    retry: 'never',
    next: 'use https:// in `http.listen`, or listen on 127.0.0.1',
  },
  'address-in-use': {
    status: 500,
    title: 'The address is already in use',
    retry: 'never',
    next: 'stop what listens there, or choose another port',
  },
})

export type TlsMaterial = { readonly cert: string; readonly key: string; readonly ca: string }

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

export type ListenOptions = {
  readonly url: URL
  readonly tls: () => TlsMaterial
  readonly handle: RequestListener
  readonly upgrade: UpgradeHandler
}

export interface Listener {
  /** With the port that was given, also when it was asked for as 0. */
  readonly url: URL
  /** Takes up renewed certificates for new connections. */
  renew(): void
  close(): Promise<void>
}

const LIMITS = {
  requestTimeout: 30_000,
  headersTimeout: 10_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16_384,
  // Otherwise Node looks for requests that take too long only twice a minute.
  connectionsCheckingInterval: 2_000,
}

/** Throws `plain-http-refused`, `address-in-use`. */
export async function listen({ url, tls, handle, upgrade }: ListenOptions): Promise<Listener> {
  const secure = url.protocol === 'https:'
  if (!secure && !isLoopback(hostOf(url))) throw problem('plain-http-refused', url.origin)
  const server = secure ? createSecure({ ...LIMITS, ...secureOptions(tls()) }, handle) : createPlain(LIMITS, handle)
  server.maxRequestsPerSocket = 10_000
  server.on('upgrade', upgrade)
  const port = await bind(server, url)
  const bound = new URL(url)
  bound.port = String(port)
  return {
    url: bound,
    renew: () => {
      if ('setSecureContext' in server) server.setSecureContext(secureOptions(tls()))
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}

// Hosts present their certificate when they renew; browsers have none of ours and are not asked for another.
function secureOptions({ cert, key, ca }: TlsMaterial) {
  return {
    cert,
    key,
    ca,
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2' as const,
    handshakeTimeout: 10_000,
  }
}

/** Connections that the system holds until they are accepted: a fleet that enrolls or loads packages overruns Node's 511. */
const BACKLOG = 4_096

function bind(server: Server, url: URL): Promise<number> {
  const fallback = url.protocol === 'https:' ? 443 : 80
  const port = url.port === '' ? fallback : Number(url.port)
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? problem('address-in-use', url.host) : error)
    })
    server.listen({ host: hostOf(url), port, backlog: BACKLOG }, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/** DER of the certificate the caller proved to own in the handshake; `undefined` on plain HTTP or without one. */
export function peerCertificateOf(request: IncomingMessage): Buffer | undefined {
  const socket = request.socket as TLSSocket // plain sockets lack the method, which the check below covers
  if (typeof socket.getPeerCertificate !== 'function') return undefined
  const { raw } = socket.getPeerCertificate()
  return raw instanceof Buffer ? raw : undefined
}
