// SPDX-License-Identifier: Apache-2.0
/** A simulated management engine (Intel AMT or standard manageability) with the host it sits in. */
import type { Duplex } from 'node:stream'
import type { SecureContext, SecureVersion } from 'node:tls'
import type { Clock, RandomBytes } from '../../plugins/contract/index.ts'
import { Cira } from './cira.ts'
import type { AmtFaults } from './faults.ts'
import { createAmtFaults, NO_FAULTS } from './faults.ts'
import type { Firmware, Hardware, Model } from './firmware.ts'
import { createHostPower, type HostPower, type PowerQuirks } from './host-power.ts'
import { createPorts, type Ports } from './local.ts'
import { createMei, type Mei } from './mei.ts'
import type { OnDieAuthority } from './on-die.ts'
import type { PowerChange } from './power.ts'
import { createReaches, type Reaches } from './reaches.ts'
import { createRedirection, type Redirection } from './redirection/server.ts'
import { type AmtState, createAmtState } from './state.ts'
import { createWeb, type JournalEntry } from './web.ts'

export { type AmtFaults, createAmtFaults } from './faults.ts'
export type { Mei } from './mei.ts'
export type { PowerChange } from './power.ts'
export type { AmtState } from './state.ts'
export type { JournalEntry } from './web.ts'

export type AmtMachineOptions = {
  readonly uuid: string
  /** `11.8.50`, `16.1.25`, `19.0.5` */
  readonly version: string
  readonly sku: 'amt' | 'ism'
  readonly clock: Clock
  readonly random: RandomBytes
  readonly state?: AmtState
  /** Called whenever something changed that survives a restart. */
  readonly keep?: (state: AmtState) => void
  /** TCP of the engine's own network, which stays up when the host is down; `node:net` unless given. */
  readonly dial?: (target: { host: string; port: number }, signal: AbortSignal) => Promise<Duplex>
  /** What DHCP option 15 says. */
  readonly dnsSuffix?: string
  /** Digests of provisioning roots in hexadecimal: SHA-256, SHA-1 or SHA-384. */
  readonly trustedRoots?: readonly string[]
  readonly onPower?: (change: PowerChange) => void
  readonly faults?: AmtFaults
  readonly fragment?: 'whole' | 'byte' | 'coalesced'
  /** 30 unless given; some firmware has 90. */
  readonly keepAliveSeconds?: number
  /** What each channel may receive before it adjusts; 4,096 unless given. */
  readonly windowBytes?: number
  readonly forwards?: readonly number[]
  readonly build?: string
  readonly hostName?: string
  readonly hardware?: Partial<Hardware>
  /** Whether a screen is attached; without one no consent code can be read. */
  readonly display?: boolean
  /** From AMT 19 on unless given. */
  readonly tlsEnforced?: boolean
  /** Requests a digest nonce serves; 50 unless given. */
  readonly nonceLife?: number
  /** Replies come in chunks; true unless given. */
  readonly chunked?: boolean
  /** Items in one Pull at most. */
  readonly pageItems?: number
  readonly reconnect?: { readonly tries: number; readonly waitMs: number; readonly backoffMs: number }
  readonly tls?: { readonly minVersion?: SecureVersion; readonly maxVersion?: SecureVersion; readonly sni?: boolean }
  readonly secureContext?: SecureContext
  readonly authority?: OnDieAuthority
  readonly quirks?: PowerQuirks & {
    /** How long local ports stay away after `CommitChanges`. */
    readonly localRestartMs?: number
  }
  /** Told every message that logged in. */
  readonly journal?: (entry: JournalEntry) => void
}

export interface AmtMachine {
  readonly state: AmtState
  readonly faults: AmtFaults
  readonly mei: Mei
  /** What LMS on the host offers; a refused port is a stream that fails with `ECONNREFUSED`. */
  lms(port: number): Duplex
  /** What a neighbour on the network reaches; nothing while the engine believes to be away from home. */
  lan(port: number): Duplex
  start(): void
  stop(): Promise<void>
  userInitiatedConnection(): void
  /** Pulls the network cable: the tunnel is gone at once. */
  unplug(): void
  plug(): void
  /** TCP stays up, the firmware says nothing any more. */
  freeze(): void
  /** Wakes from {@link freeze}; the old tunnel is given up. */
  thaw(): void
  readonly power: Pick<HostPower, 'state' | 'press' | 'osSavingState' | 'systemUp'>
  readonly screen: { consentCode(): string | undefined }
  readonly cira: Pick<Cira, 'status' | 'watch' | 'cut'>
  readonly redirection: Redirection
  /** PEM of the invented root behind its own TLS certificate. */
  readonly onDieRoot: string
}

const HARDWARE: Hardware = {
  manufacturer: 'Simulated Systems',
  product: 'SIM-9',
  serial: '00042SIM',
  cpus: 1,
  dimms: 2,
  disks: 1,
  wireless: true,
  recovery: true,
  sleep: true,
}
const RECONNECT = { tries: 3, waitMs: 25_000, backoffMs: 15 * 60_000 }
const ALL_PORTS = [16993, 16992, 664, 623, 16995, 16994, 5900]

function modelOf(options: AmtMachineOptions): Model {
  const major = Number.parseInt(options.version, 10)
  return {
    uuid: options.uuid.toLowerCase(),
    version: options.version,
    major,
    build: options.build ?? '2049',
    sku: options.sku,
    dnsSuffix: options.dnsSuffix ?? '',
    trustedRoots: new Set((options.trustedRoots ?? []).map(hash => hash.replaceAll(':', '').toUpperCase())),
    tlsEnforced: options.tlsEnforced ?? major >= 19,
    hardware: options.hardware === undefined ? HARDWARE : { ...HARDWARE, ...options.hardware },
    display: options.display ?? true,
    hostName: options.hostName ?? '',
    pageItems: options.pageItems ?? 999,
  }
}

/** Older engines and standard manageability have no port for viewers. */
function forwardsOf({ major, sku }: Model): readonly number[] {
  return major >= 12 && sku === 'amt' ? ALL_PORTS : ALL_PORTS.slice(0, 6)
}

/** In client control a person must always agree; in admin control as the policy says. */
function isConsented({ controlMode, optIn }: AmtState, kind: 'kvm' | 'other'): boolean {
  if (controlMode === 2 && (optIn.required === 0 || (optIn.required === 1 && kind === 'other'))) return true
  return optIn.state === 3 || optIn.state === 4
}

type Parts = {
  readonly firmware: Firmware
  readonly redirection: Redirection
  readonly power: HostPower
  readonly ports: Ports
  readonly cira: Cira
  readonly local: Reaches
}

/** The parts of a machine, each knowing those it moves; `faults` may come later. */
function createParts(options: AmtMachineOptions, faults: () => AmtFaults | undefined): Parts {
  const { clock, random, quirks = {} } = options
  const model = modelOf(options)
  const state = options.state ?? createAmtState(random)

  const touched = (): void => options.keep?.(state)
  const firmware: Firmware = {
    model,
    state,
    clock,
    random,
    get faults() {
      return faults()?.plan ?? NO_FAULTS
    },
    volatile: {},
    touched,
    power: action => power.request(action),
    consented: kind => isConsented(state, kind),
    consentChanged() {
      touched()
      redirection.review()
    },
    restartLocal: () => local.restart(),
    accessChanged: () => setImmediate(() => cira.consider()),
    endSessions: () => redirection.review(),
  }
  const redirection = createRedirection(firmware, () => power.idle())
  const power: HostPower = createHostPower({
    firmware,
    quirks,
    redirecting: () => redirection.sessions.length > 0,
    ...(options.onPower && { tell: options.onPower }),
    dropTunnel: () => cira.cut(false),
  })
  const web = createWeb(firmware, {
    nonceLife: options.nonceLife ?? 50,
    chunked: options.chunked ?? true,
    ...(options.journal && { journal: options.journal }),
  })
  const ports = createPorts({
    firmware,
    web,
    redirection: stream => redirection.serve(stream),
    ...(options.authority && { authority: options.authority }),
  })
  const cira = new Cira(firmware, {
    fragment: options.fragment ?? 'whole',
    keepAliveSeconds: options.keepAliveSeconds ?? 30,
    windowBytes: options.windowBytes ?? 4096,
    forwards: options.forwards ?? forwardsOf(model),
    reconnect: options.reconnect ?? RECONNECT,
    tls: options.tls ?? {},
    ...(options.dial && { dial: options.dial }),
    ...(options.secureContext && { secureContext: options.secureContext }),
    serve: (port, stream) => ports.serve(port, stream, { local: false, cut: gently => cira.cut(gently) }),
  })
  const local = createReaches({ firmware, ports, restartMs: quirks.localRestartMs ?? 0 })
  return { firmware, redirection, power, ports, cira, local }
}

/** Makes a machine; it dials nobody before {@link AmtMachine.start}. */
export function createAmtMachine(options: AmtMachineOptions): AmtMachine {
  let faults = options.faults
  const { firmware, redirection, power, ports, cira, local } = createParts(options, () => faults)
  const { state, clock } = firmware
  return {
    state,
    get faults() {
      faults ??= createAmtFaults()
      return faults
    },
    mei: createMei(firmware, options.trustedRoots ?? []),
    lms: port => local.open(port, true),
    lan: port => local.open(port, false),
    start: () => cira.start(),
    async stop() {
      local.end()
      redirection.endAll()
      await cira.stop()
    },
    userInitiatedConnection: () => cira.userInitiated(),
    unplug: () => cira.plugged(false),
    plug: () => cira.plugged(true),
    freeze() {
      local.frozen = true
      cira.freeze(true)
    },
    thaw() {
      local.frozen = false
      cira.freeze(false)
    },
    power,
    screen: {
      consentCode() {
        const { code, untilMs = 0, state: consent } = state.optIn
        return consent === 2 && clock.monotonic() < untilMs ? code : undefined
      },
    },
    cira,
    redirection,
    get onDieRoot() {
      return ports.onDieRoot
    },
  }
}
