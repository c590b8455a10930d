// SPDX-License-Identifier: Apache-2.0
/**
 * The event log of a run: what the simulator decided and did to hosts, and how it ended for each of them, by virtual
 * time. Nothing in it depends on how fast a network or a machine was, so the same seed writes the same bytes.
 */
import { createHash } from 'node:crypto'
import { canonical } from '../../plugins/contract/index.ts'
import type { NetworkShares } from '../network-profiles.ts'
import { cutsUntil, profileFor } from '../network-profiles.ts'
import type { Entry, Plan } from './plan.ts'

type Event = {
  /** Virtual milliseconds since the scenario began. */
  readonly at: number
  /** Number of a host; absent for what concerns none. */
  readonly host?: number
  readonly kind: string
  readonly [field: string]: unknown
}

export type Outcome = {
  readonly host: number
  readonly settled: boolean
  /** Commands that were accepted, those of them that have ended, and those that should not be as they are. */
  readonly commands: number
  readonly ended: number
  readonly twice: number
  readonly late: number
}

export type Logged = {
  readonly scenario: string
  readonly seed: string
  readonly hosts: number
  readonly short: boolean
  readonly network: NetworkShares
  readonly plan: Plan
  /** Whether each expectation held, in the order of the phases. */
  readonly held: readonly boolean[]
  readonly outcomes: readonly Outcome[]
}

export type EventLog = {
  /** One JSON object a line (RFC 8785), ordered by time, host and kind. */
  readonly text: string
  /** SHA-256 of the text, in hexadecimal digits. */
  readonly digest: string
}

export function eventLogOf(logged: Logged): EventLog {
  const lines = eventsOf(logged)
    .map((event): [Event, string] => [event, canonical(event)])
    .sort(([one, a], [other, b]) => one.at - other.at || (one.host ?? 0) - (other.host ?? 0) || compare(a, b))
    .map(([, line]) => `${line}\n`)
  const text = lines.join('')
  return { text, digest: createHash('sha256').update(text).digest('hex') }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function eventsOf({ scenario, seed, hosts, short, network, plan, held, outcomes }: Logged): readonly Event[] {
  const end = plan.lengthMs
  return [
    { at: 0, kind: '0-scenario', scenario, seed, hosts, short },
    ...Array.from({ length: hosts }, (_, at) =>
      networkEvents({ seed, number: at + 1, shares: network, untilMs: end }),
    ).flat(),
    ...plan.phases.flatMap(({ entries }) => entries.flatMap(eventsOfEntry)),
    ...plan.phases.flatMap(({ expect, untilMs }, at) =>
      expect === undefined
        ? []
        : [{ at: untilMs, kind: 'expect', that: expect.that, group: expect.group, held: held[at] ?? false }],
    ),
    ...outcomes.map(outcome => ({ at: end, kind: 'outcome', ...outcome })),
  ]
}

type Weather = {
  readonly seed: string
  readonly number: number
  readonly shares: NetworkShares
  readonly untilMs: number
}

function networkEvents({ seed, number, shares, untilMs }: Weather): readonly Event[] {
  const profile = profileFor(seed, number, shares)
  const cuts = cutsUntil({ seed, number, profile }, untilMs)
  return [
    { at: 0, host: number, kind: 'network', profile },
    ...cuts.map(({ at, forMs }) => ({ at, host: number, kind: 'network-cut', forMs })),
  ]
}

function eventsOfEntry(entry: Entry): readonly Event[] {
  const { do: verb, ...rest } = entry.act
  const event = { ...rest, at: entry.at, kind: verb }
  if (entry.kind === 'fleet') return [event]
  if (entry.kind === 'call') return [{ ...event, host: entry.host, call: entry.call }]
  const back = entry.act.do === 'power-cut' ? entry.act.backInMs : null
  const boot = back === null ? [] : [{ at: entry.at + back, host: entry.host, kind: 'boot' }]
  return [{ ...event, host: entry.host }, ...boot]
}
