// SPDX-License-Identifier: Apache-2.0
/** The network of a simulated host: real TCP to wherever it is asked to go, with faults that reach open connections. */
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { problem } from '../agent/link/dial-problems.ts'
import { createNetwork as createRealNetwork } from '../agent/system/network.ts'
import type { DialTarget, Network } from '../agent/system/system.ts'
import type { Clock } from '../plugins/contract/index.ts'
import { type Conditions, createLine, GOOD, type Line } from './line.ts'
import { simulatorProblem } from './problems.ts'

export interface NetworkFaults {
  /** Breaks every connection and refuses new ones; with `cable` the port also shows that its cable is out. */
  cut(options?: { readonly cable?: boolean }): void
  /** Connections stay open and carry nothing; new ones neither succeed nor fail. */
  halfOpen(): void
  /** Delays and paces every byte, both ways. */
  slow(options: { readonly latencyMs: number; readonly bytesPerSecond: number }): void
  /** Cuts and restores in turn until restored; starts with a cut. */
  flap(options: { readonly upMs: number; readonly downMs: number }): void
  /** Ends every fault. A connection that lost bytes is reset, for its two ends can no longer agree. */
  restore(): void
}

export interface SimulatedNetwork {
  /** The network as one boot sees it; refuses everything once the boot has ended. */
  during(boot: AbortSignal): Network
  readonly faults: NetworkFaults
  /** Whether the cable is in. */
  linked(): boolean
  /** What is wrong with the link, in words; empty when nothing is. */
  wrong(): readonly string[]
  /** The host is gone without a word: the far ends hear nothing, as after a power cut. */
  vanish(): void
  /** Closes what is open, as a kernel does for a process that ends. */
  hangUp(): void
  /** What the kind of network itself does, whatever fault is in force beside it: no signal, or a signal again. */
  outage(on: boolean): void
  /** Ends every fault and breaks what is open, also what vanished. */
  close(): void
}

/**
 * `ready`: every connection runs through a line that can be slowed or silenced at any time.
 * `plain`: connections are bare sockets, which cost nothing and can only be broken; a fault that needs a line breaks
 * them first and acts on the connections that follow.
 */
export type LineMode = 'ready' | 'plain'

export type NetworkOptions = {
  readonly clock: Clock
  readonly lines: LineMode
  /** How late and how fast the line is when nothing is wrong with it; as the real one is when left out. */
  readonly quality?: Quality
  /** A fraction from 0 up to 1, for jitter. */
  readonly fraction?: () => number
  /** What listens on the host's own loopback address; `undefined` for ports that are those of the real machine. */
  readonly loopback?: (port: number) => Duplex | 'refused' | undefined
}

export type Quality = Pick<Conditions, 'latencyMs' | 'jitterMs' | 'bytesPerSecond'>

/** How many vanished connections are kept from telling their far end; older ones are broken. */
const MAX_GHOSTS = 4

type Wires = {
  readonly clock: Clock
  readonly lines: LineMode
  readonly loopback: NonNullable<NetworkOptions['loopback']>
  state: 'up' | 'cut' | 'silent'
  hasSignal: boolean
  /** The line as it is when nothing is wrong. */
  readonly usual: Quality
  speed: Quality
  readonly fraction: () => number
  cable: boolean
  stopFlapping: (() => void) | undefined
  readonly bare: Set<Socket>
  readonly open: Map<Line, Socket>
  readonly ghosts: Socket[]
  /** Who waits for the next change of state. */
  readonly waiting: Set<() => void>
}

export function createNetwork(options: NetworkOptions): SimulatedNetwork {
  const { clock, lines, loopback = () => undefined, quality = GOOD, fraction = () => 0 } = options
  const wires: Wires = {
    clock,
    lines,
    loopback,
    state: 'up',
    hasSignal: true,
    usual: quality,
    speed: quality,
    fraction,
    cable: true,
    stopFlapping: undefined,
    bare: new Set(),
    open: new Map(),
    ghosts: [],
    waiting: new Set(),
  }
  const real = createRealNetwork({ env: {} })
  return {
    during: boot => ({
      connect: (target, signal) => connect(wires, real, { target, signal, boot }),
      proxyFor: () => undefined,
    }),
    linked: () => wires.cable,
    wrong: () => wrongWith(wires),
    faults: faultsOf(wires),
    vanish: () => vanish(wires),
    hangUp: () => breakAll(wires),
    outage(on) {
      wires.hasSignal = !on
      if (on) breakAll(wires)
    },
    close() {
      stopFault(wires)
      breakAll(wires)
      for (const socket of wires.ghosts.splice(0)) socket.destroy()
    },
  }
}

type Call = { readonly target: DialTarget; readonly signal: AbortSignal; readonly boot: AbortSignal }

async function connect(wires: Wires, real: Network, { target, signal, boot }: Call): Promise<Duplex> {
  boot.throwIfAborted()
  signal.throwIfAborted()
  const own = target.host === '127.0.0.1' ? wires.loopback(target.port) : undefined
  if (own !== undefined) return inside(own, { target, signal, boot })
  while (wires.state === 'silent') await change(wires.waiting, signal)
  boot.throwIfAborted()
  if (isCut(wires)) throw unreachable(target, 'the simulated link is cut')
  const socket = await real.connect(target, signal)
  if (!(socket instanceof Socket)) throw new TypeError('the real network connects by sockets')
  if (isCut(wires) || boot.aborted) {
    socket.destroy()
    throw boot.aborted ? boot.reason : unreachable(target, 'the simulated link was cut')
  }
  if (wires.lines === 'plain' && wires.state === 'up' && isReal(wires.speed)) {
    wires.bare.add(socket)
    socket.once('close', () => wires.bare.delete(socket))
    return socket
  }
  const line = createLine(socket, () => conditionsOf(wires), wires.clock)
  wires.open.set(line, socket)
  line.stream.once('close', () => wires.open.delete(line))
  return line.stream
}

/** A connection that never leaves the host, whatever is wrong with its cable. */
async function inside(own: Duplex | 'refused', { target, boot }: Call): Promise<Duplex> {
  if (own === 'refused') throw unreachable(target, 'ECONNREFUSED')
  own.on('error', () => undefined)
  // What refuses says so in the next turn.
  await new Promise(resolve => setImmediate(resolve))
  if (own.destroyed) throw unreachable(target, 'ECONNREFUSED')
  const end = (): void => void own.destroy()
  boot.addEventListener('abort', end, { once: true })
  own.once('close', () => boot.removeEventListener('abort', end))
  return own
}

function isCut({ state, hasSignal }: Wires): boolean {
  return state === 'cut' || !hasSignal
}

/** Whether a bare socket does the same. */
function isReal({ latencyMs, jitterMs, bytesPerSecond }: Quality): boolean {
  return latencyMs === 0 && jitterMs === 0 && bytesPerSecond === Number.POSITIVE_INFINITY
}

function conditionsOf({ state, speed, fraction }: Wires): Conditions {
  const { latencyMs, jitterMs, bytesPerSecond } = speed
  return {
    silent: state === 'silent',
    latencyMs,
    jitterMs: jitterMs === 0 ? 0 : jitterMs * fraction(),
    bytesPerSecond,
  }
}

function faultsOf(wires: Wires): NetworkFaults {
  return {
    cut({ cable = false } = {}) {
      stopFault(wires)
      wires.cable = !cable
      cut(wires)
    },
    halfOpen() {
      stopFault(wires)
      breakBare(wires)
      enter(wires, 'silent')
    },
    slow({ latencyMs, bytesPerSecond }) {
      if (!(latencyMs >= 0) || !(bytesPerSecond > 0)) {
        throw simulatorProblem('simulated-limit', 'a slow line needs a latency of 0 or more and a positive rate')
      }
      wires.speed = { latencyMs, jitterMs: 0, bytesPerSecond }
      breakBare(wires)
    },
    flap(times) {
      stopFault(wires)
      flap(wires, times)
    },
    restore() {
      stopFault(wires)
      wires.speed = wires.usual
      for (const line of [...wires.open.keys()]) if (line.damaged) line.destroy()
      enter(wires, 'up')
    },
  }
}

function flap(wires: Wires, { upMs, downMs }: { readonly upMs: number; readonly downMs: number }): void {
  let forget = (): void => undefined
  const down = (): void => {
    cut(wires)
    forget = wires.clock.after(downMs, up)
  }
  const up = (): void => {
    enter(wires, 'up')
    forget = wires.clock.after(upMs, down)
  }
  wires.stopFlapping = () => forget()
  down()
}

function cut(wires: Wires): void {
  enter(wires, 'cut')
  breakAll(wires)
}

function stopFault(wires: Wires): void {
  wires.stopFlapping?.()
  wires.stopFlapping = undefined
  wires.cable = true
}

function enter(wires: Wires, state: Wires['state']): void {
  wires.state = state
  for (const tell of [...wires.waiting]) tell()
}

function breakAll(wires: Wires): void {
  for (const line of [...wires.open.keys()]) line.destroy()
  breakBare(wires)
}

function breakBare({ bare }: Wires): void {
  for (const socket of [...bare]) socket.destroy()
}

function vanish(wires: Wires): void {
  const { open, ghosts } = wires
  for (const [line, socket] of [...open]) {
    line.vanish()
    ghosts.push(socket)
  }
  for (const socket of ghosts.splice(0, ghosts.length - MAX_GHOSTS)) socket.destroy()
  breakBare(wires)
}

function wrongWith({ state, speed, usual, cable, stopFlapping, hasSignal }: Wires): readonly string[] {
  const link = !cable ? 'unplugged' : stopFlapping !== undefined ? 'flapping' : LINK_WORDS[state]
  return [
    ...(link === undefined ? [] : [link]),
    ...(hasSignal ? [] : ['no signal']),
    ...(speed === usual ? [] : ['slow']),
  ]
}

const LINK_WORDS = { up: undefined, cut: 'cut', silent: 'half open' } as const

function unreachable({ host, port }: DialTarget, cause: string): Error {
  return problem('unreachable', `${host}:${port} (${cause})`, { host, port, cause })
}

/** Resolves at the next change of the line; rejects with the signal's reason. */
function change(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      waiting.delete(done)
      signal.removeEventListener('abort', stop)
      resolve()
    }
    const stop = (): void => {
      waiting.delete(done)
      reject(signal.reason)
    }
    waiting.add(done)
    signal.addEventListener('abort', stop, { once: true })
  })
}
