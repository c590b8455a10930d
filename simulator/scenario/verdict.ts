// SPDX-License-Identifier: Apache-2.0
/** Holds what the controller says of commands against what agents really ran: none lost, none twice, none late. */
import type { EpochMs } from '../../plugins/contract/index.ts'
import type { Run } from '../squad/squad.ts'
import type { Accepted } from './calls.ts'
import type { Outcome } from './event-log.ts'
import type { CommandEnd } from './view.ts'

/** A command may begin this much after its deadline: a busy machine may stop an agent right after its look at the time. */
const SAME_MOMENT_MS = 1_000

const ENDS = ['succeeded', 'failed', 'refused', 'expired', 'cancelled']
/** Ends of commands that no agent may have begun. */
const NEVER_BEGUN = ['expired', 'cancelled']

export type Verdict = {
  readonly accepted: number
  /** How many ended how. */
  readonly ends: Readonly<Record<string, number>>
  /** Ids, each list empty when all is well. */
  readonly missing: readonly string[]
  readonly twice: readonly string[]
  readonly late: readonly string[]
  /** Said to have succeeded, and no agent ran it; or to have expired, and one did. */
  readonly contradicted: readonly string[]
  /** From acceptance to the end, milliseconds by the controller's clock, ascending. */
  readonly roundTripsMs: readonly number[]
}

export type Evidence = {
  readonly accepted: readonly Accepted[]
  readonly ends: ReadonlyMap<string, CommandEnd>
  readonly runs: readonly Run[]
  /** Whether every agent's runs are known: none of their processes was lost. */
  readonly isComplete: boolean
}

export function verdictOf({ accepted, ends, runs, isComplete }: Evidence): Verdict {
  const began = new Map<string, EpochMs[]>()
  for (const { id, at } of runs) {
    const known = began.get(id)
    if (known === undefined) began.set(id, [at])
    else known.push(at)
  }
  const timesOf = (id: string): readonly EpochMs[] => began.get(id) ?? []
  const counts: Record<string, number> = {}
  for (const { id } of accepted) {
    const state = ends.get(id)?.state ?? 'unknown'
    counts[state] = (counts[state] ?? 0) + 1
  }
  const isContradicted = ({ id }: Accepted): boolean => {
    const state = ends.get(id)?.state ?? ''
    if (state === 'succeeded') return isComplete && timesOf(id).length === 0
    return NEVER_BEGUN.includes(state) && timesOf(id).length > 0
  }
  return {
    accepted: accepted.length,
    ends: counts,
    missing: accepted.filter(({ id }) => !ENDS.includes(ends.get(id)?.state ?? '')).map(({ id }) => id),
    // Also commands of others: whoever gave them, no agent runs one twice.
    twice: [...began].filter(([, times]) => times.length > 1).map(([id]) => id),
    late: accepted
      .filter(({ id, expiresAt }) => timesOf(id).some(at => at > expiresAt + SAME_MOMENT_MS))
      .map(({ id }) => id),
    contradicted: accepted.filter(isContradicted).map(({ id }) => id),
    roundTripsMs: accepted.flatMap(({ id }) => roundTripOf(ends.get(id))).sort((one, other) => one - other),
  }
}

function roundTripOf(end: CommandEnd | undefined): readonly number[] {
  if (end?.finishedAt === undefined) return []
  return [Date.parse(end.finishedAt) - Date.parse(end.createdAt)]
}

/** Whether nothing is wrong with any command. */
export function isClean({ missing, twice, late, contradicted }: Verdict): boolean {
  return [missing, twice, late, contradicted].every(list => list.length === 0)
}

export type Ending = {
  readonly hosts: number
  readonly verdict: Verdict
  readonly accepted: readonly Accepted[]
  readonly runs: readonly Run[]
  readonly isSettled: (host: number) => boolean
}

/** How it ended for each host. */
export function outcomesOf({ hosts, verdict, accepted, runs, isSettled }: Ending): readonly Outcome[] {
  const tally = Array.from({ length: hosts }, (_, at) => {
    return { host: at + 1, settled: isSettled(at + 1), commands: 0, ended: 0, twice: 0, late: 0 }
  })
  const [missing, late, twice] = [new Set(verdict.missing), new Set(verdict.late), new Set(verdict.twice)]
  for (const { id, host } of accepted) {
    const line = tally[host - 1]
    if (line === undefined) continue
    line.commands += 1
    if (!missing.has(id)) line.ended += 1
    if (late.has(id)) line.late += 1
  }
  for (const { id, host } of new Map(runs.map(run => [run.id, run])).values()) {
    const line = tally[host - 1]
    if (line !== undefined && twice.has(id)) line.twice += 1
  }
  return tally
}
