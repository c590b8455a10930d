// SPDX-License-Identifier: Apache-2.0
/** Opens the agent's only kind of connection: TLS 1.3 to a controller that is proved to be ours. */
import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { createSecureContext, type SecureContext, type TLSSocket, connect as tlsConnect } from 'node:tls'
import { type EpochMs, SECOND } from '../../plugins/contract/index.ts'
import type { DialTarget, System } from '../system/system.ts'
import { chainProblem, presentedBy } from './chain.ts'
import { within } from './deadline.ts'
import { problem } from './dial-problems.ts'
import { connectionProblem } from './tls-failures.ts'
import { openTunnel, proxyTarget } from './tunnel.ts'

/** How long each part may take: reaching the first hop, and the proxy's answer. */
const PART_MS = 10 * SECOND
/** A controller that a whole fleet returns to has them wait for their handshake; whoever leaves waits longer. */
const HANDSHAKE_MS = 65 * SECOND

/** Roots in PEM, or the SHA-256 of one root (hexadecimal) that the server must then present itself. */
export type Trust = { readonly roots: readonly string[] } | { readonly pinnedRoot: string }

/** Certificate chain and PKCS #8 key, both PEM. */
export type TlsIdentity = { readonly certificate: string; readonly key: string }

export type DialOptions = {
  readonly system: System
  readonly target: DialTarget
  readonly trust: Trust
  readonly identity?: TlsIdentity
  /** Made of the same trust and identity by `contextOf`, for whoever dials again and again. */
  readonly context?: SecureContext
  readonly alpn?: readonly string[]
  /** The name the certificate must carry when it is not the one dialed. */
  readonly servername?: string
  /** Judges periods of validity at this moment instead of by the system clock, which is known to be wrong. */
  readonly at?: EpochMs
  readonly signal: AbortSignal
}

/**
 * Connects, through a proxy where the environment says so. Nothing is sent to a server before its certificate is checked.
 * The socket carries a listener for `error`, so that it never brings the process down; pass what it emits to
 * `connectionProblem`, which also tells when the controller refuses our certificate after the handshake.
 *
 * Throws `unreachable`, `proxy-refused`, `untrusted-controller`, `name-mismatch`, `clock-behind`, `certificate-expired`,
 * `certificate-refused`, or the signal's reason.
 */
export async function dialTls(options: DialOptions): Promise<TLSSocket> {
  const { system, target, signal } = options
  const stream = await reach(options)
  const late = () => problem('unreachable', 'the TLS handshake took too long', { ...target, cause: 'ETIMEDOUT' })
  return within({ clock: system.clock, waitMs: HANDSHAKE_MS, signal, late }, each => handshake(stream, options, each))
}

async function reach({ system, target, signal }: DialOptions): Promise<Duplex> {
  const proxy = system.network.proxyFor(target)
  const hop = proxy === undefined ? target : proxyTarget(proxy)
  const late = () => problem('unreachable', `${hop.host}:${hop.port} (ETIMEDOUT)`, { ...hop, cause: 'ETIMEDOUT' })
  const limits = { clock: system.clock, waitMs: PART_MS, signal, late }
  const stream = await within(limits, each => system.network.connect(hop, each))
  if (proxy === undefined) return stream
  try {
    await within(limits, each => openTunnel(stream, { through: proxy, to: target, signal: each }))
    return stream
  } catch (thrown) {
    discard(stream)
    throw thrown
  }
}

function handshake(stream: Duplex, options: DialOptions, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const stop = (): void => fail(signal.reason)
    const fail = (reason: unknown): void => {
      signal.removeEventListener('abort', stop)
      // The TLS layer must go first: Node crashes when the stream below it is taken away inside one of its callbacks.
      if (socket === undefined) discard(stream)
      else socket.destroy()
      reject(reason)
    }
    const socket = signal.aborted ? undefined : secure(stream, options)
    if (socket === undefined) return fail(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    socket.on('error', thrown => fail(connectionProblem(thrown, options.target)))
    socket.once('close', () => fail(connectionProblem(new Error('closed during the handshake'), options.target)))
    socket.once('secureConnect', () => {
      const wrong = isCheckedByHand(options) ? handCheck(socket, options) : undefined
      if (wrong !== undefined) return fail(wrong)
      signal.removeEventListener('abort', stop)
      resolve(socket)
    })
  })
}

/** The same with its own certificate alone: whoever issued it needs no other to know it, and keeps what it is shown. */
export function leafOf({ certificate, key }: TlsIdentity): TlsIdentity {
  return { certificate: new X509Certificate(certificate).toString(), key } // reads the first of a chain
}

/** What TLS makes of certificates and key; making it costs as much as half a handshake. */
export function contextOf({ trust, identity }: Pick<DialOptions, 'trust' | 'identity'>): SecureContext {
  return createSecureContext({
    minVersion: 'TLSv1.3',
    ca: 'roots' in trust ? [...trust.roots] : [],
    ...(identity === undefined ? {} : { cert: identity.certificate, key: identity.key }),
  })
}

function secure(stream: Duplex, options: DialOptions): TLSSocket {
  const { alpn, context = contextOf(options) } = options
  const name = nameOf(options)
  const socket = tlsConnect({
    socket: stream,
    host: name,
    servername: isIP(name) === 0 ? name : '', // RFC 6066 §3: no addresses in server_name
    secureContext: context,
    rejectUnauthorized: !isCheckedByHand(options),
    ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
  })
  stream.on('error', thrown => socket.destroy(thrown))
  socket.once('close', () => discard(stream))
  return socket
}

function isCheckedByHand({ trust, at }: DialOptions): boolean {
  return 'pinnedRoot' in trust || at !== undefined
}

function handCheck(socket: TLSSocket, options: DialOptions) {
  const { system, trust, at } = options
  const anchor = 'pinnedRoot' in trust ? { fingerprint: trust.pinnedRoot } : trust
  return chainProblem(presentedBy(socket), { anchor, name: nameOf(options), at: at ?? system.clock.now() })
}

function nameOf({ servername, target }: DialOptions): string {
  return (servername ?? target.host).replace(/^\[(.*)\]$/, '$1')
}

// A stream nobody reads any more may still fail; that is of no interest.
function discard(stream: Duplex): void {
  stream.on('error', () => undefined)
  stream.destroy()
}
