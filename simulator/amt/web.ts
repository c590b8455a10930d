// SPDX-License-Identifier: Apache-2.0
/** The engine's port 16992: HTTP with digest authentication in front of WS-Management. */
import type { Duplex } from 'node:stream'
import { createNonces, digestResponse, md5, type Nonces, parseAuthorization, passwordHash } from './digest.ts'
import type { Caller, Firmware } from './firmware.ts'
import { type Answer, type HttpReply, type HttpRequest, serveHttp } from './http.ts'
import { WsmanFault } from './soap.ts'
import { createWsman, type Wsman, type WsmanReply, type WsmanRequest } from './wsman.ts'

/** Where a stream came from. */
export type Path = {
  /** From the host itself: the local account may log in. */
  readonly local: boolean
  /** Tears the path down, the whole tunnel for a channel; gently, once what was written has left, or at once. */
  cut(gently: boolean): void
}

/** A message that logged in, for tests that look at what was said. */
export type JournalEntry = {
  readonly what: string
  readonly user: string
  readonly body: string
  readonly selectors: Readonly<Record<string, string>>
}

export type WebOptions = {
  /** Requests a nonce serves. */
  readonly nonceLife: number
  /** Whether replies come in chunks or with their length. */
  readonly chunked: boolean
  readonly journal?: (entry: JournalEntry) => void
}

export interface Web {
  serve(stream: Duplex, path: Path): void
}

const UNAUTHORIZED = [
  '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" >',
  '<html><head><link rel=stylesheet href=/styles.css><title>Unauthorized</title></head>',
  '<body><h1>Log on failed. Incorrect user name or password, or user account temporarily locked.</h1></body></html>',
].join('\r\n')

/** Makes the web server of one machine; what it needs for the first request it makes then. */
export function createWeb(firmware: Firmware, options: WebOptions): Web {
  let made: { readonly wsman: Wsman; readonly nonces: Nonces } | undefined
  const parts = (): { readonly wsman: Wsman; readonly nonces: Nonces } => {
    made ??= { wsman: createWsman(firmware), nonces: createNonces(firmware.random, options.nonceLife) }
    return made
  }
  const headers = { Server: `Intel(R) Active Management Technology ${firmware.model.version}` }
  const challenge = (stale: boolean): HttpReply => ({
    status: 401,
    headers: {
      'WWW-Authenticate': parts().nonces.challenge(firmware.state.realm, stale),
      'Content-Type': 'text/html',
      ...headers,
    },
    body: UNAUTHORIZED,
  })
  const reply = ({ status, body }: WsmanReply): HttpReply => ({
    status,
    headers: { 'Content-Type': 'application/soap+xml; charset=UTF-8', ...headers },
    body,
    chunked: options.chunked,
  })
  const run = async (request: WsmanRequest, caller: Caller, path: Path): Promise<Answer> => {
    const what = `${request.action.slice(request.action.lastIndexOf('/') + 1)} ${request.className}`
    const planned = firmware.faults.message(what)
    const delayMs = firmware.faults.delayMs()
    if (delayMs > 0) await firmware.clock.sleep(delayMs, new AbortController().signal)
    const cut = (): Answer => {
      path.cut(false)
      return 'cut'
    }
    if (planned.cut === 'before') return cut()
    if (planned.failed) return reply(parts().wsman.fault(new WsmanFault('c:InternalError'), request))
    const given = await parts().wsman.answer(request, caller)
    if (planned.cut === 'after') {
      given.afterReply?.()
      return cut()
    }
    if (planned.lost || given.hang === true) {
      given.afterReply?.()
      return 'silence'
    }
    const sent = (): void => {
      given.afterReply?.()
      if (planned.cut === 'reply') path.cut(true)
    }
    return { ...reply(given), sent }
  }
  const answer = async (request: HttpRequest, path: Path): Promise<Answer> => {
    if (request.path !== '/wsman') return { status: 404, headers, body: '' }
    if (request.method !== 'POST') return { status: 400, headers, body: '', close: true }
    const login = authenticate(firmware, parts().nonces, request, path.local)
    if (typeof login === 'object' && 'stale' in login) return challenge(login.stale)
    const read = parts().wsman.read(request.body)
    if (typeof read === 'string') return reply(parts().wsman.fault(new WsmanFault('c:SchemaValidationError')))
    const { action, className, selectors } = read
    const what = `${action.slice(action.lastIndexOf('/') + 1)} ${className}`
    options.journal?.({ what, user: login.user, body: request.body, selectors })
    return run(read, login, path)
  }
  return { serve: (stream, path) => serveHttp(stream, request => answer(request, path)) }
}

/** Who logged in, or that another challenge is due. */
function authenticate(
  firmware: Firmware,
  nonces: Nonces,
  request: HttpRequest,
  local: boolean,
): Caller | { readonly stale: boolean } {
  const { state } = firmware
  const parts = parseAuthorization(request.headers.authorization)
  if (parts === undefined || parts.realm !== state.realm || parts.qop !== 'auth') return { stale: false }
  const hash = hashOf(firmware, parts.username ?? '', local)
  if (hash === undefined || parts.uri !== request.path) return { stale: false }
  if (parts.response !== digestResponse(hash, request.method, parts)) return { stale: false }
  if (firmware.faults.stale() || nonces.use(parts.nonce ?? '', parts.nc ?? '') === 'stale') return { stale: true }
  state.counters.logins += 1
  return { user: parts.username ?? '', local }
}

/** The hash an account's password has now; the local account exists on the local path only. */
export function hashOf({ state }: Firmware, user: string, local: boolean): string | undefined {
  if (user === 'admin') return state.controlMode === 0 ? undefined : state.adminHash
  if (user !== '$$OsAdmin' || !local) return undefined
  return passwordHash(user, state.realm, state.osAdminPassword)
}

/** The `response` of digest authentication on the redirection port. */
export function redirectionResponse(hash: string, parts: Readonly<Record<string, string>>): string {
  const { nonce = '', nc = '', cnonce = '', qop = '', uri = '' } = parts
  return md5(`${hash}:${nonce}:${nc}:${cnonce}:${qop}:${md5(`POST:${uri}`)}`)
}
