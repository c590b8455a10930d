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
  readonly network: Network
  readonly faults: NetworkFaults
  /** Whether the cable is in. */
  linked(): boolean
  /** What is wrong with the link, in words; empty when nothing is. */
  wrong(): readonly string[]
  /** The host is gone without a word: the far ends hear nothing, as after a power cut. */
  vanish(): void
  /** Closes what is open, as a kernel does for a process that ends. */
  hangUp(): void
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
  /** Throws while the host is off. */
  readonly alive: () => void
}

type State = 'up' | 'cut' | 'silent'

/** How many vanished connections are kept from telling their far end; older ones are broken. */
const MAX_GHOSTS = 4

export function createNetwork({ clock, lines, alive }: NetworkOptions): SimulatedNetwork {
  const real = createRealNetwork({ env: {} })
  let state: State = 'up'
  let speed: Pick<Conditions, 'latencyMs' | 'bytesPerSecond'> = GOOD
  let cable = true
  let flapping = false
  let stopFlapping = (): void => undefined
  const bare = new Set<Socket>()
  const open = new Map<Line, Socket>()
  const ghosts: Socket[] = []
  const changes = new Set<() => void>()

  const present = (): State => state
  const conditions = (): Conditions => ({ ...speed, silent: state === 'silent' })
  const needsLine = (): boolean => lines === 'ready' || state === 'silent' || speed !== GOOD
  const breakAll = (which: (line: Line) => boolean): void => {
    for (const line of [...open.keys()]) if (which(line)) line.destroy()
    for (const socket of [...bare]) socket.destroy()
  }
  const enter = (next: State): void => {
    state = next
    for (const tell of [...changes]) tell()
  }
  const cut = (): void => {
    enter('cut')
    breakAll(() => true)
  }
  const stopFault = (): void => {
    stopFlapping()
    flapping = false
    cable = true
  }

  async function connect(target: DialTarget, signal: AbortSignal): Promise<Duplex> {
    alive()
    signal.throwIfAborted()
    while (present() === 'silent') await change(changes, signal)
    if (present() === 'cut') throw unreachable(target, 'the simulated link is cut')
    const socket = await real.connect(target, signal)
    if (!(socket instanceof Socket)) throw new TypeError('the real network connects by sockets')
    if (present() === 'cut') {
      socket.destroy()
      throw unreachable(target, 'the simulated link was cut')
    }
    if (!needsLine()) {
      bare.add(socket)
      socket.once('close', () => bare.delete(socket))
      return socket
    }
    const line = createLine(socket, conditions, clock)
    open.set(line, socket)
    line.stream.once('close', () => open.delete(line))
    return line.stream
  }

  return {
    network: { connect, proxyFor: () => undefined },
    linked: () => cable,
    wrong: () => [
      ...(flapping ? ['flapping'] : cable ? [] : ['unplugged']),
      ...(present() === 'cut' && cable && !flapping ? ['cut'] : []),
      ...(present() === 'silent' ? ['half open'] : []),
      ...(speed === GOOD ? [] : ['slow']),
    ],
    faults: {
      cut(options = {}) {
        stopFault()
        cable = options.cable !== true
        cut()
      },
      halfOpen() {
        stopFault()
        for (const socket of [...bare]) socket.destroy()
        enter('silent')
      },
      slow({ latencyMs, bytesPerSecond }) {
        if (!(latencyMs >= 0) || !(bytesPerSecond > 0)) {
          throw simulatorProblem('simulated-limit', 'a slow line needs a latency of 0 or more and a positive rate')
        }
        speed = { latencyMs, bytesPerSecond }
        for (const socket of [...bare]) socket.destroy()
      },
      flap({ upMs, downMs }) {
        stopFault()
        let forget = (): void => undefined
        const down = (): void => {
          cut()
          forget = clock.after(downMs, up)
        }
        const up = (): void => {
          enter('up')
          forget = clock.after(upMs, down)
        }
        stopFlapping = () => forget()
        flapping = true
        down()
      },
      restore() {
        stopFault()
        speed = GOOD
        breakAll(line => line.damaged)
        enter('up')
      },
    },
    vanish() {
      for (const [line, socket] of [...open]) {
        line.vanish()
        ghosts.push(socket)
      }
      for (const socket of ghosts.splice(0, ghosts.length - MAX_GHOSTS)) socket.destroy()
      for (const socket of [...bare]) socket.destroy()
    },
    hangUp: () => breakAll(() => true),
    close() {
      stopFault()
      breakAll(() => true)
      for (const socket of ghosts.splice(0)) socket.destroy()
    },
  }
}

function unreachable({ host, port }: DialTarget, cause: string): Error {
  return problem('unreachable', `${host}:${port} (${cause})`, { host, port, cause })
}

/** Resolves at the next change of the line; rejects with the signal's reason. */
function change(changes: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      changes.delete(done)
      signal.removeEventListener('abort', stop)
      resolve()
    }
    const stop = (): void => {
      changes.delete(done)
      reject(signal.reason)
    }
    changes.add(done)
    signal.addEventListener('abort', stop, { once: true })
  })
}
