// SPDX-License-Identifier: Apache-2.0
/** Squads side by side as one fleet: numbers find their squad, reports become one. */
import type { Problem } from '../../plugins/contract/index.ts'
import type { HostOrder } from '../console.ts'
import type { FleetProgress } from '../fleet.ts'
import { simulatorProblem } from '../problems.ts'
import type { HostStatus } from '../report.ts'
import { NO_COUNTS, type Run, type Squad, type SquadCounts } from './squad.ts'

export interface Formation {
  readonly squads: readonly Squad[]
  /** The hosts without copies. */
  readonly count: number
  /** Lets the very first host go ahead, then starts every squad. Throws what keeps the first from enrolling. */
  start(onProgress: (progress: FleetProgress) => void, signal: AbortSignal): Promise<void>
  /** Throws `no-such-simulated-host` before anything is done; a squad that is lost answers with its problem. */
  obey(order: HostOrder): Promise<readonly string[]>
  hosts(): Promise<readonly HostStatus[]>
  /** Commands that agents began since this was asked last. */
  runs(): Promise<readonly Run[]>
  counts(): SquadCounts
  /** What squads were lost to. */
  lost(): readonly Problem[]
  stop(): Promise<void>
}

export function createFormation(squads: readonly Squad[]): Formation {
  const count = squads.reduce((sum, squad) => sum + squad.count, 0)
  /** Where copies went: the squad by the number. */
  const copies = new Map<number, Squad>()
  let numbers = count
  const squadOf = (number: number): Squad => {
    const found = copies.get(number) ?? squads.find(({ first, count: own }) => number >= first && number < first + own)
    if (found !== undefined) return found
    throw simulatorProblem('no-such-simulated-host', `${number}; there are 1 to ${numbers}`)
  }
  const partsOf = ({ hosts }: HostOrder): ReadonlyMap<Squad, 'all' | 'copies' | number[]> => {
    if (hosts === 'all' || hosts === 'copies') return new Map(squads.map(squad => [squad, hosts]))
    const parts = new Map<Squad, number[]>()
    for (const number of hosts) {
      const squad = squadOf(number)
      const part = parts.get(squad) ?? []
      part.push(number)
      parts.set(squad, part)
    }
    return parts
  }
  const obey = async (order: HostOrder): Promise<readonly string[]> => {
    const parts = partsOf(order)
    if (order.do !== 'clone') {
      const each = [...parts].map(([squad, hosts]) => squad.obey({ ...order, hosts }, numbers + 1))
      return (await Promise.all(each)).flat()
    }
    const said: (readonly string[])[] = []
    for (const [squad, hosts] of parts) {
      const from = numbers + 1
      const made = typeof hosts === 'string' ? (await squad.hosts()).length : hosts.length
      for (let at = 0; at < made; at++) copies.set(++numbers, squad)
      said.push(await squad.obey({ ...order, hosts }, from))
    }
    return said.flat()
  }
  return {
    squads,
    count,
    start: (onProgress, signal) => startAll(squads, count, { onProgress, signal }),
    obey,
    async hosts() {
      const all = await Promise.all(squads.map(squad => squad.hosts()))
      return all.flat().sort((one, other) => one.number - other.number)
    },
    async runs() {
      return (await Promise.all(squads.map(squad => squad.runs()))).flat()
    },
    counts: () => squads.map(squad => squad.counts()).reduce(added, NO_COUNTS),
    lost: () => squads.flatMap(({ lost }) => (lost === undefined ? [] : [lost])),
    stop: async () => void (await Promise.all(squads.map(squad => squad.stop()))),
  }
}

/** Divides numbers from 1 among so many parts, as evenly as they go. */
export function spansOf(count: number, parts: number): readonly { readonly first: number; readonly count: number }[] {
  const edge = (part: number): number => Math.floor((count * part) / parts)
  return Array.from({ length: parts }, (_, part) => ({ first: edge(part) + 1, count: edge(part + 1) - edge(part) }))
}

type Telling = { readonly onProgress: (progress: FleetProgress) => void; readonly signal: AbortSignal }

async function startAll(
  [leader, ...others]: readonly Squad[],
  count: number,
  { onProgress, signal }: Telling,
): Promise<void> {
  if (leader === undefined) return
  let done = 0
  const ahead = Promise.withResolvers<void>()
  const tell = (progress: FleetProgress): void => {
    if (!('waiting' in progress.outcome)) done += 1
    onProgress({ ...progress, done, of: count })
    ahead.resolve()
  }
  const leading = leader.start({ probes: true, onProgress: tell, signal })
  // Once one host has come through, or waits for somebody, the others may try too.
  await Promise.race([ahead.promise, leading])
  const following = others.map(squad => squad.start({ probes: false, onProgress: tell, signal }))
  const outcomes = await Promise.allSettled([leading, ...following])
  signal.throwIfAborted()
  // A squad that was lost while it started is told of elsewhere; the others go on.
  const [first] = outcomes
  if (first?.status === 'rejected' && leader.lost === undefined) throw first.reason
}

function added(one: SquadCounts, other: SquadCounts): SquadCounts {
  const states = { ...one.states }
  for (const [state, count] of Object.entries(other.states)) states[state as keyof typeof states] += count // its own keys
  return { states, connects: one.connects + other.connects }
}
