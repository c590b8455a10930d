// SPDX-License-Identifier: Apache-2.0
/** Looks at a server's certificates without trusting them, for comparison with a fingerprint. */
import { createHash, X509Certificate } from 'node:crypto'
import { connect, type DetailedPeerCertificate } from 'node:tls'
import type { ShownCertificate } from '../ports.ts'
import { problem } from '../problems.ts'
import { unreachable } from './unreachable.ts'

/** The certificates a server shows, leaf first, verified by nobody; sends nothing but the handshake. */
export async function shownChain(url: URL, signal: AbortSignal): Promise<readonly ShownCertificate[]> {
  const port = Number(url.port || 443)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve, reject) => {
    // Nothing is sent on this connection: what it shows is compared with what a person was told.
    const socket = connect({ host, port, ...serverName(host), rejectUnauthorized: false, minVersion: 'TLSv1.2' })
    const stop = (): void => void socket.destroy(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    socket.setTimeout(10_000, () => socket.destroy(problem('controller-unreachable', `${url.host} is silent`)))
    socket.on('secureConnect', () => {
      const shown = certificatesOf(socket.getPeerCertificate(true))
      socket.destroy()
      resolve(shown)
    })
    socket.on('error', thrown => reject(unreachable({ url, signal }, thrown)))
    socket.on('close', () => {
      signal.removeEventListener('abort', stop)
      reject(problem('controller-unreachable', `${url.host} closed the connection`))
    })
  })
}

/** RFC 6066 §3 has no server name for addresses. */
function serverName(host: string): { servername?: string } {
  return /^[\d.]+$|:/.test(host) ? {} : { servername: host }
}

function certificatesOf(leaf: DetailedPeerCertificate): readonly ShownCertificate[] {
  const shown: ShownCertificate[] = []
  const seen = new Set<string>()
  for (let each = leaf; each?.raw !== undefined && !seen.has(each.fingerprint256); each = each.issuerCertificate) {
    seen.add(each.fingerprint256)
    const certificate = new X509Certificate(each.raw)
    shown.push({
      pem: certificate.toString(),
      sha256: createHash('sha256').update(each.raw).digest('hex'),
      subject: certificate.subject.replaceAll('\n', ', '),
    })
  }
  return shown
}
