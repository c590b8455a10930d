// SPDX-License-Identifier: Apache-2.0
/** A section of one switch and everything around its worker, in memory. */
import { silentLog } from '../../../../agent/log.ts'
import { createDeadman } from '../../../../agent/reconcile/deadman.ts'
import { createGate, type Gate } from '../../../../agent/reconcile/gate.ts'
import { createReporter, type Reporter } from '../../../../agent/reconcile/reporter.ts'
import type { Unit } from '../../../../agent/reconcile/unit.ts'
import { createWorker, type Worker } from '../../../../agent/reconcile/worker.ts'
import { type Journal, openJournal } from '../../../../agent/state/journal.ts'
import type { Impact, Problem, ReportedMessage, Step, Support, Windows } from '../../../../plugins/contract/index.ts'
import { createFakeClock, type FakeClock } from '../../../../simulator/clock.ts'
import { lamp, NOW, random, signedDesired } from '../orders.ts'

export type Lamp = {
  on: boolean
  impact: Impact
  support: Support
  fault: Problem | undefined
  /** Thrown by the named call while it is set. */
  fails: Partial<Record<'observe' | 'apply' | 'probe', unknown>>
  /** What the next step waits for. */
  holds: Promise<void> | undefined
  /** Steps are carried out and change nothing. */
  stuck: boolean
  revertible: boolean
  readonly calls: string[]
}

export type Bench = {
  readonly clock: FakeClock
  journal: Journal
  readonly lamp: Lamp
  readonly gate: Gate
  readonly reporter: Reporter
  readonly worker: Worker
  readonly unit: Unit
  windows: Windows[]
  heardAt: number
  forbidden: boolean
  supportChanges: number
  /** Wants the lamp on or off, or wants nothing of it any more. */
  want(content: { on: boolean } | null, revision: number): void
  /** What was reported since the last call. */
  reports(): ReportedMessage[]
  /** Another worker over the same journal and lamp, as after a restart. */
  anotherDeadman(): ReturnType<typeof createDeadman>
}

export const INTERVAL_MS = 300_000

export function createBench(options: { journal?: Journal } = {}): Bench {
  const clock = createFakeClock(NOW)
  const journal = options.journal ?? openJournal(':memory:', { now: () => clock.now() })
  const state: Lamp = {
    on: false,
    impact: 'none',
    support: { supported: true },
    fault: undefined,
    fails: {},
    holds: undefined,
    stuck: false,
    revertible: true,
    calls: [],
  }
  const unit = unitOver(state)
  const gate = createGate({ clock, windows: () => bench.windows, linkIsUp: () => true })
  const anotherDeadman = () => createDeadman({ clock, journal, log: silentLog(), heardAt: () => bench.heardAt })
  const reporter = createReporter({ clock, random, journal, log: silentLog(), flush: () => undefined })
  const worker = createWorker({
    unit,
    clock,
    random,
    log: silentLog(),
    gate,
    deadman: anotherDeadman(),
    reporter,
    intervalMs: INTERVAL_MS,
    desired: () => journal.desired.get('lamp'),
    forbidden: () => bench.forbidden,
    onSupport: () => bench.supportChanges++,
  })
  const bench: Bench = {
    clock,
    journal,
    lamp: state,
    gate,
    reporter,
    worker,
    unit,
    windows: [],
    heardAt: Number.NEGATIVE_INFINITY,
    forbidden: false,
    supportChanges: 0,
    want(content, revision) {
      journal.desired.put({ section: 'lamp', epoch: 2, revision, message: signedDesired(content, { revision }) })
      worker.desiredChanged()
    },
    reports() {
      const entries = journal.outbox.list(100)
      journal.outbox.remove(entries.map(each => each.id))
      return entries.map(each => JSON.parse(each.payload) as ReportedMessage)
    },
    anotherDeadman,
  }
  return bench
}

function unitOver(state: Lamp): Unit {
  const attempt = (call: 'observe' | 'apply' | 'probe'): void => {
    state.calls.push(call)
    if (state.fails[call] !== undefined) throw state.fails[call]
  }
  const running = {
    probe: async () => {
      attempt('probe')
      return state.support
    },
    observe: async () => {
      attempt('observe')
      return { on: state.on }
    },
    plan: (want: { on: boolean }, is: { on: boolean }): Step[] =>
      want.on === is.on ? [] : [{ do: want.on ? 'on' : 'off', impact: state.impact, why: 'it differs' }],
    apply: async (step: Step) => {
      attempt('apply')
      await state.holds
      if (!state.stuck) state.on = step.do === 'on'
    },
    get revert() {
      if (!state.revertible) return undefined
      return async (step: Step) => {
        state.calls.push('revert')
        state.on = step.do !== 'on'
      }
    },
    commands: {},
  }
  return {
    section: lamp,
    plugin: { name: 'lamp', version: '1.0.0' },
    running: running as never,
    get fault() {
      return state.fault
    },
    retry: () => void state.calls.push('retry'),
    stop: async () => undefined,
  }
}
