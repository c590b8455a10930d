// SPDX-License-Identifier: Apache-2.0
/** A way through an HTTP proxy, by CONNECT (RFC 9110 §9.3.6). */
import type { Duplex } from 'node:stream'
import type { DialTarget } from '../system/system.ts'
import { problem } from './dial-problems.ts'

/** Longest answer head that is read before giving up. */
const MAX_HEAD_BYTES = 8_192

export type Tunnel = { readonly through: URL; readonly to: DialTarget; readonly signal: AbortSignal }

/** Where a proxy listens. */
export function proxyTarget(proxy: URL): DialTarget {
  return { host: proxy.hostname, port: proxy.port === '' ? 80 : Number(proxy.port) }
}

/**
 * Asks the proxy at the other end of the stream for a tunnel; the stream then leads to the target.
 * Throws `proxy-refused` (fields: status) when it declines or answers nonsense; the stream is then of no further use.
 */
export async function openTunnel(stream: Duplex, { through, to, signal }: Tunnel): Promise<void> {
  const host = to.host.includes(':') && !to.host.startsWith('[') ? `[${to.host}]` : to.host
  if (!/^[A-Za-z0-9._:[\]-]+$/.test(host)) throw refused(through, 'the name asked for cannot stand in a request')
  const authority = `${host}:${to.port}`
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`, ...credentials(through), '', '']
  stream.write(lines.join('\r\n'))
  const head = await readHead(stream, through, signal)
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |\r)/.exec(head)?.[1] ?? Number.NaN)
  if (Number.isNaN(status)) throw refused(through, 'it does not answer like an HTTP proxy')
  if (status < 200 || status > 299) throw refused(through, explain(status), status)
}

function credentials({ username, password }: URL): readonly string[] {
  if (username === '') return []
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return [`Proxy-Authorization: Basic ${Buffer.from(pair).toString('base64')}`]
}

function explain(status: number): string {
  if (status === 407) return 'it wants a user name and password (407)'
  if (status === 403) return 'it forbids this target (403)'
  if (status === 502 || status === 503 || status === 504) return `it cannot reach the controller either (${status})`
  return `it answered ${status}`
}

// Never shows the whole address, which may carry a password.
function refused(proxy: URL, why: string, status?: number) {
  const fields = { proxy: proxy.host, ...(status === undefined ? {} : { status }) }
  return problem('proxy-refused', `${proxy.host}: ${why}`, fields)
}

function readHead(stream: Duplex, proxy: URL, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0)
    const settle = (act: () => void): void => {
      stream.off('readable', read)
      stream.off('error', fail)
      stream.off('end', gone)
      stream.off('close', gone)
      signal.removeEventListener('abort', stop)
      act()
    }
    const fail = (thrown: Error): void =>
      settle(() => reject(refused(proxy, `the connection broke: ${thrown.message}`)))
    const gone = (): void => settle(() => reject(refused(proxy, 'it closed the connection')))
    const stop = (): void => settle(() => reject(signal.reason))
    const read = (): void => {
      for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) head = Buffer.concat([head, chunk])
      const verdict = judge(head)
      if (verdict === 'whole') settle(() => resolve(head.toString('latin1')))
      else if (verdict !== 'partial') settle(() => reject(refused(proxy, verdict.wrong)))
    }
    if (signal.aborted) {
      reject(signal.reason)
      return
    }
    stream.on('readable', read)
    stream.once('error', fail)
    stream.once('end', gone)
    stream.once('close', gone)
    signal.addEventListener('abort', stop, { once: true })
  })
}

function judge(head: Buffer): 'whole' | 'partial' | { readonly wrong: string } {
  const end = head.indexOf('\r\n\r\n')
  if (end > MAX_HEAD_BYTES || (end < 0 && head.length > MAX_HEAD_BYTES)) return { wrong: 'its answer has no end' }
  if (end < 0) return 'partial'
  // A TLS server says nothing before its client does, so whatever follows a granting head is not from it.
  const isGranted = /^HTTP\/1\.[01] 2/.test(head.toString('latin1', 0, 12))
  return isGranted && end + 4 < head.length ? { wrong: 'it adds bytes of its own to the connection' } : 'whole'
}
