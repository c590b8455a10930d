// SPDX-License-Identifier: Apache-2.0
/** Many simulated hosts with real agents in one process: enrolls them, runs them, and says how they are. */
import { asProblem, type Clock, type Log, type Problem, type RandomBytes } from '../plugins/contract/index.ts'
import { type Enlistee, enlistAll, inParallel } from './enlist.ts'
import type { AmtShares } from './facts.ts'
import { createSimulatedHost, type SimulatedHost, type SimulatedHostOptions } from './host.ts'
import { createMachine, type Machine, type MachineAgent } from './machine.ts'
import type { LineMode } from './network.ts'
import { type NetworkShares, profileFor } from './network-profiles.ts'
import { simulatorProblem } from './problems.ts'
import { openYard } from './yard.ts'

/** Who a host is at the controller. */
export type Enlisted = {
  readonly id: string
  readonly project: string
  /** Whether it enrolled just now, rather than in an earlier run. */
  readonly fresh: boolean
}

export type Enlisting = { readonly signal: AbortSignal; readonly onWaiting: (why: string) => void }

/** Puts agents on hosts. */
export interface Crew<A extends MachineAgent> {
  /** Enrolls the host unless it has an identity already; `onWaiting` is told why when somebody must approve it first. */
  enlist(host: SimulatedHost, options: Enlisting): Promise<Enlisted>
  /** Makes the agent of the present boot. */
  agent(host: SimulatedHost): A | Promise<A>
}

export type HostWish = Partial<Pick<SimulatedHostOptions, 'amt' | 'model' | 'engine' | 'bootMs' | 'goingDownMs'>>

export type FleetOptions<A extends MachineAgent> = {
  readonly count: number
  /** The number of its first host; 1 unless it is a part of a larger fleet. */
  readonly first?: number
  readonly seed: string
  readonly crew: Crew<A>
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  /** Keeps disks and identities for the next run; in a temporary folder, and gone afterwards, when left out. */
  readonly dir?: string
  readonly shares?: AmtShares
  readonly model?: string
  /** Kinds of network by share; all on `lan` when left out. */
  readonly network?: NetworkShares
  /** What single hosts are like beyond that; asked once for each. */
  readonly each?: (number: number) => HostWish
  /** `ready` for up to a hundred hosts and `plain` for more, unless said otherwise. */
  readonly lines?: LineMode
  /** How many enroll at the same time; 8 unless said otherwise. */
  readonly concurrency?: number
  /** Lets the first host go ahead alone and gives up when it cannot enroll; unless said otherwise it does. */
  readonly probes?: boolean
}

export type FleetProgress = {
  readonly number: number
  readonly done: number
  readonly of: number
  readonly outcome:
    | { readonly enlisted: Enlisted }
    | { readonly problem: Problem }
    /** It has knocked; `done` does not count it yet. */
    | { readonly waiting: string }
}

export interface Member<A extends MachineAgent> {
  readonly number: number
  /** The number it was copied from. */
  readonly cloneOf: number | undefined
  readonly host: SimulatedHost
  readonly machine: Machine<A>
  /** Who it is at the controller; `undefined` until it has enrolled. */
  readonly enlisted: Enlisted | undefined
  /** Why it does not run. */
  readonly problem: Problem | undefined
}

export interface Fleet<A extends MachineAgent> {
  readonly members: readonly Member<A>[]
  /**
   * Enrolls and starts every host: the first alone, the others side by side. Resolves when each runs or has failed;
   * rejects with what kept the first from enrolling, for it will keep the others too. One that waits for approval holds
   * up nobody else.
   */
  start(onProgress: (progress: FleetProgress) => void, signal: AbortSignal): Promise<void>
  /** Throws `no-such-simulated-host`. */
  member(number: number): Member<A>
  /** Copies a host as it is now and starts the copy, which gets the next number unless one is named. */
  clone(number: number, as?: number): Promise<Member<A>>
  /** Stops every agent with a farewell, then the hosts. */
  stop(): Promise<void>
}

const READY_UP_TO = 100
const STOPPING_AT_ONCE = 64

export function createFleet<A extends MachineAgent>(options: FleetOptions<A>): Fleet<A> {
  const { count, crew, log, seed } = options
  const first = options.first ?? 1
  const yard = openYard({ seed, dir: options.dir, part: first })
  const entries: Enlistee<A>[] = []
  const byNumber = new Map<number, Enlistee<A>>()
  const admit = (number: number, host: SimulatedHost, cloneOf?: number): Enlistee<A> => {
    const machine = createMachine({ host, agent: each => crew.agent(each), log })
    const entry: Enlistee<A> = { number, cloneOf, host, machine, enlisted: undefined, problem: undefined }
    entries.push(entry)
    byNumber.set(number, entry)
    return entry
  }
  for (let number = first; number < first + count; number++) admit(number, hostOf(options, number, yard.place(number)))

  const member = (number: number): Enlistee<A> => {
    const found = byNumber.get(number)
    if (found !== undefined) return found
    throw simulatorProblem('no-such-simulated-host', `${number}; there are ${first} to ${Math.max(...byNumber.keys())}`)
  }
  return {
    members: entries,
    member,
    start: (onProgress, signal) =>
      enlistAll(entries, {
        crew,
        clock: options.clock,
        concurrency: options.concurrency ?? 8,
        probes: options.probes ?? true,
        onProgress,
        signal,
      }),
    async clone(number, as = Math.max(...byNumber.keys()) + 1) {
      const original = member(number)
      const dir = yard.place(as, { clone: true })
      const copy = admit(as, original.host.faults.clone({ dir }), number)
      copy.enlisted = original.enlisted
      await copy.machine.start()
      return copy
    },
    async stop() {
      await inParallel(entries, STOPPING_AT_ONCE, async ({ machine }) => {
        await machine.stop().catch(thrown => log.warn('an agent does not stop', { problem: asProblem(thrown) }))
      })
      yard.close()
    },
  }
}

function hostOf<A extends MachineAgent>(options: FleetOptions<A>, index: number, dir: string): SimulatedHost {
  const { seed, clock, random, shares, model, count, network } = options
  return createSimulatedHost({
    seed,
    index,
    clock,
    random,
    dir,
    lines: options.lines ?? (count <= READY_UP_TO ? 'ready' : 'plain'),
    ...(shares === undefined ? {} : { shares }),
    ...(model === undefined ? {} : { model }),
    ...(network === undefined ? {} : { network: profileFor(seed, index, network) }),
    ...options.each?.(index),
  })
}
