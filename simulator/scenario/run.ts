// SPDX-License-Identifier: Apache-2.0
/** Runs a scenario on a fleet that stands: phase by phase, expectation by expectation, and says how it ended. */
import type { Clock, Problem } from '../../plugins/contract/index.ts'
import type { NetworkShares } from '../network-profiles.ts'
import { simulatorProblem } from '../problems.ts'
import type { HostStatus } from '../report.ts'
import type { Formation } from '../squad/formation.ts'
import type { Run } from '../squad/squad.ts'
import type { Api } from './api.ts'
import { createCalls } from './calls.ts'
import { perform } from './director.ts'
import { type EventLog, eventLogOf, type Outcome } from './event-log.ts'
import { awaitExpectation, type Held, patienceFor, type Witnesses } from './expectations.ts'
import type { Hand } from './hand.ts'
import { type Phase, type Plan, planOf } from './plan.ts'
import { type Sample, type Sampler, startSampler } from './samples.ts'
import type { Scenario } from './schema.ts'
import { isClean, outcomesOf, type Verdict, verdictOf } from './verdict.ts'
import { createView, UNSETTLED, type View } from './view.ts'

/** Told as it goes on. */
export interface Narrator {
  /** An act began: what, and on how many hosts (0 for acts on none). */
  act(what: string, hosts: number): void
  expectation(held: Held): void
  fault(problem: Problem): void
}

export type RunOptions = {
  readonly scenario: Scenario
  readonly seed: string
  /** Every waiting time in its short form. */
  readonly short: boolean
  readonly network: NetworkShares
  /** Its hosts run already, or are about to. */
  readonly formation: Formation
  readonly api: Api
  readonly hand: Hand | undefined
  /** Different in each run. */
  readonly nonce: string
  readonly clock: Clock
  readonly narrator: Narrator
  readonly signal: AbortSignal
}

/** What happened when, in real milliseconds since the run began. */
export type Mark = { readonly at: number; readonly what: string }

export type ScenarioResult = {
  readonly scenario: string
  readonly title: string
  readonly seed: string
  readonly hosts: number
  readonly processes: number
  readonly short: boolean
  readonly passed: boolean
  readonly tookMs: number
  readonly expectations: readonly Held[]
  readonly verdict: Verdict
  readonly unsettled: readonly number[]
  /** What could not be carried out, and what the controller would not accept. */
  readonly faults: readonly string[]
  readonly outcomes: readonly Outcome[]
  readonly samples: readonly Sample[]
  readonly marks: readonly Mark[]
  readonly log: EventLog
}

/** Throws `scenario-needs` before anything happens when it is given too little; rejects with the signal's reason. */
export async function runScenario(options: RunOptions): Promise<ScenarioResult> {
  const { scenario, seed, short, formation, api, clock, narrator, signal } = options
  const plan = planOf(scenario, { seed, hosts: formation.count, short })
  refuseWithoutHand(plan, options.hand)
  const view = createView(api)
  const sampler = startSampler({ formation, view, clock, controllerPid: () => options.hand?.pid() })
  try {
    const marks: Mark[] = []
    const faults: string[] = []
    const note = (what: string): void => void marks.push({ at: Math.round(sampler.elapsedMs()), what })
    const members = await stand(formation, options, view)
    const host = (number: number): HostStatus | undefined => members.get(number)
    const calls = createCalls({ api, host, nonce: options.nonce })
    await formation.runs()
    await formation.obey({ do: 'weather', hosts: 'all' })
    const witnesses: Witnesses = { view, formation, host, accepted: calls.accepted, clock, signal }
    const onFault = (problem: Problem): void => {
      faults.push(`${problem.message} [${problem.code}]`)
      narrator.fault(problem)
    }
    const onAct = (what: string, hosts: number): void => {
      note(hosts === 0 ? what : `${what} (${hosts})`)
      narrator.act(what, hosts)
    }
    const expectations: Held[] = []
    const held: boolean[] = []
    const runs: Run[] = []
    for (const phase of plan.phases) {
      await perform(phase, { formation, calls, api, hand: options.hand, clock, signal, onFault, onAct })
      runs.push(...(await formation.runs()))
      const outcome = await expect(phase, witnesses)
      held.push(outcome?.held ?? true)
      if (outcome === undefined) continue
      expectations.push(outcome)
      note(`${outcome.held ? 'held' : 'failed'}: ${outcome.that} ${outcome.group}`)
      narrator.expectation(outcome)
    }
    runs.push(...(await formation.runs()))
    const ending = await close({ options, view, witnesses, runs })
    await sampler.stop()
    faults.push(...calls.refused)
    return resultOf(options, { plan, expectations, held, faults, marks, sampler, ...ending })
  } finally {
    await sampler.stop()
  }
}

function refuseWithoutHand({ phases }: Plan, hand: Hand | undefined): void {
  const hasController = phases.some(({ entries }) => entries.some(({ act }) => act.do === 'controller'))
  if (!hasController || hand !== undefined) return
  throw simulatorProblem(
    'scenario-needs',
    'it ends and starts the controller: give --controller, or --controller-pid with --controller-start',
  )
}

/** Waits until the whole fleet is online and settled, and answers who is who. */
async function stand(
  formation: Formation,
  { clock, signal }: RunOptions,
  view: View,
): Promise<ReadonlyMap<number, HostStatus>> {
  const members = async (): Promise<ReadonlyMap<number, HostStatus>> =>
    new Map((await formation.hosts()).map(member => [member.number, member]))
  const first = await members()
  const all = [...first.keys()].filter(number => number <= formation.count)
  const withinMs = patienceFor(formation.count)
  const expected = { that: 'settled', hosts: all, group: 'all', withinMs } as const
  const found = await awaitExpectation(expected, {
    view,
    formation,
    host: number => first.get(number),
    accepted: [],
    clock,
    signal,
  })
  if (found.held) return first
  throw simulatorProblem('scenario-controller', `the fleet does not come up: ${found.detail}`)
}

async function expect({ expect: expected }: Phase, witnesses: Witnesses): Promise<Held | undefined> {
  return expected === undefined ? undefined : awaitExpectation(expected, witnesses)
}

type Closing = {
  readonly options: RunOptions
  readonly view: View
  readonly witnesses: Witnesses
  readonly runs: readonly Run[]
}

type Ended = {
  readonly verdict: Verdict
  readonly unsettled: readonly number[]
  readonly outcomes: readonly Outcome[]
}

async function close({ options, view, witnesses, runs }: Closing): Promise<Ended> {
  const { formation } = options
  const { accepted, host } = witnesses
  const ends = await insist(options, () => view.commands(new Set(accepted.map(({ id }) => id))))
  const open = await insist(options, () => view.hostsWhere(UNSETTLED))
  const verdict = verdictOf({ accepted, ends, runs, isComplete: formation.lost().length === 0 })
  const isSettled = (number: number): boolean => {
    const id = host(number)?.host
    return id !== undefined && !open.has(id)
  }
  const numbers = Array.from({ length: formation.count }, (_, at) => at + 1)
  return {
    verdict,
    unsettled: numbers.filter(number => !isSettled(number)),
    outcomes: outcomesOf({ hosts: formation.count, verdict, accepted, runs, isSettled }),
  }
}

const TRIES = 20

/** Asks again while the controller is busy or away. */
async function insist<T>({ clock, signal }: RunOptions, ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < TRIES; tries++) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await clock.sleep(1_000, signal)
  }
  throw simulatorProblem('scenario-controller', 'it does not answer at the end')
}

type Parts = Ended & {
  readonly plan: Plan
  readonly expectations: readonly Held[]
  readonly held: readonly boolean[]
  readonly faults: readonly string[]
  readonly marks: readonly Mark[]
  readonly sampler: Sampler
}

function resultOf({ scenario, seed, short, network, formation }: RunOptions, parts: Parts): ScenarioResult {
  const { plan, expectations, held, faults, verdict, unsettled, outcomes, marks, sampler } = parts
  const lost = formation.lost().map(problem => problem.message)
  const isWell = expectations.every(each => each.held) && isClean(verdict) && unsettled.length === 0
  return {
    scenario: scenario.name,
    title: scenario.title,
    seed,
    hosts: formation.count,
    processes: formation.squads.length,
    short,
    passed: isWell && faults.length === 0 && lost.length === 0,
    tookMs: Math.round(sampler.elapsedMs()),
    expectations,
    verdict,
    unsettled,
    faults: [...faults, ...lost],
    outcomes,
    samples: sampler.samples,
    marks,
    log: eventLogOf({ scenario: scenario.name, seed, hosts: formation.count, short, network, plan, held, outcomes }),
  }
}
