// SPDX-License-Identifier: Apache-2.0
/** Posts one delivery: one connection to an address that may be told, no redirects, an end in time. */
import { lookup as resolve } from 'node:dns'
import { type ClientRequest, request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Clock } from '../../../plugins/contract/index.ts'
import { type Addresses, bareHost, portOf } from './addresses.ts'

export type Letter = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly ca: string | undefined
  readonly signal: AbortSignal
}

/** `refused`: the address may not be told, now or later. */
export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string }

export type Post = (letter: Letter) => Promise<Answer>

export type PostParts = {
  readonly addresses: Addresses
  readonly clock: Pick<Clock, 'after'>
  readonly timeoutMs: number
}

/** So much of an answer is read, for politeness; nothing of it is looked at. */
const MAX_ANSWER_BYTES = 65_536

class Refused extends Error {}

export function createPost({ addresses, clock, timeoutMs }: PostParts): Post {
  return async letter => {
    const timer = new AbortController()
    const forget = clock.after(timeoutMs, () => timer.abort(new Error(`no answer within ${timeoutMs / 1_000} s`)))
    const signal = AbortSignal.any([letter.signal, timer.signal])
    try {
      return await send(addresses.check(letter.url), { ...letter, signal, addresses, forget })
    } catch (thrown) {
      forget()
      if (timer.signal.aborted) return { kind: 'failed', why: `no answer within ${timeoutMs / 1_000} s` }
      const why = wordsOf(thrown)
      return isRefusal(thrown) ? { kind: 'refused', why } : { kind: 'failed', why }
    }
  }
}

/** Addresses of this machine's interfaces. */
export function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap(each => (each ?? []).map(({ address }) => address))
}

function isRefusal(thrown: unknown): boolean {
  return thrown instanceof Refused || (thrown as { code?: string }).code === 'webhook-address-refused' // any error has this
}

/** What went wrong without what was sent: codes of the system and of TLS say it best. */
function wordsOf(thrown: unknown): string {
  const { code, message } = thrown as Error & { code?: string } // only errors are thrown here
  return (code === undefined ? message : `${code}: ${message}`).slice(0, 300)
}

type Sending = Letter & { readonly addresses: Addresses; readonly forget: () => void }

function send(url: URL, { headers, body, ca, signal, addresses, forget }: Sending): Promise<Answer> {
  const host = bareHost(url)
  const port = portOf(url)
  if (isIP(host) !== 0 && !addresses.isAllowed(host, port)) throw new Refused(`${host} may not be told`)
  return new Promise((resolved, rejected) => {
    const options = {
      method: 'POST',
      // No connection is kept: a receiver that comes back elsewhere is looked up anew.
      agent: false as const,
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      lookup: guarded(addresses, port),
      signal,
      ...(ca === undefined ? {} : { ca }),
    }
    const request: ClientRequest = url.protocol === 'https:' ? secure(url, options) : plain(url, options)
    request.on('error', rejected)
    request.on('response', response => {
      let bytes = 0
      response.on('data', (part: Buffer) => {
        bytes += part.length
        if (bytes > MAX_ANSWER_BYTES) response.destroy()
      })
      response.on('error', () => {})
      response.on('close', forget)
      resolved({
        kind: 'answered',
        status: response.statusCode ?? 0,
        retryAfterMs: secondsIn(response.headers['retry-after']),
      })
    })
    request.end(body)
  })
}

/** RFC 9110 §10.2.3, the form in seconds only. */
function secondsIn(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : undefined
}

/** Looks at the very addresses that are connected to, so that a name cannot change its meaning in between. */
function guarded(addresses: Addresses, port: number): LookupFunction {
  return (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, '', 0)
      const refused = found.find(({ address }) => !addresses.isAllowed(address, port))
      const [first] = found
      if (refused !== undefined || first === undefined)
        return done(new Refused(`${name} is ${refused?.address ?? 'nowhere'}, which may not be told`), '', 0)
      if (options.all === true) return done(null, found)
      done(null, first.address, first.family)
    })
  }
}
