// SPDX-License-Identifier: Apache-2.0
/** A squad in this process. */
import type { Clock, Log, RandomBytes } from '../../plugins/contract/index.ts'
import type { AmtShares } from '../facts.ts'
import { type Crew, createFleet, type Fleet, type HostWish, type Member } from '../fleet.ts'
import type { MachineAgent } from '../machine.ts'
import type { NetworkShares } from '../network-profiles.ts'
import { carryOut } from '../orders.ts'
import type { HostState, HostStatus } from '../report.ts'
import { NO_COUNTS, type Run, type Squad, type SquadCounts } from './squad.ts'

/** A crew that can also tell whether an agent has reached the controller, and how often any of them has. */
export interface WatchedCrew<A extends MachineAgent> extends Crew<A> {
  connected(agent: A): boolean
  /** Sessions of all its agents so far. */
  readonly connects: number
  /** Commands that its agents began since this was asked last. */
  takeRuns(): readonly Run[]
}

export type SquadWish = {
  readonly first: number
  readonly count: number
  readonly seed: string
  readonly dir?: string
  readonly shares?: AmtShares
  readonly model?: string
  readonly network?: NetworkShares
  /** How long firmware waits before it dials in again; as real firmware does when left out. */
  readonly amtReconnectMs?: number
  readonly concurrency?: number
}

export type LocalSquadOptions<A extends MachineAgent> = SquadWish & {
  readonly crew: WatchedCrew<A>
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
}

/** Builds the hosts; none of them runs yet. Throws `simulator-usage` when the folder holds another fleet. */
export function createLocalSquad<A extends MachineAgent>(options: LocalSquadOptions<A>): Squad {
  const { first, count, crew } = options
  let fleet: Fleet<A> | undefined
  const present = (probes: boolean): Fleet<A> => (fleet ??= createFleet({ ...options, ...eachOf(options), probes }))
  const members = (): readonly Member<A>[] => fleet?.members ?? []
  return {
    first,
    count,
    pid: process.pid,
    lost: undefined,
    start: ({ probes, onProgress, signal }) => present(probes).start(onProgress, signal),
    obey: (order, copiesFrom) => carryOut(order, present(true), copiesFrom),
    hosts: async () => members().map(member => statusOf(member, crew)),
    runs: async () => crew.takeRuns(),
    counts: () => countsOf(members(), crew),
    stop: async () => fleet?.stop(),
  }
}

function eachOf({ amtReconnectMs: waitMs }: SquadWish): { each?: () => HostWish } {
  if (waitMs === undefined) return {}
  return { each: () => ({ engine: { reconnect: { tries: 10, waitMs, backoffMs: waitMs * 10 } } }) }
}

function countsOf<A extends MachineAgent>(members: readonly Member<A>[], crew: WatchedCrew<A>): SquadCounts {
  const states = { ...NO_COUNTS.states }
  for (const member of members) states[stateOf(member, crew)] += 1
  return { states, connects: crew.connects }
}

function statusOf<A extends MachineAgent>(member: Member<A>, crew: WatchedCrew<A>): HostStatus {
  return {
    number: member.number,
    name: member.host.hostname(),
    host: member.enlisted?.id,
    model: member.host.facts.model.name,
    uuid: member.host.facts.uuid,
    amt: member.host.facts.amt.kind,
    state: stateOf(member, crew),
    faults: member.host.faults.active(),
    cloneOf: member.cloneOf,
    problem: member.problem?.title,
  }
}

function stateOf<A extends MachineAgent>(member: Member<A>, crew: WatchedCrew<A>): HostState {
  const { host, machine, enlisted, problem } = member
  if (problem !== undefined) return 'failed'
  if (enlisted === undefined) return 'waiting'
  if (!host.power.on) return 'off'
  return machine.agent !== undefined && crew.connected(machine.agent) ? 'connected' : 'not connected'
}
