// SPDX-License-Identifier: Apache-2.0
/** Thousands of activated machines in one process, each with a tunnel of its own. */
import { X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureVersion } from 'node:tls'
import type { Clock } from '../../plugins/contract/index.ts'
import { diceOf } from '../dice.ts'
import { passwordHash } from './digest.ts'
import { type AmtMachine, createAmtMachine } from './machine.ts'
import { createAmtState } from './state.ts'

export type SwarmAccount = {
  readonly uuid: string
  readonly username: string
  readonly password: string
  /** What `admin` logs in to WS-Management with. */
  readonly amtPassword: string
}

export type SwarmOptions = {
  readonly count: number
  /** Gives the same machines each time. */
  readonly seed: string
  readonly clock: Clock
  /** PEM of the root that the server's certificate ends at, and the name in it. */
  readonly server: { readonly host: string; readonly port: number; readonly ca: string; readonly commonName: string }
  /** Who the n-th machine is; {@link swarmAccount} unless given. */
  readonly account?: (index: number) => SwarmAccount
  readonly version?: string
  /** The newest TLS the machines speak; TLS 1.3 unless given. */
  readonly maxTls?: SecureVersion
  readonly keepAliveSeconds?: number
  readonly reconnect?: { readonly tries: number; readonly waitMs: number; readonly backoffMs: number }
}

export type SwarmReport = {
  readonly connected: number
  readonly failed: number
  /** From the first dial to the last tunnel, milliseconds. */
  readonly tookMs: number
  /** What one handshake took, milliseconds, ascending. */
  readonly handshakesMs: readonly number[]
}

export interface Swarm {
  readonly machines: readonly AmtMachine[]
  /** Connects all, `concurrency` at a time; those that are not up after `patienceMs` have failed. */
  connect(options: { readonly concurrency: number; readonly patienceMs: number }): Promise<SwarmReport>
  /** How many tunnels are up. */
  connected(): number
  /** Loses all tunnels at once, as when the network goes; each comes back by its own policy. */
  cut(): void
  stop(): Promise<void>
}

/** The n-th account of a seed: no two of a seed are alike. */
export function swarmAccount(seed: string, index: number): SwarmAccount {
  const dice = diceOf(seed, 'amt', index)
  const id = dice.hex(32)
  const uuid = [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join('-')
  return { uuid, username: `swarm${index}`, password: `Sw1!${dice.hex(12)}`, amtPassword: `Am1!${dice.hex(12)}` }
}

const SERVER = 'Intel(r) AMT:Management Presence Server 0'

/** Makes the machines; none of them dials before `connect`. */
export function createSwarm(options: SwarmOptions): Swarm {
  const { count, seed, clock, server } = options
  const account = options.account ?? (index => swarmAccount(seed, index))
  const { maxTls = 'TLSv1.3' } = options
  const secureContext = createSecureContext({ ca: server.ca, maxVersion: maxTls })
  const der = new X509Certificate(server.ca).raw.toString('base64')
  const root = { id: 'Intel(r) AMT Certificate: Handle: 0', der, trusted: true }
  const rule = {
    name: 'Periodic',
    trigger: 2,
    tunnelLifeTime: 0,
    extendedData: 'AAAAAAAAABk=',
    servers: [SERVER],
    mpsType: 2,
  }
  const make = (index: number): AmtMachine => {
    const { uuid, username, password, amtPassword } = account(index)
    const dice = diceOf(seed, 'machine', index)
    const random = (bytes: number): Uint8Array => dice.bytes(bytes)
    const state = createAmtState(random)
    state.controlMode = 2
    state.adminHash = passwordHash('admin', state.realm, amtPassword)
    state.optIn = { required: 0, state: 0, wrong: 0 }
    state.certificates = [root]
    state.handles = 1
    state.cira = { userInitiated: 32771, detection: [`${uuid}.com`], rules: [rule], servers: [] }
    state.cira.servers.push({
      name: SERVER,
      accessInfo: server.host,
      infoFormat: 201,
      port: server.port,
      authMethod: 2,
      username,
      password,
      commonName: server.commonName,
    })
    return createAmtMachine({
      uuid,
      version: options.version ?? '16.1.25',
      sku: 'amt',
      clock,
      random,
      state,
      secureContext,
      ...(options.keepAliveSeconds !== undefined && { keepAliveSeconds: options.keepAliveSeconds }),
      ...(options.reconnect !== undefined && { reconnect: options.reconnect }),
    })
  }
  const machines = Array.from({ length: count }, (_none, index) => make(index))
  const connected = (): number => machines.filter(({ cira }) => cira.status === 'connected').length
  return {
    machines,
    connected,
    async connect({ concurrency, patienceMs }) {
      const started = clock.monotonic()
      const handshakesMs: number[] = []
      const waiting = [...machines]
      const worker = async (): Promise<void> => {
        for (let machine = waiting.shift(); machine !== undefined; machine = waiting.shift()) {
          const from = clock.monotonic()
          machine.start()
          if (await isUp(machine, clock, patienceMs)) handshakesMs.push(clock.monotonic() - from)
        }
      }
      await Promise.all(Array.from({ length: concurrency }, worker))
      handshakesMs.sort((a, b) => a - b)
      const tookMs = clock.monotonic() - started
      return { connected: handshakesMs.length, failed: count - handshakesMs.length, tookMs, handshakesMs }
    },
    cut() {
      for (const { cira } of machines) cira.cut(false)
    },
    async stop() {
      await Promise.all(machines.map(machine => machine.stop()))
    },
  }
}

function isUp(machine: AmtMachine, clock: Clock, patienceMs: number): Promise<boolean> {
  return new Promise(resolve => {
    const forget = clock.after(patienceMs, () => settle(false))
    const settle = (up: boolean): void => {
      forget()
      machine.cira.watch(undefined)
      resolve(up)
    }
    if (machine.cira.status === 'connected') settle(true)
    else machine.cira.watch(status => status === 'connected' && settle(true))
  })
}
