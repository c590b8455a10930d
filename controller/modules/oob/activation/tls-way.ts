// SPDX-License-Identifier: Apache-2.0
/** TLS to the firmware, its records carried by `rpc` as they are: the client between sees nothing but ciphertext. */
import { X509Certificate } from 'node:crypto'
import { Duplex } from 'node:stream'
import { connect, type TLSSocket } from 'node:tls'
import { closed, type Exchange } from '../wsman/exchange.ts'
import { encodeRequest, type HttpReply, type HttpRequest, ReplyReader } from '../wsman/http.ts'
import type { Link } from './link.ts'
import { write } from './protocol.ts'

/**
 * What became of the check of the device's certificate. `own`: we issued it. `on-die`: it leads to a root of the
 * vendor's on-die authority. `unproven`: neither.
 */
export type Verdict = { readonly kind: 'own' | 'on-die' | 'unproven'; readonly subject: string }

export type TlsWayParts = {
  readonly link: Link
  /** Base64 DER of the root that signs our devices' certificates. */
  readonly ownRoot: string
  /** Roots of the vendor's on-die authority, PEM. */
  readonly onDieRoots: readonly string[]
  /** Told of each session; throws to refuse it. */
  readonly judge: (verdict: Verdict) => void
  /** Waits before a session is opened after one was lost. */
  readonly rest: (signal: AbortSignal) => Promise<void>
}

/** One session at a time, kept open over requests and opened anew after the firmware or the client dropped it. */
export class TlsWay implements Exchange {
  readonly #parts: TlsWayParts
  #socket: TLSSocket | undefined
  #wire: Duplex | undefined
  #isLost = false

  constructor(parts: TlsWayParts) {
    this.#parts = parts
    parts.link.onTlsData = records => void this.#wire?.push(records)
    parts.link.onReset = () => {
      this.#isLost = true
      this.close()
    }
  }

  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    signal.throwIfAborted()
    this.#parts.link.signal.throwIfAborted()
    const socket = await this.#session(signal)
    this.#parts.link.messages += 1
    try {
      const reply = await over(socket, request, signal)
      if (!reply.keepsAlive) this.close()
      return reply
    } catch (thrown) {
      this.close()
      throw thrown
    }
  }

  close(): void {
    const [socket, wire] = [this.#socket, this.#wire]
    this.#socket = undefined
    this.#wire = undefined
    socket?.destroy()
    wire?.destroy()
  }

  async #session(signal: AbortSignal): Promise<TLSSocket> {
    if (this.#socket?.writable === true && !this.#socket.destroyed) return this.#socket
    this.close()
    if (this.#isLost) {
      this.#isLost = false
      await this.#parts.rest(signal)
    }
    const wire = wireOver(this.#parts.link)
    this.#wire = wire
    const socket = await handshake(wire, signal)
    try {
      this.#parts.judge(this.#verdict(socket))
    } catch (thrown) {
      socket.destroy()
      throw thrown
    }
    this.#socket = socket
    return socket
  }

  /** Extended key usages are not looked at: the on-die certificate has none that fits. */
  #verdict(socket: TLSSocket): Verdict {
    let peer = socket.getPeerX509Certificate()
    if (peer === undefined) return { kind: 'unproven', subject: '' }
    const subject = peer.subject.replaceAll('\n', ', ')
    const own = new X509Certificate(Buffer.from(this.#parts.ownRoot, 'base64'))
    if (peer.verify(own.publicKey)) return { kind: 'own', subject }
    const roots = this.#parts.onDieRoots.map(pem => new X509Certificate(pem))
    for (let depth = 0; peer !== undefined && depth < 10; depth++) {
      const below: X509Certificate = peer
      if (roots.some(root => root.raw.equals(below.raw) || below.verify(root.publicKey)))
        return { kind: 'on-die', subject }
      const above: X509Certificate | undefined = below.issuerCertificate
      if (above === undefined || above.raw.equals(below.raw) || !below.verify(above.publicKey)) break
      peer = above
    }
    return { kind: 'unproven', subject }
  }
}

/** Records that leave within one turn go in one message, as the client writes each message in one piece. */
function wireOver(link: Link): Duplex {
  let waiting: Buffer[] = []
  return new Duplex({
    read: () => {},
    write: (chunk: Buffer, _, done) => {
      if (waiting.push(chunk) === 1) {
        setImmediate(() => {
          const records = Buffer.concat(waiting)
          waiting = []
          link.send(write.tlsData(records)).catch(() => {}) // the link tells of its own end
        })
      }
      done()
    },
  })
}

function handshake(wire: Duplex, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      socket: wire,
      // Who it is is judged afterwards. Firmware before 16 has keys and ciphers that OpenSSL no longer likes.
      rejectUnauthorized: false,
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.2',
      ciphers: 'DEFAULT:@SECLEVEL=0',
    })
    const fail = (reason: unknown): void => {
      socket.destroy()
      reject(reason)
    }
    const stop = (): void => fail(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    socket.on('error', () => {}) // after the handshake the requests notice
    socket.once('error', () => fail(closed(false)))
    socket.once('close', () => fail(closed(false)))
    wire.once('close', () => fail(closed(false)))
    socket.once('secureConnect', () => {
      signal.removeEventListener('abort', stop)
      resolve(socket)
    })
  })
}

function over(socket: TLSSocket, request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const reader = new ReplyReader()
    const done = (act: () => void): void => {
      socket.off('data', take)
      socket.off('close', end)
      socket.off('end', end)
      signal.removeEventListener('abort', stop)
      act()
    }
    const take = (bytes: Buffer): void => {
      try {
        const reply = reader.push(bytes)
        if (reply !== undefined) done(() => resolve(reply))
      } catch (thrown) {
        done(() => reject(thrown))
      }
    }
    const end = (): void => {
      const reply = reader.end()
      done(() => (reply === undefined ? reject(closed(true)) : resolve(reply)))
    }
    const stop = (): void => done(() => reject(signal.reason))
    socket.on('data', take)
    socket.once('close', end)
    socket.once('end', end)
    signal.addEventListener('abort', stop, { once: true })
    request.onSent?.()
    socket.write(encodeRequest(request, 'length'))
  })
}
