// SPDX-License-Identifier: Apache-2.0
/** One session of the simulated `rpc` with its server: carries what the server says to the firmware and back. */
import type { Duplex } from 'node:stream'
import type { ServerLink } from '../rpc-socket.ts'
import type { RpcLog } from './codes.ts'
import type { RpcOptions } from './engine.ts'
import { exchange } from './http-reply.ts'
import { type Message, messageOf } from './payload.ts'

/** How it ended. `broken`: without a word from the server. */
export type SessionEnd = 'success' | 'error' | 'broken' | 'unreachable'

export type SessionParts = {
  readonly options: RpcOptions
  readonly link: ServerLink
  readonly log: RpcLog
  readonly signal: AbortSignal
  /** The local ports speak TLS only, or the tunnel was asked for. */
  readonly tls: boolean
}

const AMT_PORT = 16_992
const AMT_TLS_PORT = 16_993
/** Firmware that does not answer in this time is not waited for any longer. */
const REPLY_MS = 30_000

/** Sends the first message and answers until the server has had its say. Rejects when the program is killed. */
export async function converse(parts: SessionParts, first: Message): Promise<SessionEnd> {
  const { link, options, signal, log } = parts
  const local = localSide(parts)
  try {
    link.send(first)
    for (;;) {
      const text = await link.next(signal)
      if (text === undefined) {
        log.say('error', `error:${link.why}`)
        return 'broken'
      }
      const trouble = options.trouble.message()
      befall(trouble.before, link)
      const end = await handle({ ...parts, local }, text)
      befall(trouble.after, link)
      if (end !== undefined) return end
    }
  } finally {
    local.close()
    link.close()
  }
}

/** Thrown where the program dies as if it were killed. */
export class Killed extends Error {
  constructor() {
    super('it was ended by SIGKILL')
  }
}

function befall(what: 'cut' | 'kill' | undefined, link: ServerLink): void {
  if (what === undefined) return
  link.cut()
  if (what === 'kill') throw new Killed()
}

type Handling = SessionParts & { readonly local: LocalSide }

async function handle(parts: Handling, text: string): Promise<SessionEnd | undefined> {
  const { link, log, local, options } = parts
  const message = readMessage(text)
  if (message === undefined) {
    log.say('info', 'invalid character in a message of the server')
    return 'broken'
  }
  const major = options.facts.amt.rpc
  const payload = Buffer.from(message.payload, 'base64')
  switch (message.method) {
    case 'heartbeat_request':
      link.send({ ...message, method: 'heartbeat_response', status: 'success' })
      return undefined
    case 'progress':
      log.say('info', message.message)
      return undefined
    case 'success':
      sayResult(log, message.message, major)
      return 'success'
    case 'error':
      log.say('error', statusOf(message.message)?.Status ?? message.message)
      return 'error'
    case 'port_switch':
      await local.switchTo(portOf(payload, message.payload))
      link.send(messageOf(major, 'port_switch_ack', ''))
      return undefined
    case 'tls_data':
      return local.tls(payload)
    default:
      return local.plain(payload)
  }
}

function readMessage(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const of = (name: string): string => {
      const member: unknown = Reflect.get(value, name)
      return typeof member === 'string' ? member : ''
    }
    return {
      method: of('method'),
      apiKey: of('apiKey'),
      appVersion: of('appVersion'),
      protocolVersion: of('protocolVersion'),
      status: of('status'),
      message: of('message'),
      fqdn: of('fqdn'),
      payload: of('payload'),
      tenantId: of('tenantId'),
    }
  } catch {
    return undefined
  }
}

type Component = { readonly Result?: string; readonly Mode?: string; readonly Details?: string }
type Status = {
  readonly Status?: string
  readonly Network?: string
  readonly CIRAConnection?: string
  readonly TLSConfiguration?: string
  readonly Components?: Readonly<Record<string, Component | null>>
}

function statusOf(text: string): Status | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const ROWS = [
  ['Activation', 'Activation'],
  ['WiredNetwork', 'Wired Network'],
  ['WirelessNetwork', 'Wireless Network'],
  ['TLS', 'TLS'],
  ['CIRAProxy', 'CIRA Proxy'],
  ['CIRAConnection', 'CIRA Connection'],
] as const

/** The second generation prints the flat members, the third the components where there are any. */
function sayResult(log: RpcLog, text: string, major: 2 | 3): void {
  const status = statusOf(text)
  if (status === undefined) {
    log.say('info', text)
    return
  }
  if (major === 2 || status.Components === undefined) {
    log.say('info', `Status: ${status.Status ?? ''}`)
    log.say('info', `Network: ${status.Network ?? ''}`)
    log.say('info', `CIRA: ${status.CIRAConnection ?? ''}`)
    log.say('info', `TLS: ${status.TLSConfiguration ?? ''}`)
    return
  }
  log.say('info', 'Provisioning and Configuration Result : ')
  for (const [key, label] of ROWS) {
    const component = status.Components[key]
    if (component === undefined || component === null || component.Result === 'NotApplicable') continue
    const detail = [component.Details, component.Mode && `[${component.Mode}]`].filter(Boolean).join(' ')
    log.say(component.Result === 'Failure' ? 'error' : 'info', `  ${`${label}:`.padEnd(17)} ${detail}`.trimEnd())
  }
}

type PortSwitch = { readonly port: number; readonly delayMs: number }

function portOf(payload: Buffer, raw: string): PortSwitch {
  // It comes as base64, or as the JSON itself.
  const value = Object(statusOf(raw) ?? statusOf(payload.toString()))
  const port = Number(Reflect.get(value, 'port') ?? AMT_TLS_PORT)
  return { port, delayMs: Math.max(0, Number(Reflect.get(value, 'delay') ?? 0) || 0) * 1_000 }
}

type LocalSide = {
  /** A whole request of WS-Management, answered by `response`. */
  plain(request: Buffer): Promise<SessionEnd | undefined>
  /** Records of a TLS session between the server and the firmware; what comes back is passed on as it comes. */
  tls(records: Buffer): SessionEnd | undefined
  switchTo(port: PortSwitch): Promise<void>
  close(): void
}

function localSide({ options, link, log, signal, tls }: SessionParts): LocalSide {
  const major = options.facts.amt.rpc
  let port = tls ? AMT_TLS_PORT : AMT_PORT
  let stream: Duplex | undefined

  const drop = (): void => {
    const last = stream
    stream = undefined
    last?.destroy()
  }
  const open = (): Duplex => {
    const opened = options.engine().lms(port)
    opened.on('error', () => undefined)
    return opened
  }
  const persistent = (): Duplex => {
    const opened = open()
    opened.on('data', (chunk: Buffer) => link.send(messageOf(major, 'tls_data', chunk)))
    opened.once('close', () => {
      if (stream !== opened) return
      stream = undefined
      link.send(messageOf(major, 'connection_reset', 'connection_closed'))
    })
    return opened
  }
  return {
    async plain(request) {
      const opened = open()
      const late = new AbortController()
      const forget = options.clock.after(REPLY_MS, () => late.abort(new Error('i/o timeout')))
      try {
        const reply = await exchange(opened, request, AbortSignal.any([signal, link.ended, late.signal]))
        if (reply.byteLength > 0) link.send(messageOf(major, 'response', reply))
        else log.say('warning', 'empty response from the local ports')
        return undefined
      } catch (thrown) {
        if (signal.aborted) throw thrown
        if (link.ended.aborted) return undefined
        log.say('error', `LMS error: ${thrown instanceof Error ? thrown.message : 'unknown'}`)
        return late.signal.aborted ? undefined : 'unreachable'
      } finally {
        forget()
        opened.destroy()
      }
    },
    tls(records) {
      // A new handshake needs a new connection: record type 22, handshake type 1.
      if (records[0] === 0x16 && records[5] === 0x01) drop()
      stream ??= persistent()
      stream.write(records)
      return undefined
    },
    async switchTo(target) {
      drop()
      if (target.delayMs > 0) await options.clock.sleep(target.delayMs, signal)
      port = target.port
      log.say('info', `switching to local port ${port}`)
    },
    close: drop,
  }
}
