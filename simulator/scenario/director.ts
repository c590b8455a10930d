// SPDX-License-Identifier: Apache-2.0
/** Carries a phase of a plan out: each entry at its moment, hosts in groups, the controller in order. */
import { asProblem, type Clock, canonical, type Problem, SECOND } from '../../plugins/contract/index.ts'
import type { HostOrder } from '../console.ts'
import { simulatorProblem } from '../problems.ts'
import type { Formation } from '../squad/formation.ts'
import type { Api } from './api.ts'
import type { Calls } from './calls.ts'
import type { Hand } from './hand.ts'
import type { Entry, FleetAct, HostAct, Phase } from './plan.ts'

export type Stage = {
  readonly formation: Formation
  readonly calls: Calls
  readonly api: Api
  /** Needed only where the plan has something to do with the controller. */
  readonly hand: Hand | undefined
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onFault: (problem: Problem) => void
  readonly onAct: (what: string, hosts: number) => void
}

const READY_WITHIN_MS = 60 * SECOND

/** Resolves when everything of the phase has been done, and its time is over. Rejects with the signal's reason. */
export async function perform(phase: Phase, stage: Stage): Promise<void> {
  const { clock, signal, onFault } = stage
  const began = clock.monotonic() - phase.fromMs
  const virtual = (): number => clock.monotonic() - began
  const under: Promise<void>[] = []
  const controller = { last: Promise.resolve() }
  const { entries } = phase
  for (let next = 0; next < entries.length; ) {
    const wait = (entries[next]?.at ?? 0) - virtual()
    if (wait > 0) await clock.sleep(wait, signal)
    const now = virtual()
    const due: Entry[] = []
    for (
      let entry = entries[next];
      entry !== undefined && (entry.at <= now || due.length === 0);
      entry = entries[next]
    ) {
      due.push(entry)
      next += 1
    }
    for (const act of actsIn(due, stage, controller)) under.push(act.catch(thrown => onFault(asProblem(thrown))))
  }
  const rest = phase.untilMs - virtual()
  if (rest > 0) await clock.sleep(rest, signal)
  await Promise.all(under)
  signal.throwIfAborted()
}

/** What is due at once: what is the same for several hosts is one order. */
function actsIn(due: readonly Entry[], stage: Stage, controller: { last: Promise<void> }): readonly Promise<void>[] {
  const orders = new Map<string, { readonly act: HostAct; readonly hosts: number[] }>()
  const acts: Promise<void>[] = []
  let calls = 0
  for (const entry of due) {
    if (entry.kind === 'host') {
      const key = canonical(entry.act)
      const known = orders.get(key)
      if (known === undefined) orders.set(key, { act: entry.act, hosts: [entry.host] })
      else known.hosts.push(entry.host)
    } else if (entry.kind === 'call') {
      calls += 1
      acts.push(stage.calls.make(entry, stage.signal))
    } else {
      stage.onAct(entry.act.do === 'controller' ? `controller ${entry.act.act}` : entry.act.do, 0)
      // One after the other: it cannot start before it has ended.
      controller.last = controller.last.then(() => fleetAct(entry.act, stage))
      acts.push(controller.last)
    }
  }
  for (const { act, hosts } of orders.values()) {
    stage.onAct(act.do, hosts.length)
    acts.push(stage.formation.obey(orderOf(act, hosts)).then(() => undefined))
  }
  if (calls > 0) stage.onAct('call', calls)
  return acts
}

function orderOf(act: HostAct, hosts: readonly number[]): HostOrder {
  switch (act.do) {
    case 'half-open':
      return { do: 'halfopen', hosts }
    case 'power-on':
      return { do: 'poweron', hosts }
    case 'power-cut':
      return { do: 'powercut', hosts, backInMs: act.backInMs ?? undefined }
    case 'disk-full':
      return { do: 'diskfull', hosts, full: act.full }
    case 'cut-amt':
      return { do: 'amtcut', hosts, message: act.message, when: act.when }
    default:
      return { ...act, hosts }
  }
}

async function fleetAct(act: FleetAct, { formation, hand, api, clock, signal }: Stage): Promise<void> {
  if (act.do === 'copies-off') {
    await formation.obey({ do: 'powercut', hosts: 'copies', backInMs: undefined })
    return
  }
  if (hand === undefined) throw simulatorProblem('scenario-needs', 'a controller that the simulator may end and start')
  if (act.act !== 'start') return act.act === 'crash' ? hand.crash() : hand.stop()
  await hand.start()
  const deadline = clock.monotonic() + READY_WITHIN_MS
  while (!(await api.isReady())) {
    if (clock.monotonic() > deadline) {
      throw simulatorProblem('scenario-controller', `it is not ready ${READY_WITHIN_MS / SECOND} s after its start`)
    }
    await clock.sleep(100, signal)
  }
}
