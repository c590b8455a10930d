// SPDX-License-Identifier: Apache-2.0
/** A terminal of our own on a device's serial console: UTF-8 on a WebSocket, code page 437 on the line. */
import type { Duplex } from 'node:stream'
import { asProblem, type Log, SECOND } from '../../../../plugins/contract/index.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Principal } from '../../../kernel/permissions.ts'
import type { Socket, SocketRequest, SocketRoute, SocketVerdict } from '../../../kernel/socket.ts'
import { mayReach } from '../devices/place.ts'
import type { Reach } from '../ports.ts'
import type { RedirectionGrant } from '../toolkit/tokens.ts'
import { guidOf } from '../toolkit/toolkit.ts'
import { codePageOfText, textOfCodePage } from './codepage.ts'
import { openAsHost } from './hosting.ts'
import { closeReason, closeStream, createLine, whenOver } from './line.ts'
import type { Ended } from './live.ts'
import { lastingOf, type RelayRouteParts, wantsConsent } from './relay-route.ts'
import { createSolReader, SOL, solFrame, solPayload } from './serial.ts'
import { createSession, type Session } from './session.ts'

/**
 * `?project=…&device=<GUID>`; the token stands in `Authorization: Bearer`, or is offered as sub-protocol `muster.<token>`.
 * It is one that signs in, or one that was given for this one session, as browsers use it: their cookie opens nothing.
 */
export const SOL_PATH = '/v1/oob/sol'

const MAX_MESSAGE = 65_536
const PREFIX = 'muster.'
const KEEP_ALIVE_MS = 2 * SECOND
/** Of one data message; firmware has buffers of some thousand bytes. */
const CHUNK = 1_024
const MAX_EARLY = 65_536

export function solRoute(parts: RelayRouteParts): SocketRoute {
  return {
    paths: [SOL_PATH],
    maxMessage: MAX_MESSAGE,
    // No browser adds this token by itself.
    anyOrigin: true,
    decide: request => decide(parts, request),
  }
}

const ABSENT = { refuse: 404, why: 'there is no such device' } as const
const FORBIDDEN = { refuse: 403, why: 'it needs host.access' } as const

async function decide(parts: RelayRouteParts, request: SocketRequest): Promise<SocketVerdict> {
  const { kernel, devices, reaches, live } = parts
  const offered = request.protocols.find(each => each.startsWith(PREFIX))
  const caller = await callerOf(parts, request, offered)
  if (caller === undefined) return { refuse: 401, why: 'not-signed-in' }
  const { principal, grant } = caller
  const project = request.url.searchParams.get('project') ?? 'default'
  const guid = guidOf(request.url.searchParams.get('device'))
  if (grant !== undefined && (grant.guid !== guid || grant.project !== project || grant.mode !== 'sol'))
    return { refuse: 401, why: 'the token is for another session' }
  const device = guid === undefined ? undefined : await devices.find(kernel.store, project, guid)
  if (guid === undefined || device === undefined) return ABSENT
  if (!(await mayReach(parts, principal, { project, guid, permission: 'host.access' })))
    return (await mayReach(parts, principal, { project, guid, permission: 'host.read' })) ? FORBIDDEN : ABSENT
  try {
    const reach = await reaches.reach(project, guid)
    if (parts.consent.exhausted(guid)) return { refuse: 403, why: 'consent-tries-exhausted' }
    if (parts.rules.checkConsent && (await wantsConsent(reach, 'sol')))
      return { refuse: 403, why: 'amt-consent-needed' }
    const maxMs = lastingOf(grant?.minutes)
    const seat = live.claim({ project, guid, mode: 'sol', principal, kind: 'terminal', maxMs })
    // From the last check to here nothing waited, so that one token cannot pass twice.
    if (grant !== undefined && !parts.tokens.spend(grant)) {
      seat.release()
      return { refuse: 401, why: 'the token was used before' }
    }
    const session = createSession(parts, seat)
    const recordInput = parts.rules.inputOfProjects.has(project)
    const accept = (socket: Socket): void => startTerminal({ ...parts, reach, session, recordInput }, socket)
    return { accept, ...(offered === undefined ? {} : { protocol: offered }) }
  } catch (thrown) {
    const { status, code } = asProblem(thrown)
    return { refuse: status, why: code }
  }
}

type Caller = { readonly principal: Principal; readonly grant?: RedirectionGrant }

async function callerOf(
  { kernel, tokens }: RelayRouteParts,
  { headers, address }: SocketRequest,
  offered: string | undefined,
): Promise<Caller | undefined> {
  const { authorization } = headers
  const bearer = /^bearer +(\S+)$/i.exec(typeof authorization === 'string' ? authorization : '')?.[1]
  const token = bearer ?? offered?.slice(PREFIX.length)
  if (token === undefined) return undefined
  const principal = (await kernel.principals.recognise(token, address)) ?? (await tokens.authenticate(token, address))
  if (principal !== undefined) return { principal }
  const grant = await tokens.verifyRedirection(token, address)
  return grant === undefined ? undefined : { principal: grant.principal, grant }
}

type TerminalParts = {
  readonly kernel: Kernel
  readonly log: Log
  readonly reach: Reach
  readonly session: Session
  readonly recordInput: boolean
}

/** Runs until either side, a limit or somebody ends it; never rejects. */
function startTerminal(parts: TerminalParts, socket: Socket): void {
  const { kernel, session, reach, log } = parts
  const abort = new AbortController()
  let stream: Duplex | undefined
  let over = false
  let stop = (): void => {}
  const early: Uint8Array[] = []
  const end = (ended: Ended): void => {
    if (over) return
    over = true
    stop()
    abort.abort(new Error('the session ended'))
    session.seat.release()
    socket.close(ended.why === 'closed' ? 1000 : 1011, closeReason(`${ended.why} (${ended.by})`))
    const closed = stream === undefined ? Promise.resolve() : closeStream(stream, kernel.clock)
    void closed.then(() => session.finish(ended)).then(session.seat.left)
  }
  socket.onMessage = data => {
    early.push(data)
    if (early.length * MAX_MESSAGE > 2 * MAX_EARLY) end({ by: 'controller', why: 'protocol' })
  }
  socket.onClose = () => end({ by: 'browser', why: 'closed' })
  socket.pause()
  session.seat.occupy(end)
  const open = async (): Promise<void> => {
    const hosted = await openAsHost({ kernel, reach, mode: 'sol' }, abort.signal)
    stream = hosted.stream
    if (over) return void hosted.stream.destroy()
    whenOver(hosted.stream, why => end({ by: 'device', why }))
    const recorder = await session.begin(end)
    if (over) return
    const line = createLine(socket, hosted.stream)
    const console = createConsole({
      toDevice: line.toDevice,
      show: payload => {
        line.toBrowser(Buffer.from(textOfCodePage(payload), 'utf8'))
        recorder?.add('o', payload)
      },
      ready: () => {
        for (const data of early.splice(0)) type(data)
        socket.resume()
      },
      failed: () => end({ by: 'device', why: 'redirection-protocol' }),
    })
    const decoder = new TextDecoder()
    const type = (data: Uint8Array): void => {
      const typed = codePageOfText(decoder.decode(data, { stream: true }))
      session.touched()
      session.seat.bytes.sent += typed.length
      if (parts.recordInput) recorder?.add('i', typed)
      console.type(typed)
    }
    socket.onMessage = type
    const fill = (): (() => void) =>
      kernel.clock.after(KEEP_ALIVE_MS, () => {
        console.keepAlive()
        stop = fill()
      })
    stop = fill()
    hosted.stream.on('data', (data: Uint8Array) => {
      session.seat.bytes.received += data.length
      console.feed(data)
    })
    console.start()
    if (hosted.rest.length > 0) console.feed(hosted.rest)
    hosted.stream.resume()
  }
  open().catch((thrown: unknown) => {
    if (!over) log.info('a terminal was not opened', { code: asProblem(thrown).code })
    end({ by: 'device', why: asProblem(thrown).code })
  })
}

type ConsoleParts = {
  readonly toDevice: (data: Uint8Array) => void
  readonly show: (payload: Uint8Array) => void
  readonly ready: () => void
  readonly failed: () => void
}

/** What a host says on a serial line: its settings, that it is there, what is typed. */
export interface SolConsole {
  start(): void
  feed(data: Uint8Array): void
  type(bytes: Uint8Array): void
  keepAlive(): void
}

export function createConsole({ toDevice, show, ready, failed }: ConsoleParts): SolConsole {
  const reader = createSolReader('device')
  let sequence = 0
  let isReady = false
  const send = (kind: number, rest?: Uint8Array): void => toDevice(solFrame(kind, sequence++, rest))
  return {
    start: () => send(SOL.settings, settings()),
    feed: data => {
      const { messages, lost } = reader.feed(data)
      for (const message of messages) {
        if (message.kind === SOL.settingsReply && !isReady) {
          isReady = true
          send(SOL.control, Uint8Array.of(0, 0, 0x1b, 0, 0, 0))
          ready()
        }
        if (message.kind === SOL.ping) send(SOL.pong)
        const payload = solPayload(message)
        if (payload !== undefined && payload.length > 0) show(payload)
      }
      if (lost !== undefined) failed()
    },
    type: bytes => {
      for (let at = 0; at < bytes.length; at += CHUNK) {
        const part = bytes.subarray(at, at + CHUNK)
        send(SOL.toDevice, Buffer.concat([Uint8Array.of(part.length % 256, Math.floor(part.length / 256)), part]))
      }
    },
    keepAlive: () => {
      if (isReady) send(SOL.keepAlive)
    },
  }
}

/** Largest piece, how long to gather it, what to do when it overflows; the same of the other way; no heartbeat. */
function settings(): Uint8Array {
  const bytes = Buffer.alloc(16)
  for (const [at, value] of [10_000, 100, 0, 10_000, 100, 0].entries()) bytes.writeUInt16LE(value, at * 2)
  return bytes
}
