// SPDX-License-Identifier: Apache-2.0
/** Takes care of one section: wakes, looks, plans, steps, reports; never twice at once. */
import {
  asProblem,
  type Clock,
  HOUR,
  type Log,
  Problem,
  type RandomBytes,
  reconcile,
  SECOND,
  type Step,
  type Support,
} from '../../plugins/contract/index.ts'
import { createBackoff, jittered } from '../link/backoff.ts'
import type { HeldDesired } from '../state/documents.ts'
import type { Deadman } from './deadman.ts'
import type { Gate, Hold } from './gate.ts'
import { problem } from './problems.ts'
import type { Report, Reporter } from './reporter.ts'
import type { Unit } from './unit.ts'

export type WorkerParts = {
  readonly unit: Unit
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly gate: Gate
  readonly deadman: Deadman
  readonly reporter: Reporter
  /** How often it looks when nothing wakes it. */
  readonly intervalMs: number
  readonly desired: () => HeldDesired | undefined
  /** The local policy forbids to manage this section. */
  readonly forbidden: () => boolean
  readonly onSupport: () => void
}

export interface Worker {
  readonly unit: Unit
  readonly support: Support
  /** Looks again soon; many wakes before it does are one. */
  wake(): void
  /** A new desired document is there: failures that waited for it are over. */
  desiredChanged(): void
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
  stop(): Promise<void>
}

const RETRY = { firstMs: 5 * SECOND, maxMs: 600 * SECOND }
const PROBE_EVERY_MS = HOUR
/** A step that takes longer than this is worth a report of its own. */
const PROGRESS_AFTER_MS = SECOND
/** When a report could not be kept, its section is looked at again after this. */
const UNSAID_AGAIN_MS = 60 * SECOND

export function createWorker(parts: WorkerParts): Worker {
  const { clock, random, gate } = parts
  const stopping = new AbortController()
  const backoff = createBackoff({ ...RETRY, random })
  const state: State = {
    support: { supported: true },
    probedAt: Number.NEGATIVE_INFINITY,
    waitsForRevision: false,
    notBefore: Number.NEGATIVE_INFINITY,
    isHeld: false,
  }
  let running: Promise<void> | undefined
  let again = false
  let forgetTimer = (): void => {}
  const sleepUntil = (waitMs: number): void => {
    forgetTimer()
    forgetTimer = clock.after(waitMs, wake)
  }
  const pass = async (): Promise<void> => {
    forgetTimer()
    const next = await visit(parts, { state, signal: stopping.signal, backoff })
    if (!stopping.signal.aborted) sleepUntil(next ?? jittered(parts.intervalMs, random))
  }
  function wake(): void {
    if (stopping.signal.aborted) return
    again = true
    running ??= work()
  }
  const work = async (): Promise<void> => {
    // A turn of the event loop lets wakes that come together be one.
    await Promise.resolve()
    while (again && !stopping.signal.aborted) {
      again = false
      await pass()
    }
    running = undefined
  }
  // Only a section that waits for others: the end of its own act must not bring it back before its time.
  const forgetFree = gate.onFree(() => {
    if (state.isHeld) wake()
  })
  return {
    unit: parts.unit,
    get support() {
      return state.support
    },
    wake,
    desiredChanged: () => {
      state.waitsForRevision = false
      state.notBefore = Number.NEGATIVE_INFINITY
      backoff.reset()
      parts.unit.retry()
      wake()
    },
    idle: async () => {
      while (running !== undefined) await running
    },
    stop: async () => {
      stopping.abort()
      forgetTimer()
      forgetFree()
      await running
      await parts.unit.stop()
    },
  }
}

type State = {
  support: Support
  probedAt: number
  waitsForRevision: boolean
  /** Monotonic; a failure is not tried again before this, whatever wakes the section. */
  notBefore: number
  isHeld: boolean
}

type Visit = {
  readonly state: State
  readonly signal: AbortSignal
  readonly backoff: ReturnType<typeof createBackoff>
}

/** One look; returns when to look again, `undefined` for the usual interval. Never rejects. */
async function visit(parts: WorkerParts, turn: Visit): Promise<number | undefined> {
  const { unit, reporter } = parts
  const held = parts.desired()
  const revision = held?.revision ?? 0
  try {
    await probe(parts, turn)
    if (!turn.state.support.supported) {
      reporter.report(unit, { revision, status: 'unsupported', observed: null })
      return undefined
    }
    const { report, againInMs } = await look(parts, turn, held)
    reporter.report(unit, report)
    if (report.status !== 'failed') turn.backoff.reset()
    turn.state.isHeld = report.status === 'held'
    return againInMs
  } catch (thrown) {
    if (turn.signal.aborted) return undefined
    return failed(parts, turn, { revision, thrown })
  }
}

async function probe({ unit, clock, onSupport }: WorkerParts, { state, signal }: Visit): Promise<void> {
  if (unit.running.probe === undefined || clock.monotonic() - state.probedAt < PROBE_EVERY_MS) return
  const support = await unit.running.probe(signal)
  state.probedAt = clock.monotonic()
  if (support.supported === state.support.supported) return
  state.support = support
  onSupport()
}

type Look = { readonly report: Report; readonly againInMs?: number }

async function look(parts: WorkerParts, turn: Visit, held: HeldDesired | undefined): Promise<Look> {
  const { unit } = parts
  const revision = held?.revision ?? 0
  const content = held?.message.content ?? null
  // A failure that waits, for a new revision or for its time, stands until then.
  const isEarly = parts.clock.monotonic() < turn.state.notBefore
  if (content !== null && (turn.state.waitsForRevision || isEarly)) throw new StillFailing()
  if (content === null)
    return { report: { revision, status: 'settled', observed: await unit.running.observe(turn.signal) } }
  if (parts.forbidden()) {
    const observed = await unit.running.observe(turn.signal)
    return { report: { revision, status: 'held', observed, problem: problem('held-policy', unit.section.name) } }
  }
  return settle(parts, turn, { revision, content })
}

/** Nothing new to say: the report of the failure stands. */
class StillFailing extends Error {}

type Wanted = { readonly revision: number; readonly content: unknown }

async function settle(parts: WorkerParts, { signal }: Visit, { revision, content }: Wanted): Promise<Look> {
  const { unit, gate, deadman } = parts
  const section = unit.section.name
  let observed: unknown = null
  let hold: Hold | undefined
  const guarded = {
    observe: async (stop: AbortSignal) => {
      observed = await unit.running.observe(stop)
      return observed
    },
    plan: (want: unknown, is: unknown) => unit.running.plan(want, is),
    apply: async (step: Step, stop: AbortSignal) => {
      const forget = parts.clock.after(PROGRESS_AFTER_MS, () => {
        say(parts, { revision, status: 'progressing', observed, step })
      })
      try {
        await (step.impact === 'connectivity' ? deadman.guard(unit, step, stop) : unit.running.apply(step, stop))
      } finally {
        forget()
        gate.leave(section)
      }
    },
  }
  const allows = (step: Step): string | undefined => {
    hold = gate.enter(section, step)
    return hold?.why
  }
  try {
    const outcome = await reconcile(guarded, content, allows, signal)
    if (outcome.status === 'settled') return { report: { revision, status: 'settled', observed } }
    if (outcome.status === 'diverging') throw problem('diverging', outcome.step.do)
    const why = hold === undefined ? undefined : problem(hold.code, outcome.why)
    const report: Report = { revision, status: 'held', observed, step: outcome.step, problem: why }
    return { report, ...(hold?.againInMs === undefined ? {} : { againInMs: hold.againInMs }) }
  } finally {
    gate.leave(section)
  }
}

type Failure = { readonly revision: number; readonly thrown: unknown }

const UNAVAILABLE = new Set(['plugin-crashed', 'plugin-quarantined', 'plugin-refused'])

function failed(parts: WorkerParts, turn: Visit, { revision, thrown }: Failure): number | undefined {
  const { unit, log, clock } = parts
  turn.state.isHeld = false
  if (thrown instanceof StillFailing) {
    const leftMs = turn.state.notBefore - clock.monotonic()
    return leftMs > 0 ? leftMs : undefined
  }
  const why = asProblem(thrown)
  if (!(thrown instanceof Problem))
    log.error('a section failed unexpectedly', { section: unit.section.name, error: thrown })
  const status = UNAVAILABLE.has(why.code) ? 'unavailable' : 'failed'
  const isSaid = say(parts, { revision, status, observed: null, problem: why })
  const waitMs = waitAfter(why, turn)
  if (waitMs !== undefined) {
    turn.state.notBefore = clock.monotonic() + waitMs
    return waitMs
  }
  if (revision > 0 && status === 'failed') turn.state.waitsForRevision = true
  return isSaid ? undefined : UNSAID_AGAIN_MS
}

function waitAfter({ retry }: Problem, { backoff }: Visit): number | undefined {
  if (retry === 'never') return undefined
  return retry === 'backoff' ? backoff.next() : retry.afterMs
}

/** Reports; false when that could not be kept, as on a full disk, which must not end the worker. */
function say({ unit, reporter, log }: WorkerParts, report: Report): boolean {
  try {
    reporter.report(unit, report)
    return true
  } catch (thrown) {
    log.error('a report could not be kept', { section: unit.section.name, problem: asProblem(thrown) })
    return false
  }
}
