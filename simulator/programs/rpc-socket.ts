// SPDX-License-Identifier: Apache-2.0
/** The websocket of the simulated `rpc` to its server, over the simulated host's network; the simulator's importer of ws. */
import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { type TLSSocket, connect as tlsConnect } from 'node:tls'
import { WebSocket } from 'ws'
import type { Network } from '../../agent/system/system.ts'

/** The real client gives a message of more bytes than this up. */
const MAX_MESSAGE_BYTES = 102_400
const HANDSHAKE_MS = 45_000

export type ServerOptions = {
  readonly network: Network
  readonly url: URL
  /** Does not check the server's certificate. */
  readonly trustAny: boolean
  /** PEM; those that come with Node when left out. */
  readonly roots?: string
  readonly signal: AbortSignal
}

export interface ServerLink {
  send(message: object): void
  /** The next message; `undefined` once the connection has ended. Rejects with the signal's reason. */
  next(signal: AbortSignal): Promise<string | undefined>
  /** Why the connection ended, in the words of the real client. */
  readonly why: string
  /** Aborted once the connection has ended. */
  readonly ended: AbortSignal
  close(): void
  /** Breaks the connection without a farewell. */
  cut(): void
}

/** Connects. Rejects with an error whose message is what the real client would log. */
export async function openServer({ network, url, trustAny, roots, signal }: ServerOptions): Promise<ServerLink> {
  const secure = url.protocol === 'wss:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port)
  const raw = await network.connect({ host, port }, signal).catch((thrown: Error) => {
    if (signal.aborted) throw thrown
    throw new Error(`dial tcp ${host}:${port}: connect: ${thrown.message}`)
  })
  raw.on('error', () => undefined)
  const stream = secure ? await secured(raw, { host, trustAny, ...(roots === undefined ? {} : { roots }) }) : raw
  return upgrade(stream, url, signal)
}

type Security = { readonly host: string; readonly trustAny: boolean; readonly roots?: string }

function secured(socket: Duplex, { host, trustAny, roots }: Security): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const tls = tlsConnect({
      socket,
      host,
      servername: isIP(host) === 0 ? host : '',
      rejectUnauthorized: !trustAny,
      ...(roots === undefined ? {} : { ca: roots }),
      ALPNProtocols: ['http/1.1'],
    })
    tls.once('secureConnect', () => resolve(tls))
    tls.once('error', thrown => reject(new Error(`tls: failed to verify certificate: x509: ${thrown.message}`)))
    tls.once('close', () => reject(new Error('read tcp: connection reset by peer')))
  })
}

function upgrade(stream: Duplex, url: URL, signal: AbortSignal): Promise<ServerLink> {
  return new Promise((resolve, reject) => {
    stream.on('error', () => undefined)
    const socket = new WebSocket(url, {
      createConnection: () => stream,
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      handshakeTimeout: HANDSHAKE_MS,
    })
    const link = linkOver(socket, stream)
    const stop = (): void => {
      socket.terminate()
      stream.destroy()
      reject(signal.reason)
    }
    signal.addEventListener('abort', stop, { once: true })
    socket.once('open', () => resolve(link))
    socket.once('error', thrown => reject(new Error(`websocket: bad handshake: ${thrown.message}`)))
    socket.once('close', () => signal.removeEventListener('abort', stop))
    if (signal.aborted) stop()
  })
}

function linkOver(socket: WebSocket, stream: Duplex): ServerLink {
  const waiting: string[] = []
  const over = new AbortController()
  let why = ''
  let wake = (): void => undefined
  socket.on('message', data => {
    waiting.push(String(data))
    wake()
  })
  socket.on('error', thrown => {
    why ||= /max payload/i.test(thrown.message) ? 'websocket: read limit exceeded' : thrown.message
  })
  socket.once('close', code => {
    why ||= code === 1006 ? 'websocket: close 1006 (abnormal closure): unexpected EOF' : `websocket: close ${code}`
    over.abort(new Error(why))
    wake()
  })
  return {
    send(message) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
    },
    next: signal =>
      new Promise((resolve, reject) => {
        const settle = (): void => {
          const message = waiting.shift()
          if (message === undefined && !over.signal.aborted) return
          done()
          resolve(message)
        }
        const stop = (): void => {
          done()
          reject(signal.reason)
        }
        const done = (): void => {
          wake = () => undefined
          signal.removeEventListener('abort', stop)
        }
        if (signal.aborted) return reject(signal.reason)
        signal.addEventListener('abort', stop, { once: true })
        wake = settle
        settle()
      }),
    get why() {
      return why
    },
    ended: over.signal,
    close: () => socket.close(),
    cut() {
      socket.terminate()
      stream.destroy()
    },
  }
}
