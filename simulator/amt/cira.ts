// SPDX-License-Identifier: Apache-2.0
/** Client-initiated remote access: decides when to dial whom, and dials again. */
import { connect as connectTcp } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls, type SecureContext, type SecureVersion, type TLSSocket } from 'node:tls'
import type { Firmware } from './firmware.ts'
import type { AccessRule, AmtState, MpsServer } from './state.ts'
import { openTunnel, type Tunnel, type TunnelOptions } from './tunnel.ts'

export type CiraOptions = TunnelOptions & {
  readonly dial?: (target: { host: string; port: number }, signal: AbortSignal) => Promise<Duplex>
  /** A few quick tries, then long pauses. */
  readonly reconnect: { readonly tries: number; readonly waitMs: number; readonly backoffMs: number }
  readonly tls: { readonly minVersion?: SecureVersion; readonly maxVersion?: SecureVersion; readonly sni?: boolean }
  /** Made once for many machines with the same roots. */
  readonly secureContext?: SecureContext
}

export type CiraStatus = 'not connected' | 'connecting' | 'connected'

/** Whether the engine believes to be away from home: it knows names of home, and the network told none of them. */
export function isOutside({ cira }: Pick<AmtState, 'cira'>, dnsSuffix: string): boolean {
  const suffix = dnsSuffix.toLowerCase()
  const home = (name: string): boolean => suffix === name.toLowerCase() || suffix.endsWith(`.${name.toLowerCase()}`)
  return cira.detection.length > 0 && !cira.detection.some(home)
}

/** The client of one machine. It uses one timer at a time. */
export class Cira {
  readonly #firmware: Firmware
  readonly #options: CiraOptions
  #running = false
  #plugged = true
  #frozen = false
  #user = false
  #failures = 0
  #tunnel: Tunnel | undefined
  #dialling: AbortController | undefined
  #forget = (): void => undefined
  #last: CiraStatus = 'not connected'
  #watcher: ((status: CiraStatus) => void) | undefined

  constructor(firmware: Firmware, options: CiraOptions) {
    this.#firmware = firmware
    this.#options = options
  }

  get status(): CiraStatus {
    if (this.#tunnel?.isUp === true) return 'connected'
    return this.#tunnel !== undefined || this.#dialling !== undefined ? 'connecting' : 'not connected'
  }

  /** Whom to tell when the status changes; one at a time. */
  watch(watcher: ((status: CiraStatus) => void) | undefined): void {
    this.#watcher = watcher
  }

  start(): void {
    this.#running = true
    this.consider()
  }

  async stop(): Promise<void> {
    this.#running = false
    this.#forget()
    this.#dialling?.abort()
    const socket = this.#tunnel?.socket
    this.#tunnel?.close(false, false)
    if (socket !== undefined && !socket.closed) await new Promise(resolve => socket.once('close', resolve))
  }

  /** Looks whether to dial, or to hang up. */
  consider(): void {
    const wanted = this.#running && this.#plugged && !this.#frozen ? this.#target() : undefined
    if (wanted === undefined) {
      this.#forget()
      this.#dialling?.abort()
      this.#tunnel?.close(true, false)
      this.#tell()
    } else if (this.#tunnel === undefined && this.#dialling === undefined) this.#dial(wanted)
  }

  /** Dials because a person or the host asked. */
  userInitiated(): void {
    this.#user = true
    this.#failures = 0
    this.consider()
  }

  /** Loses the tunnel: at once, or after what was written has left. */
  cut(gently: boolean): void {
    this.#tunnel?.close(gently, true)
  }

  freeze(frozen: boolean): void {
    this.#frozen = frozen
    if (this.#tunnel !== undefined) this.#tunnel.frozen = frozen
    if (frozen) this.#forget()
    else if (this.#tunnel !== undefined) this.#tunnel.close(false, true)
    else this.consider()
  }

  plugged(plugged: boolean): void {
    this.#plugged = plugged
    this.#failures = 0
    if (plugged) {
      this.consider()
      return
    }
    this.#forget()
    this.#dialling?.abort()
    this.#tunnel?.close(false, false)
  }

  #target(): { server: MpsServer; rule: AccessRule } | undefined {
    const { state, model } = this.#firmware
    if (state.controlMode === 0) return undefined
    const outside = isOutside(state, model.dnsSuffix)
    const rule = state.cira.rules.find(({ trigger, mpsType }) => {
      if (this.#user && trigger === 0) return state.cira.userInitiated >= 32770
      return outside && trigger === 2 && mpsType !== 1
    })
    const server = state.cira.servers.find(({ name }) => name === rule?.servers[0])
    return rule === undefined || server === undefined ? undefined : { server, rule }
  }

  #dial({ server, rule }: { server: MpsServer; rule: AccessRule }): void {
    const attempt = new AbortController()
    this.#dialling = attempt
    this.#tell()
    this.#reach(server, attempt.signal).then(
      socket => {
        this.#dialling = undefined
        if (attempt.signal.aborted) socket.destroy()
        else this.#begin(socket, server, rule)
      },
      () => {
        this.#dialling = undefined
        this.#tell()
        if (!attempt.signal.aborted) this.#again()
      },
    )
  }

  async #reach(server: MpsServer, signal: AbortSignal): Promise<Duplex> {
    const target = { host: server.accessInfo, port: server.port }
    const raw = await (this.#options.dial ?? dialTcp)(target, signal)
    return secure({ raw, server, firmware: this.#firmware, options: this.#options })
  }

  #begin(socket: Duplex, server: MpsServer, rule: AccessRule): void {
    const { ras, counters } = this.#firmware.state
    ras.mpsHostname = server.accessInfo
    ras.remoteTrigger = rule.trigger === 0 ? 'user initiated' : 'periodic'
    this.#tunnel = openTunnel({
      socket,
      server,
      rule,
      firmware: this.#firmware,
      options: this.#options,
      timer: (waitMs, act) => this.#timer(waitMs, act),
      up: () => {
        this.#failures = 0
        counters.tunnels += 1
        this.#tell()
      },
      lost: again => {
        this.#tunnel = undefined
        this.#forget()
        this.#tell()
        if (again) this.#again()
      },
    })
    this.#tell()
  }

  #again(): void {
    this.#failures += 1
    this.#user = false
    const { tries, waitMs, backoffMs } = this.#options.reconnect
    if (!this.#running || !this.#plugged) return
    this.#timer(this.#failures < tries ? waitMs : backoffMs, () => this.consider())
  }

  #timer(waitMs: number, act: () => void): void {
    this.#forget()
    this.#forget = this.#firmware.clock.after(waitMs, act)
  }

  #tell(): void {
    const { state, model } = this.#firmware
    const now = this.status
    state.ras.remoteStatus = now
    state.ras.networkStatus = isOutside(state, model.dnsSuffix) ? 'outside enterprise' : 'direct'
    if (now === this.#last) return
    this.#last = now
    this.#watcher?.(now)
  }
}

/** TCP of the engine's own network. */
function dialTcp({ host, port }: { host: string; port: number }, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port, signal, noDelay: true })
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })
}

type Secured = { raw: Duplex; server: MpsServer; firmware: Firmware; options: CiraOptions }

/** TLS with a server whose chain ends at an installed root and whose name is the one it was configured with. */
function secure({ raw, server, firmware, options }: Secured): Promise<TLSSocket> {
  const { sni = false, ...versions } = options.tls
  const name = server.commonName || server.accessInfo
  const { secureContext } = options
  const roots = firmware.state.certificates.filter(({ trusted }) => trusted).map(({ der }) => pemOf(der))
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      socket: raw,
      ...versions,
      ...(secureContext === undefined ? { ca: roots } : { secureContext }),
      ...(sni && server.infoFormat === 201 ? { servername: name } : {}),
      checkServerIdentity: (_host, { subject, subjectaltname = '' }) => {
        const names = [subject.CN, ...subjectaltname.split(', ').map(each => each.slice(each.indexOf(':') + 1))]
        return names.includes(name) ? undefined : new Error('the server has another name')
      },
    })
    const closed = (): void => reject(new Error('closed'))
    raw.once('error', reject)
    socket.once('error', reject)
    socket.once('close', closed)
    socket.once('secureConnect', () => {
      socket.off('error', reject)
      socket.off('close', closed)
      resolve(socket)
    })
  })
}

/** A certificate in armour. */
export function pemOf(base64: string): string {
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/(.{64})/g, '$1\n').trimEnd()}\n-----END CERTIFICATE-----\n`
}
