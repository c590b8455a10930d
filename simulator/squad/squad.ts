// SPDX-License-Identifier: Apache-2.0
/** A part of a fleet that is told what to do as one, whether it lives in this process or in another. */
import type { EpochMs, Problem } from '../../plugins/contract/index.ts'
import type { HostOrder } from '../console.ts'
import type { FleetProgress } from '../fleet.ts'
import type { HostState, HostStatus } from '../report.ts'

/** How many hosts of a squad are how, and how often they have reached the controller so far. */
export type SquadCounts = {
  readonly states: Readonly<Record<HostState, number>>
  readonly connects: number
}

/** That an agent began to carry out a command. */
export type Run = {
  /** Id of the command. */
  readonly id: string
  /** Number of the host. */
  readonly host: number
  /** By the clock of the machine that simulates, which no fault moves. */
  readonly at: EpochMs
}

export type Starting = {
  /** The first host goes ahead alone, and what keeps it from enrolling is thrown. */
  readonly probes: boolean
  readonly onProgress: (progress: FleetProgress) => void
  readonly signal: AbortSignal
}

export interface Squad {
  /** The number of its first host. */
  readonly first: number
  /** Its hosts without copies. */
  readonly count: number
  /** The process it lives in. */
  readonly pid: number
  /** Why it is gone; `undefined` while it is there. */
  readonly lost: Problem | undefined
  /** Enrolls and starts every host; resolves when each runs or has failed. */
  start(starting: Starting): Promise<void>
  /** Does it to hosts of its own; copies are numbered from `copiesFrom`. Answers a line for each host. */
  obey(order: HostOrder, copiesFrom: number): Promise<readonly string[]>
  hosts(): Promise<readonly HostStatus[]>
  /** Commands that its agents began since this was asked last. */
  runs(): Promise<readonly Run[]>
  counts(): SquadCounts
  /** Stops every agent with a farewell, then the hosts. */
  stop(): Promise<void>
}

export const NO_COUNTS: SquadCounts = {
  states: { connected: 0, 'not connected': 0, off: 0, failed: 0, waiting: 0 },
  connects: 0,
}
