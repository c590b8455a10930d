// SPDX-License-Identifier: Apache-2.0
/**
 * What goes between `muster-sim` and its own processes of hosts. Both ends are the same program of the same version,
 * started a moment ago, so the schemas hold the envelope and the content keeps the types it was sent with.
 */
import { type Static, Type } from 'typebox'
import { ProblemDocument } from '../../plugins/contract/index.ts'
import type { HostOrder } from '../console.ts'
import type { FleetProgress } from '../fleet.ts'
import type { HostStatus } from '../report.ts'
import type { SquadWish } from './local.ts'
import type { Run, SquadCounts } from './squad.ts'

const Id = Type.Integer({ minimum: 1 })

/** How a fleet is put on hosts, apart from who it consists of. */
export type CrewWish = {
  readonly url: string
  readonly token: string | undefined
  readonly verbose: boolean
  /** From 0 to this long from the start to the first contact. */
  readonly startJitterMs: number
  /** Only where it is not the shipped one. */
  readonly reportIntervalMs: number | undefined
}

export const ToSquad = Type.Union([
  Type.Object({
    id: Id,
    call: Type.Literal('begin'),
    wish: Type.Unsafe<SquadWish>(Type.Object({})),
    crew: Type.Unsafe<CrewWish>(Type.Object({})),
  }),
  Type.Object({ id: Id, call: Type.Literal('start'), probes: Type.Boolean() }),
  Type.Object({
    id: Id,
    call: Type.Literal('obey'),
    order: Type.Unsafe<HostOrder>(Type.Object({})),
    copiesFrom: Type.Integer({ minimum: 1 }),
  }),
  Type.Object({ id: Id, call: Type.Literal('hosts') }),
  Type.Object({ id: Id, call: Type.Literal('runs') }),
  Type.Object({ id: Id, call: Type.Literal('stop') }),
])
export type ToSquad = Static<typeof ToSquad>
/** A call without its number. */
export type Asked = ToSquad extends infer Call ? (Call extends ToSquad ? Omit<Call, 'id'> : never) : never

/** As {@link FleetProgress}, with the problem in the form that travels. */
export type SentProgress = Omit<FleetProgress, 'outcome'> & {
  readonly outcome:
    | Exclude<FleetProgress['outcome'], { readonly problem: unknown }>
    | { readonly problem: ProblemDocument }
}

export const FromSquad = Type.Union([
  Type.Object({ id: Id, answer: Type.Unknown() }),
  Type.Object({ id: Id, problem: ProblemDocument }),
  Type.Object({ progress: Type.Unsafe<SentProgress>(Type.Object({})) }),
  Type.Object({ counts: Type.Unsafe<SquadCounts>(Type.Object({})) }),
])
export type FromSquad = Static<typeof FromSquad>

/** The answers by call. */
export type Answers = {
  begin: undefined
  start: undefined
  obey: readonly string[]
  hosts: readonly HostStatus[]
  runs: readonly Run[]
  stop: undefined
}
