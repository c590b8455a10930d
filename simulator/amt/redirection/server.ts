// SPDX-License-Identifier: Apache-2.0
/** The redirection port: who may open which session, and the sessions that are open. */
import type { Duplex } from 'node:stream'
import type { Firmware } from '../firmware.ts'
import { hashOf, redirectionResponse } from '../web.ts'
import { createIder, type IderHost } from './ider.ts'
import { createKvm, type KvmScreen } from './kvm.ts'
import { type Session, SessionError } from './session.ts'
import { createSol, type SolConsole } from './sol.ts'

export type SessionKind = 'kvm' | 'sol' | 'ider'

export interface Redirection {
  readonly sessions: readonly SessionKind[]
  /** The serial console of the host. */
  readonly sol: SolConsole
  /** Its screen. */
  readonly kvm: KvmScreen
  /** The host as a reader of redirected media. */
  readonly ider: IderHost
  /** `false` when the port is closed. */
  serve(stream: Duplex): boolean
  /** Ends the sessions that are no longer allowed. */
  review(): void
  endAll(): void
}

const MARKS: Readonly<Record<string, SessionKind>> = { 'SOL ': 'sol', KVMR: 'kvm', IDER: 'ider' }
const STATUS = { ok: 0, busy: 2, unsupported: 3, error: 0xff } as const
const MAX_WAITING = 256 * 1024

type Live = { readonly kind: SessionKind; readonly stream: Duplex }
type Parts = { readonly [K in SessionKind]: { open(send: (bytes: Buffer) => void, close: () => void): Session } }

/** `idle` is called when the last session ended. */
export function createRedirection(firmware: Firmware, idle: () => void): Redirection {
  const live: Live[] = []
  let made: { sol: SolConsole; kvm: KvmScreen; ider: IderHost } | undefined
  const parts = (): { sol: SolConsole; kvm: KvmScreen; ider: IderHost } & Parts => {
    made ??= { sol: createSol(), kvm: createKvm(firmware), ider: createIder() }
    return made
  }

  const judge = (kind: SessionKind): number => {
    const { features } = firmware.state
    if (firmware.state.controlMode === 0 || !enabled(firmware, kind)) return STATUS.unsupported
    if (!firmware.consented(kind === 'kvm' ? 'kvm' : 'other')) return STATUS.error
    if (!features.listener) return STATUS.error
    return live.some(session => session.kind === kind) ? STATUS.busy : STATUS.ok
  }
  const opened = (session: Live): void => {
    live.push(session)
    if (firmware.state.optIn.state === 3) firmware.state.optIn.state = 4
  }
  const closed = (stream: Duplex): void => {
    const at = live.findIndex(session => session.stream === stream)
    if (at === -1) return
    live.splice(at, 1)
    if (live.length > 0) return
    if (firmware.state.optIn.state === 4) firmware.state.optIn.state = 0
    idle()
  }
  const endAll = (): void => {
    for (const { stream } of [...live]) stream.destroy()
  }
  return {
    get sessions() {
      return live.map(({ kind }) => kind)
    },
    get sol() {
      return parts().sol
    },
    get kvm() {
      return parts().kvm
    },
    get ider() {
      return parts().ider
    },
    serve(stream) {
      if (!firmware.state.features.listener || firmware.state.controlMode === 0) return false
      serveOne({ stream, firmware, judge, opened, closed: () => closed(stream), open: kind => parts()[kind] })
      return true
    },
    review() {
      for (const { kind, stream } of [...live]) {
        const allowed = enabled(firmware, kind) && firmware.consented(kind === 'kvm' ? 'kvm' : 'other')
        if (!allowed || firmware.state.controlMode === 0) stream.destroy()
      }
    },
    endAll,
  }
}

function enabled({ state, model }: Firmware, kind: SessionKind): boolean {
  if (kind === 'kvm') return model.sku === 'amt' && state.features.kvm === 2
  const bit = kind === 'ider' ? 1 : 2
  return ((state.features.redirection - 32768) & bit) !== 0
}

type Serving = {
  readonly stream: Duplex
  readonly firmware: Firmware
  readonly judge: (kind: SessionKind) => number
  readonly opened: (session: Live) => void
  readonly closed: () => void
  readonly open: (kind: SessionKind) => Parts[SessionKind]
}

/** One connection: start, login, then the session's own bytes. */
function serveOne({ stream, firmware, judge, opened, closed, open }: Serving): void {
  let waiting: Buffer = Buffer.alloc(0)
  let kind: SessionKind | undefined
  let session: Session | undefined
  const login = createLogin(firmware)

  const send = (bytes: Buffer): void => {
    if (!stream.destroyed && !stream.writableEnded) stream.write(bytes)
  }
  const close = (): void => {
    closed()
    stream.end()
  }
  const finish = (bytes: Buffer): number => {
    if (bytes.length < 4) return 0
    close()
    return 4
  }
  const start = (bytes: Buffer): number => {
    if (bytes.length < 8) return 0
    const asked = MARKS[bytes.toString('latin1', 4, 8)]
    const status = asked === undefined ? STATUS.unsupported : judge(asked)
    send(Buffer.concat([Buffer.of(0x11, status, 0, 0), Buffer.alloc(9)]))
    if (status !== STATUS.ok) close()
    else kind = asked
    return 8
  }
  const authenticate = (bytes: Buffer, asked: SessionKind): number => {
    const length = 9 + (bytes.length >= 9 ? bytes.readUInt32LE(5) : 0)
    if (length > MAX_WAITING) throw new SessionError('too long')
    if (bytes.length < 9 || bytes.length < length) return 0
    const { reply, good, over } = login(bytes[4] ?? 0, bytes.subarray(9, length))
    send(reply)
    if (over) close()
    if (good) {
      const status = judge(asked)
      if (status !== STATUS.ok) {
        close()
        return length
      }
      opened({ kind: asked, stream })
      session = open(asked).open(send, close)
    }
    return length
  }
  const step = (): number => {
    if (session !== undefined) return session.take(waiting)
    if (waiting[0] === 0x12) return finish(waiting)
    if (waiting[0] === 0x10) return start(waiting)
    if (waiting[0] === 0x13 && kind !== undefined) return authenticate(waiting, kind)
    throw new SessionError('not a redirection message')
  }
  stream.on('data', (bytes: Buffer) => {
    waiting = Buffer.concat([waiting, bytes])
    try {
      while (waiting.length > 0 && !stream.destroyed) {
        const used = step()
        if (used === 0) break
        waiting = waiting.subarray(used)
      }
      if (waiting.length > MAX_WAITING) throw new SessionError('too much at once')
    } catch (thrown) {
      if (!(thrown instanceof SessionError)) throw thrown
      firmware.state.counters.protocolErrors += 1
      stream.destroy()
    }
  })
  stream.on('end', close)
  stream.on('error', () => stream.destroy())
  stream.once('close', () => {
    closed()
    session?.end()
  })
}

type LoginStep = { readonly reply: Buffer; readonly good: boolean; readonly over: boolean }

/** Digest authentication of the redirection port: types 3 and 4. */
function createLogin(firmware: Firmware): (type: number, data: Buffer) => LoginStep {
  let nonce = ''
  const answer = (status: number, type: number, data: Buffer): Buffer => {
    const head = Buffer.of(0x14, status, 0, 0, type, 0, 0, 0, 0)
    head.writeUInt32LE(data.length, 5)
    return Buffer.concat([head, data])
  }
  return (type, data) => {
    if (type === 0) return { reply: answer(0, 0, Buffer.of(3, 4)), good: false, over: false }
    if (type !== 3 && type !== 4) return { reply: answer(2, type, Buffer.alloc(0)), good: false, over: true }
    const names = ['user', 'realm', 'nonce', 'uri', 'cnonce', 'nc', 'response', ...(type === 4 ? ['qop'] : [])]
    const parts = readStrings(data, names)
    if (parts.realm === '') {
      nonce = Buffer.from(firmware.random(16)).toString('hex')
      const texts = [firmware.state.realm, nonce, ...(type === 4 ? ['auth'] : [])]
      const challenge = Buffer.concat(texts.map(text => Buffer.concat([Buffer.of(text.length), Buffer.from(text)])))
      return { reply: answer(1, type, challenge), good: false, over: false }
    }
    const hash = hashOf(firmware, parts.user ?? '', false)
    const fits = hash !== undefined && nonce !== '' && parts.nonce === nonce && parts.realm === firmware.state.realm
    const good = fits && parts.qop === 'auth' && parts.response === redirectionResponse(hash, parts)
    nonce = ''
    return { reply: answer(good ? 0 : 1, type, Buffer.alloc(0)), good, over: !good }
  }
}

/** Strings with one byte of length before each. */
function readStrings(data: Buffer, names: readonly string[]): Record<string, string> {
  const parts: Record<string, string> = {}
  let at = 0
  for (const name of names) {
    const length = data[at]
    if (length === undefined || at + 1 + length > data.length) throw new SessionError('the login is cut off')
    parts[name] = data.toString('latin1', at + 1, at + 1 + length)
    at += 1 + length
  }
  return parts
}
