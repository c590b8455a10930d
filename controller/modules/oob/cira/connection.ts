// SPDX-License-Identifier: Apache-2.0
/** One connection of a device, from its first byte to its end: who may say what when, and what is answered. */
import type { Clock } from '../../../../plugins/contract/index.ts'
import { Decoder } from '../apf/decode.ts'
import { encode } from '../apf/encode.ts'
import { namesOneMachine } from '../apf/guid.ts'
import {
  DISCONNECT,
  type Message,
  OPEN_FAILURE,
  ProtocolError,
  SERVICE,
  type UserauthRequest,
} from '../apf/messages.ts'
import { type CiraAccount, PORTS, type TunnelEnd } from '../ports.ts'
import type { CiraLimits } from './limits.ts'
import { Line, type Wire } from './line.ts'
import type { Logins, Verdict } from './login.ts'
import { ALLOWED, ANSWERS, FIRST_BYTE_OF_GET, type State } from './states.ts'
import { DeviceTunnel } from './tunnel.ts'

/** What the connection of a device tells its owner. */
export type ConnectionEvents = {
  /** Answers the generation of the tunnel that begins. */
  loggedIn(connection: Connection, account: CiraAccount, version: number | undefined): number
  /** It has said what it forwards. */
  up(connection: Connection, tunnel: DeviceTunnel): void
  /** Called once, as the last. `tunnel` is there when the device had logged in. */
  ended(connection: Connection, end: TunnelEnd, tunnel: DeviceTunnel | undefined): void
  refused(connection: Connection, code: string): void
}

export type ConnectionParts = {
  readonly wire: Wire
  readonly clock: Clock
  readonly limits: CiraLimits
  readonly window: number
  readonly logins: Logins
  readonly events: ConnectionEvents
  /** When its handshake began, monotonic. */
  readonly begunAt: number
  /** A number for the next keepalive request. */
  cookie(): number
}

export class Connection {
  readonly #parts: ConnectionParts
  readonly #line: Line
  readonly #decoder: Decoder
  #state: State = 'version'
  #guid: string | undefined
  #tunnel: DeviceTunnel | undefined
  #failures = 0
  /** Monotonic: of the begin of the login, and then of the login itself. */
  #since: number
  #heardAt: number
  #received = 0
  #probedAt: number | undefined
  /** The owner knows of the tunnel. */
  #announced = false
  #forwardedAt = 0
  /** Datagrams the device wanted sent on; nobody takes them. */
  datagrams = 0

  constructor(parts: ConnectionParts) {
    this.#parts = parts
    this.#line = new Line(parts.wire)
    this.#decoder = new Decoder({ maxData: parts.window, budget: parts.limits.loginBytes })
    this.#since = parts.begunAt
    this.#heardAt = parts.clock.monotonic()
  }

  get guid(): string | undefined {
    return this.#guid
  }

  get address(): string {
    return this.#parts.wire.address
  }

  /** Bytes came in. */
  receive(chunk: Buffer): void {
    if (this.#state === 'ended') return
    this.#heardAt = this.#parts.clock.monotonic()
    this.#probedAt = undefined
    if (this.#received === 0 && chunk[0] === FIRST_BYTE_OF_GET) {
      this.#answerBrowser()
      return
    }
    this.#received += chunk.length
    this.#guarded(() => this.#decoder.push(chunk))
    this.#read()
  }

  /** The connection takes more again. */
  drained(): void {
    this.#line.drained()
    this.#line.together(() => this.#tunnel?.channels?.drained())
  }

  /** The socket has closed. */
  closed(detail: string, lost: boolean): void {
    this.#finish({ reason: lost ? 'lost' : 'closed-by-device', detail })
  }

  /** Looks after silence and deadlines; called every few seconds with the monotonic time. */
  sweep(now: number): void {
    const { limits } = this.#parts
    if (this.#state === 'ended') return
    if (!this.#announced) {
      if (now - this.#since <= limits.loginMs) return
      if (this.#tunnel === undefined) this.#refuse('cira-login-timeout')
      this.disconnect('timeout', DISCONNECT.timedOut, 'it did not log in in time')
      return
    }
    this.#tunnel?.channels?.sweep(now)
    if (this.#probedAt !== undefined) {
      if (now - this.#probedAt >= limits.probeAnswerMs) this.#silent(now)
      return
    }
    if (now - this.#heardAt < limits.probeAfterMs) return
    this.#probedAt = now
    this.#line.send(encode({ kind: 'keepalive-request', cookie: this.#parts.cookie() }))
  }

  /** Says why, and closes. */
  disconnect(reason: TunnelEnd['reason'], code: number, detail: string): void {
    if (this.#state === 'ended') return
    this.#line.send(encode({ kind: 'disconnect', reason: code }))
    this.#finish({ reason, detail })
  }

  #silent(now: number): void {
    const seconds = Math.round((now - this.#heardAt) / 1_000)
    this.disconnect('timeout', DISCONNECT.timedOut, `nothing heard of it for ${seconds} s`)
    this.#parts.wire.destroy()
  }

  #finish(end: TunnelEnd): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#tunnel?.ended(end)
    this.#parts.events.ended(this, end, this.#tunnel)
    // What this turn has written leaves first.
    queueMicrotask(() => this.#parts.wire.end())
  }

  /** Handles what is complete until a login must be checked. */
  #read(): void {
    this.#line.together(() =>
      this.#guarded(() => {
        while (this.#state !== 'checking' && this.#state !== 'ended') {
          const message = this.#decoder.next()
          if (message === undefined) return
          this.#take(message)
        }
      }),
    )
  }

  #guarded(act: () => void): void {
    try {
      act()
    } catch (thrown) {
      if (!(thrown instanceof ProtocolError)) throw thrown
      if (this.#tunnel === undefined) this.#refuse('cira-protocol')
      this.disconnect('protocol', thrown.reason, thrown.message)
    }
  }

  #take(message: Message): void {
    if (!ALLOWED[this.#state].has(message.kind)) {
      throw new ProtocolError(DISCONNECT.protocolError, `${message.kind} in state ${this.#state}`)
    }
    switch (message.kind) {
      case 'protocol-version':
        this.#identify(message)
        return
      case 'service-request':
        this.#serve(message.service)
        return
      case 'userauth-request':
        this.#logIn(message)
        return
      case 'global-request':
        this.#request(message)
        return
      case 'keepalive-request':
        this.#line.send(encode({ kind: 'keepalive-reply', cookie: message.cookie }))
        return
      case 'disconnect':
        this.#finish({ reason: 'closed-by-device', detail: `it disconnected with reason ${message.reason}` })
        return
      case 'channel-open':
        this.#line.send(
          encode({ kind: 'channel-failure', recipient: message.sender, reason: OPEN_FAILURE.unknownType }),
        )
        return
      case 'channel-confirmation':
      case 'channel-failure':
      case 'window-adjust':
      case 'channel-data':
      case 'channel-close':
        this.#tunnel?.routed(message)
        return
    }
  }

  /** Never answered: devices do not wait for it. */
  #identify({ major, guid }: Message & { kind: 'protocol-version' }): void {
    this.#guid = guid
    if (major !== 1) throw new ProtocolError(DISCONNECT.versionUnsupported, `protocol version ${major}`)
    if (!namesOneMachine(guid)) {
      this.#refuse('cira-guid-unusable')
      this.disconnect('protocol', DISCONNECT.hostNotAllowed, 'its GUID is one that many machines share')
      return
    }
    this.#state = 'auth'
  }

  #serve(service: string): void {
    if (this.#state === 'auth' && service === SERVICE.auth) {
      this.#line.send(ANSWERS.acceptAuth)
      this.#state = 'userauth'
      return
    }
    if (this.#state !== 'auth' && service === SERVICE.forward) {
      this.#line.send(ANSWERS.acceptForward)
      if (this.#state === 'forward') this.#listen()
      return
    }
    throw new ProtocolError(DISCONNECT.serviceUnavailable, 'a service that is not offered here')
  }

  #logIn(request: UserauthRequest): void {
    if (this.#state !== 'userauth') return
    if (request.service !== SERVICE.forward) {
      throw new ProtocolError(DISCONNECT.serviceUnavailable, 'a login for a service that is not offered')
    }
    this.#state = 'checking'
    const begun = this.#parts.clock.monotonic()
    const { logins, wire } = this.#parts
    const claim = { guid: this.#guid ?? '', address: wire.address, request, fingerprint: () => wire.fingerprint() }
    logins.check(claim).then(
      verdict => this.#decided(verdict, begun),
      () => this.#undecided(),
    )
  }

  #decided(verdict: Verdict, begun: number): void {
    if (this.#state !== 'checking') return
    if ('code' in verdict) {
      const { clock, limits } = this.#parts
      const rest = limits.failureAfterMs - (clock.monotonic() - begun)
      clock.after(Math.max(0, rest), () => this.#failed(verdict.code))
      return
    }
    const { account, version } = verdict
    this.#decoder.lift()
    this.#state = 'forward'
    this.#since = this.#parts.clock.monotonic()
    this.#tunnel = this.#openTunnel(account, this.#parts.events.loggedIn(this, account, version))
    this.#line.send(ANSWERS.loggedIn)
    this.#read()
  }

  #failed(code: string): void {
    if (this.#state !== 'checking') return
    this.#refuse(code)
    this.#failures++
    this.#line.together(() => {
      this.#line.send(ANSWERS.loginFailed)
      this.#state = 'userauth'
      if (this.#failures < this.#parts.limits.attemptsPerConnection) return
      this.disconnect('protocol', DISCONNECT.noMoreMethods, `${this.#failures} logins failed`)
    })
    this.#read()
  }

  /** We do not know whether the login is right, so the device is not told that it is wrong. */
  #undecided(): void {
    this.#refuse('cira-accounts-unavailable')
    this.disconnect('protocol', DISCONNECT.temporarilyUnavailable, 'the login could not be checked')
  }

  #openTunnel({ guid, project }: CiraAccount, generation: number): DeviceTunnel {
    const { wire, clock, limits, window } = this.#parts
    return new DeviceTunnel({
      guid,
      project,
      generation,
      address: wire.address,
      clock,
      limits,
      window,
      line: this.#line,
      heard: () => ({ at: this.#heardAt, bytes: this.#received }),
      close: (reason, detail) => this.disconnect(reason, DISCONNECT.byApplication, detail),
      namingMs: () => Math.max(0, this.#parts.limits.quietMs - (this.#parts.clock.monotonic() - this.#forwardedAt)),
    })
  }

  #request(message: Message & { kind: 'global-request' }): void {
    switch (message.request) {
      case 'tcpip-forward':
        this.#tunnel?.forwards(message.port, message.address)
        this.#forwardedAt = this.#parts.clock.monotonic()
        // Devices wait for the answer whether or not they say so.
        this.#line.send(encode({ kind: 'request-success', port: message.port }))
        if (message.port === PORTS.wsman) this.#announce()
        return
      case 'cancel-tcpip-forward':
        this.#tunnel?.forwardsNoMore(message.port)
        this.#line.send(ANSWERS.done)
        return
      case 'udp-send-to@amt.intel.com':
        this.datagrams++
        return
      case 'unknown':
        if (message.wantReply) this.#line.send(ANSWERS.refused)
        throw new ProtocolError(DISCONNECT.protocolError, 'a global request nobody knows')
    }
  }

  /** The device may forward its ports now. One that does not forward its WSMAN port has said all when it falls silent. */
  #listen(): void {
    const { clock, limits } = this.#parts
    this.#state = 'up'
    this.#forwardedAt = clock.monotonic()
    const look = (): void => {
      if (this.#announced || this.#state !== 'up') return
      const rest = limits.quietMs - (clock.monotonic() - this.#forwardedAt)
      if (rest > 0) clock.after(rest, look)
      else this.#announce()
    }
    clock.after(limits.quietMs, look)
  }

  #announce(): void {
    if (this.#announced || this.#tunnel === undefined) return
    this.#announced = true
    this.#line.send(ANSWERS.options)
    this.#parts.events.up(this, this.#tunnel)
  }

  #answerBrowser(): void {
    this.#line.send(ANSWERS.page)
    this.#finish({ reason: 'protocol', detail: 'a web browser' })
  }

  #refuse(code: string): void {
    this.#parts.events.refused(this, code)
  }
}
