// SPDX-License-Identifier: Apache-2.0
/** One relayed session: a client's WebSocket on one side, the redirection port of a device on the other. */
import type { Duplex } from 'node:stream'
import { asProblem, type Log, Problem, SECOND } from '../../../../plugins/contract/index.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Socket } from '../../../kernel/socket.ts'
import type { Reach } from '../ports.ts'
import { concat } from './bytes.ts'
import { createInterceptor, type Interceptor, type Progress } from './interceptor.ts'
import { type ClientStream, createKvmStream } from './kvm.ts'
import { closeReason, closeStream, createLine, type Line, whenOver } from './line.ts'
import type { Ended } from './live.ts'
import type { Recorder } from './recording.ts'
import { createSolReader, createSolStream, solPayload } from './serial.ts'
import type { Session } from './session.ts'

export type RelayParts = {
  readonly kernel: Kernel
  readonly log: Log
  readonly session: Session
  readonly reach: Reach
  readonly port: number
  /** Whether bytes pass untouched from the start: the client has the password. */
  readonly raw: boolean
  /** Whether what is typed is recorded too. */
  readonly recordInput: boolean
}

/** How long opening may take, from the upgrade to the device's word that we are logged in. */
const OPENING_MS = 30 * SECOND
const KEEP_ALIVE_MS = { kvm: 5 * SECOND, sol: 2 * SECOND } as const
/** What may come before the channel is there. */
const MAX_EARLY = 65_536

const CLOSE_CODES: Readonly<Record<string, number>> = {
  closed: 1000,
  limit: 1008,
  idle: 1008,
  shutdown: 1001,
  protocol: 1002,
  mode: 1008,
}

/** Runs until either side, a limit or somebody ends it; never rejects. */
export function startRelay(parts: RelayParts, socket: Socket): void {
  const { kernel, log, session, reach, port } = parts
  const { seat } = session
  const abort = new AbortController()
  let stream: Duplex | undefined
  let over = false
  let early: Uint8Array[] = []
  let takeFromBrowser = (data: Uint8Array): void => {
    early.push(data)
    if (early.reduce((sum, each) => sum + each.length, 0) > MAX_EARLY) end({ by: 'controller', why: 'protocol' })
  }
  let stopTraffic = (): void => {}
  const end = (ended: Ended): void => {
    if (over) return
    over = true
    forgetOpening()
    stopTraffic()
    abort.abort(new Error('the session ended'))
    seat.release()
    socket.close(CLOSE_CODES[ended.why] ?? 1011, closeReason(`${ended.why} (${ended.by})`))
    const closed = stream === undefined ? Promise.resolve() : closeStream(stream, kernel.clock)
    void closed.then(() => session.finish(ended)).then(seat.left)
  }
  const forgetOpening = kernel.clock.after(OPENING_MS, () => end({ by: 'device', why: 'amt-timeout' }))
  socket.onMessage = data => takeFromBrowser(data)
  socket.onClose = code =>
    end({ by: 'browser', why: code === 1000 || code === 1001 || code === 1005 ? 'closed' : 'lost' })
  socket.pause()
  seat.occupy(end)

  const open = async (): Promise<void> => {
    const credentials = await reach.credentials()
    const dialled = await reach.dial(port, abort.signal)
    stream = dialled
    if (over) return void dialled.destroy()
    const secret = (bytes: number): string => Buffer.from(kernel.random(bytes)).toString('hex')
    const traffic = startTraffic({ ...parts, end, opened: forgetOpening, line: createLine(socket, dialled) })
    stopTraffic = traffic.stop
    whenOver(dialled, why => end({ by: 'device', why }))
    const interceptor = createInterceptor({ credentials, cnonce: secret(16), decoy: secret(16), mode: seat.mode })
    takeFromBrowser = traffic.fromBrowser
    dialled.on('data', traffic.fromDevice)
    traffic.begin(parts.raw ? undefined : interceptor)
    for (const data of early) traffic.fromBrowser(data)
    early = []
    socket.resume()
  }
  open().catch((thrown: unknown) => {
    if (!(thrown instanceof Problem) && !over) log.error('a relay was not opened', { error: String(thrown) })
    end({ by: 'device', why: asProblem(thrown).code })
  })
}

type TrafficParts = RelayParts & {
  readonly line: Line
  readonly end: (ended: Ended) => void
  readonly opened: () => void
}

interface Traffic {
  begin(interceptor: Interceptor | undefined): void
  fromBrowser(data: Uint8Array): void
  fromDevice(data: Uint8Array): void
  stop(): void
}

function startTraffic(parts: TrafficParts): Traffic {
  const { session, line, end } = parts
  let interceptor: Interceptor | undefined
  let open: OpenTraffic | undefined
  let stopped = false
  /** While a session is being written down, nothing of it passes. */
  const beginOpen = async (rest: NonNullable<Progress['rest']>): Promise<void> => {
    line.device.on('begin')
    line.browser.on('begin')
    const recorder = await session.begin(end)
    if (stopped) return
    open = startOpen(parts, recorder)
    parts.opened()
    for (const [data, pass] of [
      [rest.fromDevice, open.fromDevice],
      [rest.fromBrowser, open.fromBrowser],
    ] as const)
      if (data.length > 0) pass(data)
    for (const { data, pass } of waiting.splice(0)) open[pass](data)
    line.device.off('begin')
    line.browser.off('begin')
  }
  const waiting: { readonly data: Uint8Array; readonly pass: 'fromBrowser' | 'fromDevice' }[] = []
  const follow = ({ toDevice, toBrowser, state, rest }: Progress): void => {
    // A device may answer while it is written to, so what it said before goes first.
    for (const data of toBrowser) line.toBrowser(data)
    for (const data of toDevice) line.toDevice(data)
    const mode = interceptor?.mode
    if (mode !== undefined && session.seat.mode === undefined && !session.seat.settle(mode))
      return void end({ by: 'controller', why: 'redirection-busy' })
    if (typeof state === 'object') {
      const by = state.failed === 'mode' ? 'browser' : 'device'
      return void end({
        by,
        why: state.failed === 'unauthorized' ? 'amt-unauthorized' : `${state.failed}: ${state.detail}`,
      })
    }
    if (rest === undefined) return
    interceptor = undefined
    start(rest)
  }
  const start = (rest: NonNullable<Progress['rest']>): void => {
    beginOpen(rest).catch((thrown: unknown) => {
      parts.log.warn('a relay was not begun', { code: asProblem(thrown).code })
      end({ by: 'controller', why: asProblem(thrown).code })
    })
  }
  const pass =
    (side: 'fromBrowser' | 'fromDevice') =>
    (data: Uint8Array): void => {
      session.seat.bytes[side === 'fromDevice' ? 'received' : 'sent'] += data.length
      if (open !== undefined) return void open[side](data)
      if (interceptor !== undefined) return void follow(interceptor[side](data))
      waiting.push({ data, pass: side })
    }
  return {
    begin: given => {
      interceptor = given
      if (given === undefined) start({ fromBrowser: new Uint8Array(0), fromDevice: new Uint8Array(0) })
    },
    fromBrowser: pass('fromBrowser'),
    fromDevice: pass('fromDevice'),
    stop: () => {
      stopped = true
      open?.stop()
    },
  }
}

type OpenTraffic = {
  readonly fromBrowser: (data: Uint8Array) => void
  readonly fromDevice: (data: Uint8Array) => void
  readonly stop: () => void
}

const TRANSPARENT: ClientStream = { pass: data => data, hadInput: true, keepAlive: () => undefined }

/** The session is open: bytes pass, a little is looked at, and silence is filled. */
function startOpen(parts: TrafficParts, recorder: Recorder | undefined): OpenTraffic {
  const { kernel, session, line, end } = parts
  const mode = session.seat.mode ?? 'kvm'
  const client = parts.raw || mode === 'ider' ? TRANSPARENT : mode === 'kvm' ? createKvmStream() : createSolStream()
  const record = recorder === undefined || parts.raw ? undefined : recording(recorder, mode, parts.recordInput)
  let forget = (): void => {}
  let lastSent = kernel.clock.monotonic()
  const fill = (every: number): void => {
    forget = kernel.clock.after(every, () => {
      const silent = kernel.clock.monotonic() - lastSent >= every
      const message = silent && !line.browser.held ? client.keepAlive() : undefined
      if (message !== undefined) line.toDevice(message)
      fill(every)
    })
  }
  if (mode !== 'ider' && !parts.raw) fill(KEEP_ALIVE_MS[mode])
  const keepUp = (): void => {
    if (recorder?.full !== true || line.device.held) return
    line.device.on('recording')
    recorder.room().then(
      () => line.device.off('recording'),
      () => end({ by: 'controller', why: 'recording-failed' }),
    )
  }
  return {
    fromBrowser: data => {
      lastSent = kernel.clock.monotonic()
      const out = client.pass(data)
      if (client.hadInput) session.touched()
      record?.('i', out)
      line.toDevice(out)
    },
    fromDevice: data => {
      line.toBrowser(data)
      record?.('o', data)
      keepUp()
    },
    stop: () => forget(),
  }
}

/** Terminals are recorded as what they show; screens as the bytes that paint them. */
function recording(recorder: Recorder, mode: string, withInput: boolean): (kind: 'o' | 'i', data: Uint8Array) => void {
  if (mode !== 'sol') return (kind, data) => (kind === 'o' || withInput ? recorder.add(kind, data) : undefined)
  const readers = { o: createSolReader('device'), i: createSolReader('client') }
  return (kind, data) => {
    if (kind === 'i' && !withInput) return
    const payload = concat([
      new Uint8Array(0),
      ...readers[kind].feed(data).messages.flatMap(each => solPayload(each) ?? []),
    ])
    if (payload.length > 0) recorder.add(kind, payload)
  }
}
