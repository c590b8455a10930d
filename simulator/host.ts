// SPDX-License-Identifier: Apache-2.0
/** A simulated host: everything an agent asks of a machine, answered from a seed, with faults on request. */
import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { problem as memoryProblem } from '../agent/state/problems.ts'
import type { System } from '../agent/system/system.ts'
import { type Clock, formatAge, type RandomBytes, SECOND } from '../plugins/contract/index.ts'
import type { AmtMachine } from './amt/machine.ts'
import { diceOf } from './dice.ts'
import { createEngine, type Engine, type EngineOptions } from './engine.ts'
import { type AmtKind, type AmtShares, factsOf, type SimulatedFacts } from './facts.ts'
import type { CloneOptions, Faults } from './faults.ts'
import { createFiles, forgetVolatile } from './files.ts'
import { createNetwork, type LineMode, type SimulatedNetwork } from './network.ts'
import { cutsOf, NETWORK_PROFILES, type NetworkName } from './network-profiles.ts'
import { createPower, type Power } from './power.ts'
import { createProcesses, type Program, type Programs } from './processes.ts'
import { installedPrograms } from './programs/installed.ts'
import { createLms, type Lms } from './programs/lms.ts'
import { createRpcFaults, type RpcFaults, type RpcTrouble } from './programs/rpc/faults.ts'
import { openStorage, type Storage } from './storage.ts'
import { rootFolder } from './tree/root.ts'
import { createTree, type Tree } from './tree/tree.ts'
import { createBootClock, createWallClock, type WallClock } from './wall-clock.ts'

export type SimulatedHostOptions = HostOptions & {
  /** The same seed and index make the same machine. */
  readonly seed: string
  /** From 1. */
  readonly index: number
  /** Name of a model; drawn from the seed when left out. */
  readonly model?: string
  readonly amt?: AmtKind
  readonly shares?: AmtShares
}

export type HostOptions = {
  readonly clock: Clock
  /** Folder that keeps disk, firmware and journal from one run to the next; in memory when left out. */
  readonly dir?: string
  /** Whether open connections can be slowed and silenced; `ready` unless said otherwise. */
  readonly lines?: LineMode
  /** The kind of network it is on; `lan` when left out. */
  readonly network?: NetworkName
  /** Drawn from the seed when left out, which is repeatable and therefore no source of real secrets. */
  readonly random?: RandomBytes
  /** From power to a running agent; 8 s unless said otherwise. */
  readonly bootMs?: number
  /** From `systemctl reboot` to darkness; 1 s unless said otherwise. */
  readonly goingDownMs?: number
  /** What its management engine is like beyond its facts. */
  readonly engine?: EngineOptions
}

export interface SimulatedHost {
  readonly facts: SimulatedFacts
  /** The machine as an agent of the present boot sees it; that of an ended boot refuses everything. */
  readonly system: System
  /** Where its agent keeps its journal: a file of the real disk, or `:memory:`, which a reboot empties. */
  readonly journalLocation: string
  /** Where its agent keeps its identities, in its own files. */
  readonly identityDir: string
  readonly power: Power
  readonly faults: Faults
  /** The programs it has, for tests to change. */
  readonly programs: Programs
  /**
   * Its management engine, made at the first use of this member or of `rpc`; `undefined` on machines without AMT. It
   * outlives boots, has a network of its own, and switches the host as the host's power moves it.
   */
  readonly amt: AmtMachine | undefined
  /** The name the kernel goes by. */
  hostname(): string
  /** From now on its network fails at the moments that the seed has drawn for it; see `network-profiles.ts`. */
  beginWeather(): void
  /** Switches it off for good and breaks its connections. */
  close(): void
}

/** Makes a host that has just booted. Throws `no-such-model`, and `invalid` when its folder holds something else. */
export function createSimulatedHost(options: SimulatedHostOptions): SimulatedHost {
  return assemble(factsOf(options), openStorage(options.dir), options)
}

/** What one host is built from. */
type Parts = {
  readonly facts: SimulatedFacts
  readonly storage: Storage
  readonly options: HostOptions
  readonly clock: WallClock
  readonly random: RandomBytes
  readonly network: SimulatedNetwork
  readonly tree: Tree
  readonly programs: Programs
  readonly engine: Engine
  readonly lms: Lms
  readonly rpc: { readonly faults: RpcFaults; readonly trouble: RpcTrouble }
  /** What changes while it runs. */
  readonly now: { kernelName: string; full: boolean; system: System | undefined; power: Power | undefined }
}

function assemble(facts: SimulatedFacts, storage: Storage, options: HostOptions): SimulatedHost {
  const parts = partsOf(facts, storage, options)
  const { now, network, programs } = parts
  const power = createPower({
    clock: options.clock,
    random: parts.random,
    bootCount: storage.bootCount,
    onBoot: ({ count, ended }) => boot(parts, count, ended),
  })
  now.power = power
  for (const [name, program] of programsOf(parts, power)) programs.set(name, program)
  power.watch(event => {
    if (event.kind === 'off') event.why === 'power-cut' ? network.vanish() : network.hangUp()
  })
  parts.engine.follow(power)
  const weather = createWeather(parts)
  return {
    facts,
    get system() {
      return booted(now.system)
    },
    get amt() {
      return parts.engine.machine()
    },
    journalLocation: journalIn(options.dir),
    identityDir: IDENTITY_DIR,
    power,
    faults: faultsOf(parts, power),
    programs,
    hostname: () => now.kernelName,
    beginWeather: weather.begin,
    close() {
      weather.end()
      power.close()
      parts.engine.close()
      network.close()
    },
  }
}

function partsOf(facts: SimulatedFacts, storage: Storage, options: HostOptions): Parts {
  const now: Parts['now'] = { kernelName: facts.hostname, full: false, system: undefined, power: undefined }
  const clock = createWallClock(options.clock)
  const profile = options.network ?? 'lan'
  const network = createNetwork({
    clock: options.clock,
    quality: NETWORK_PROFILES[profile],
    fraction: diceOf(facts.seed, facts.index, 'jitter').fraction,
    lines: options.lines ?? 'ready',
    loopback: port => localService(engine, lms, port),
  })
  const lms = createLms('running')
  const engine = createEngine({
    facts,
    storage,
    clock: options.clock,
    random: options.random,
    options: options.engine ?? {},
    bootMs: options.bootMs ?? BOOT_MS,
  })
  const source = {
    facts,
    now: clock.now,
    uptimeMs: () => booted(now.power).uptimeMs(),
    bootId: () => booted(now.power).bootId,
    hostname: () => now.kernelName,
    linked: network.linked,
  }
  return {
    facts,
    storage,
    options,
    clock,
    random: options.random ?? diceOf(facts.seed, facts.index, 'random').bytes,
    network,
    tree: createTree(() => rootFolder(source)),
    programs: new Map<string, Program>(),
    engine,
    lms,
    rpc: createRpcFaults(),
    now,
  }
}

/** Outages of the network one after another, on the real clock of the simulation and not on that of a boot. */
function createWeather({ facts, options, network }: Parts): { begin(): void; end(): void } {
  const { clock, network: profile = 'lan' } = options
  let forget = (): void => undefined
  const begin = (): void => {
    forget()
    const since = clock.monotonic()
    const cuts = cutsOf({ seed: facts.seed, number: facts.index, profile })
    const next = (): void => {
      const { value: cut, done } = cuts.next()
      if (done === true) return
      forget = clock.after(since + cut.at - clock.monotonic(), () => {
        network.outage(true)
        forget = clock.after(cut.forMs, () => {
          network.outage(false)
          next()
        })
      })
    }
    next()
  }
  return { begin, end: () => forget() }
}

/** The ports of the engine, which Intel's local service keeps open on the host's own address while it runs. */
function localService(engine: Engine, lms: Lms, port: number): Duplex | 'refused' | undefined {
  if (port < 16_992 || port > 16_995) return undefined
  return (lms.state === 'running' ? engine.machine()?.lms(port) : undefined) ?? 'refused'
}

/** Makes the system of a boot, and forgets what the last one left in memory. */
function boot(parts: Parts, count: number, ended: AbortSignal): void {
  const { storage, tree, now, network, programs, facts } = parts
  forgetVolatile(storage)
  storage.bootCount = count
  storage.save()
  now.kernelName = staticName(storage) ?? facts.hostname
  const clock = createBootClock(parts.clock, ended)
  const files = createFiles({
    tree,
    storage,
    alive: () => ended.throwIfAborted(),
    room: path => {
      if (now.full) throw memoryProblem('disk-full', undefined, { path, cause: 'ENOSPC' })
    },
  })
  const fact = async (path: string): Promise<string> => (await files.text(path))?.trim() ?? ''
  now.system = {
    files,
    processes: createProcesses({ programs, clock, power: ended }),
    clock,
    network: network.during(ended),
    random: parts.random,
    machineId: () => fact('/etc/machine-id'),
    bootId: () => fact('/proc/sys/kernel/random/boot_id'),
    simulated: true,
  }
}

function staticName(storage: Storage): string | undefined {
  const text = storage.files.get('/etc/hostname')?.content
  const line = Buffer.from(text ?? [])
    .toString()
    .split('\n')
    .find(each => each.trim() !== '' && !each.startsWith('#'))
  return line?.trim()
}

function programsOf(parts: Parts, power: Power): Programs {
  const { facts, storage, now, network, options, engine, lms } = parts
  return installedPrograms({
    facts,
    power,
    engine,
    lms,
    trouble: parts.rpc.trouble,
    system: () => booted(now.system),
    hostname: () => now.kernelName,
    linked: network.linked,
    goingDownMs: options.goingDownMs ?? SECOND,
    bootMs: options.bootMs ?? BOOT_MS,
    setHostname(name, { lasting }) {
      now.kernelName = name
      if (!lasting) return
      storage.files.set('/etc/hostname', { mode: 0o644, content: Buffer.from(`${name}\n`) })
      storage.save()
    },
  })
}

const BOOT_MS = 8 * SECOND

function faultsOf(parts: Parts, power: Power): Faults {
  const { storage, engine, network } = parts
  return {
    ...network.faults,
    cut(cut) {
      network.faults.cut(cut)
      engine.cable(network.linked())
    },
    restore() {
      network.faults.restore()
      engine.cable(network.linked() && power.on)
    },
    rpc: parts.rpc.faults,
    lms(state) {
      parts.lms.state = state
    },
    amtEnabled(enabled) {
      storage.firmware = { ...storage.firmware, enabled }
      storage.save()
    },
    jumpClock: parts.clock.jump,
    diskFull(full) {
      parts.now.full = full
    },
    powerCut: backInMs => power.lose('power-cut', backInMs),
    clone: options => clone(parts, options ?? {}),
    active: () => [
      ...parts.network.wrong(),
      ...(parts.now.full ? ['disk full'] : []),
      ...(parts.clock.offsetMs() === 0 ? [] : [`clock ${signed(parts.clock.offsetMs())}`]),
    ],
  }
}

function signed(ms: number): string {
  return `${ms < 0 ? '-' : '+'}${formatAge(Math.abs(ms))}`
}

function clone({ facts, storage, options }: Parts, { dir, index }: CloneOptions): SimulatedHost {
  const { seed, hostname, machineId } = facts
  // Name and machine id are on the disk that was copied; everything else belongs to the hardware it woke up on.
  const copied = index === undefined ? facts : { ...factsOf({ seed, index }), hostname, machineId }
  const copy = storage.copy(dir)
  if (index !== undefined) copy.firmware = { enabled: true }
  if (options.dir !== undefined && dir !== undefined) copyJournal(options.dir, dir)
  const { dir: _, random: __, ...rest } = options
  const random = options.random ?? diceOf(seed, facts.index, 'clone', storage.bootCount).bytes
  return assemble(copied, copy, { ...rest, random, ...(dir === undefined ? {} : { dir }) })
}

const IDENTITY_DIR = '/var/lib/muster-agent/identity'
const JOURNAL = 'journal.db'

function journalIn(dir: string | undefined): string {
  return dir === undefined ? ':memory:' : join(dir, JOURNAL)
}

// Both in one breath: the journal writes synchronously, so nothing can come between the file and its log.
function copyJournal(from: string, to: string): void {
  for (const suffix of ['', '-wal']) {
    const source = journalIn(from) + suffix
    if (existsSync(source)) copyFileSync(source, journalIn(to) + suffix)
  }
}

function booted<T>(part: T | undefined): T {
  if (part === undefined) throw new TypeError('the simulated host has not booted')
  return part
}
