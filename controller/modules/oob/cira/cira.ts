// SPDX-License-Identifier: Apache-2.0
/** Management presence: takes the tunnels devices open to us, and keeps them. */
import type { Clock, Log, RandomBytes } from '../../../../plugins/contract/index.ts'
import { DISCONNECT } from '../apf/messages.ts'
import type { CiraAccounts, CiraEvents, Tunnels } from '../ports.ts'
import { Connection, type ConnectionParts } from './connection.ts'
import { CIRA_LIMITS, type CiraLimits, WINDOW } from './limits.ts'
import {
  type Arrival,
  type Listener,
  type Material,
  openListener,
  type Profile,
  type SecureSocket,
  wireOf,
} from './listener.ts'
import { Logins } from './login.ts'
import { Pacing, type Turn } from './pacing.ts'
import { Registry } from './registry.ts'

export type Endpoint = { readonly host: string; readonly port: number }

export type CiraOptions = {
  readonly listen: Endpoint
  /** For AMT 11 and older: TLS 1.0 and 1.1 on a port of its own. Closed unless given. */
  readonly legacy?: Endpoint
  readonly certificates: { contextFor(serverName: string | undefined): Material }
  readonly accounts: CiraAccounts
  readonly events: CiraEvents
  readonly clock: Clock
  readonly log: Log
  readonly random: RandomBytes
  readonly limits?: Partial<CiraLimits>
  /** Bytes a device may send ahead on a channel; within {@link WINDOW}. */
  readonly window?: number
}

/** What is going on at the door. */
export type CiraLoad = {
  readonly connections: number
  readonly waiting: number
  readonly unauthenticated: number
}

export interface Cira {
  readonly port: number
  readonly legacyPort?: number
  readonly tunnels: Tunnels
  load(): CiraLoad
  /** Takes up renewed certificates; tunnels that are up stay. */
  renew(): void
  /** Disconnects every device and closes the ports. */
  close(): Promise<void>
}

/** Opens the ports. Throws `cira-listen-failed`. */
export async function createCira(options: CiraOptions): Promise<Cira> {
  const door = new Door(options)
  const ports: Listener[] = [await door.open(options.listen, 'modern')]
  try {
    if (options.legacy !== undefined) ports.push(await door.open(options.legacy, 'legacy'))
  } catch (thrown) {
    await ports[0]?.close()
    throw thrown
  }
  const forget = door.sweepFromNowOn()
  const [modern, legacy] = ports
  return {
    port: modern?.port ?? 0,
    ...(legacy === undefined ? {} : { legacyPort: legacy.port }),
    tunnels: door.tunnels,
    load: () => door.load(),
    renew: () => {
      for (const port of ports) port.renew()
    },
    close: async () => {
      forget()
      await door.shut()
      await Promise.all(ports.map(port => port.close()))
    },
  }
}

/** Everything behind the ports: who waits, who logs in, who is there. */
class Door {
  readonly tunnels: Registry
  readonly #options: CiraOptions
  readonly #limits: CiraLimits
  readonly #pacing: Pacing
  readonly #shared: Omit<ConnectionParts, 'wire' | 'begunAt'>
  readonly #connections = new Set<Connection>()
  /** Of connections that have not logged in. */
  readonly #turns = new Map<Connection, Turn>()
  readonly #byAddress = new Map<string, number>()
  /** Said goodbye to, and since when; a peer that does not close is not waited for. */
  readonly #closing = new Map<SecureSocket, number>()
  readonly #begun = new Map<Arrival, { readonly turn: () => Turn | undefined; readonly at: number }>()
  #arrived = 0
  #shutting = false

  constructor(options: CiraOptions) {
    const { clock, log, accounts, events, random } = options
    this.#options = options
    this.#limits = { ...CIRA_LIMITS, ...options.limits }
    this.#pacing = new Pacing(clock, this.#limits)
    this.tunnels = new Registry({
      accounts,
      events,
      clock,
      settled: connection => this.#settled(connection),
      ended: connection => void this.#connections.delete(connection),
      unverified: (guid, thrown) => log.warn('a password in use was not noted', { guid, error: String(thrown) }),
    })
    let cookie = Buffer.from(random(4)).readUInt32BE()
    this.#shared = {
      clock,
      limits: this.#limits,
      window: Math.min(WINDOW.max, Math.max(WINDOW.min, options.window ?? WINDOW.default)),
      logins: new Logins(accounts, clock, this.#limits),
      events: this.tunnels,
      cookie: () => {
        cookie = (cookie + 1) >>> 0
        return cookie
      },
    }
  }

  open(listen: Endpoint, profile: Profile): Promise<Listener> {
    const { certificates, events } = this.#options
    return openListener({
      listen,
      profile,
      handshakeMs: this.#limits.loginMs,
      certificateFor: name => certificates.contextFor(name),
      onArrival: arrival => this.#arrive(arrival),
      onSecure: (arrival, socket) => this.#begin(arrival, socket),
      onFailed: address => events.refused({ code: 'cira-tls', address }),
    })
  }

  load(): CiraLoad {
    const { waiting, unauthenticated } = this.#pacing
    return { connections: this.#arrived, waiting, unauthenticated }
  }

  /** One timer for all: ten thousand tunnels must not mean ten thousand timers. */
  sweepFromNowOn(): () => void {
    const { clock } = this.#options
    let forget = (): void => {}
    const sweep = (): void => {
      forget = clock.after(this.#limits.sweepMs, sweep)
      const now = clock.monotonic()
      for (const connection of this.#connections) connection.sweep(now)
      for (const [socket, since] of this.#closing) if (now - since >= this.#limits.sweepMs) socket.destroy()
    }
    forget = clock.after(this.#limits.sweepMs, sweep)
    return () => forget()
  }

  async shut(): Promise<void> {
    this.#shutting = true
    this.#pacing.close()
    for (const connection of [...this.#connections]) {
      connection.disconnect('shutdown', DISCONNECT.byApplication, 'the controller stops')
    }
    // The farewells are written in a microtask of their own.
    await Promise.resolve()
  }

  #arrive(arrival: Arrival): void {
    const { address } = arrival
    const same = this.#byAddress.get(address) ?? 0
    const full = this.#arrived >= this.#limits.connections || same >= this.#limits.connectionsPerAddress
    if (full || this.#shutting) {
      this.#refuse(arrival, 'cira-too-many-connections')
      return
    }
    this.#arrived++
    this.#byAddress.set(address, same + 1)
    let turn: Turn | undefined
    const leave = (): void => {
      this.#arrived--
      const left = (this.#byAddress.get(address) ?? 1) - 1
      if (left === 0) this.#byAddress.delete(address)
      else this.#byAddress.set(address, left)
      this.#begun.delete(arrival)
      turn?.done()
    }
    arrival.onClose = leave
    turn = this.#pacing.enter(address, () => {
      this.#begun.set(arrival, { turn: () => turn, at: this.#options.clock.monotonic() })
      arrival.begin()
    })
    if (turn === undefined) this.#refuse(arrival, 'cira-too-many-waiting')
  }

  #begin(arrival: Arrival, socket: SecureSocket): void {
    const begun = this.#begun.get(arrival)
    const turn = begun?.turn()
    if (begun === undefined || turn === undefined) return void socket.destroy()
    this.#begun.delete(arrival)
    const connection = new Connection({
      ...this.#shared,
      begunAt: begun.at,
      wire: wireOf(socket, arrival.address, () => this.#closing.set(socket, this.#options.clock.monotonic())),
    })
    this.#connections.add(connection)
    this.#turns.set(connection, turn)
    let failure: string | undefined
    socket.on('data', (chunk: Buffer) => connection.receive(chunk))
    socket.on('drain', () => connection.drained())
    socket.on('error', (error: NodeJS.ErrnoException) => {
      failure = error.code ?? error.name
    })
    socket.once('close', () => {
      this.#closing.delete(socket)
      connection.closed(failure === undefined ? 'it closed the connection' : failure, failure !== undefined)
    })
  }

  #settled(connection: Connection): void {
    this.#turns.get(connection)?.done()
    this.#turns.delete(connection)
  }

  #refuse(arrival: Arrival, code: string): void {
    this.#options.events.refused({ code, address: arrival.address })
    arrival.refuse()
  }
}
