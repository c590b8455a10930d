// SPDX-License-Identifier: Apache-2.0
/** Runs commands: each id once, never late, with exactly one result that survives a crash at any point. */
import {
  asProblem,
  problem as base,
  type CommandMessage,
  type CommandType,
  DAY,
  formatTime,
  type Log,
  newUlid,
  type Problem,
  parseTime,
  type ResultMessage,
  type ResultStatus,
} from '../../plugins/contract/index.ts'
import type { Gate } from '../reconcile/gate.ts'
import type { Unit } from '../reconcile/unit.ts'
import type { BegunCommand } from '../state/commands.ts'
import type { Journal } from '../state/journal.ts'
import type { System } from '../system/system.ts'
import { problem } from './problems.ts'
import { type CommandSetting, verifyCommand } from './verify.ts'

/** How long after its deadline an id is remembered. */
const KEPT_MS = DAY
const MAX_WAITING = 16

export type RunnerParts = {
  readonly system: System
  readonly journal: Journal
  readonly log: Log
  readonly gate: Gate
  readonly unit: (section: string) => Unit | undefined
  readonly setting: (topicSection: string) => Omit<CommandSetting, 'known' | 'section' | 'topicSection'>
  /** The outbox has something new. */
  readonly flush: () => void
  readonly refused?: (problem: Problem) => void
}

export interface CommandRunner {
  /** Ends what a former life of the agent had begun. */
  recover(): Promise<void>
  accept(section: string, payload: Uint8Array): void
  /** Lets go of what runs, without a result: the next start asks what became of it. */
  stop(): void
}

type Ending = { readonly status: ResultStatus; readonly output?: unknown; readonly problem?: Problem }

export function createRunner(parts: RunnerParts): CommandRunner {
  const stopping = new AbortController()
  const tails = new Map<string, Promise<void>>()
  let waiting = 0
  /** One after the other within a section, side by side across sections. */
  const inTurn = (section: string, act: () => Promise<void>): void => {
    waiting++
    const tail = (tails.get(section) ?? Promise.resolve()).then(act).catch(thrown => {
      if (!stopping.signal.aborted) parts.log.error('a command was lost', { error: thrown })
    })
    tails.set(
      section,
      tail.finally(() => {
        waiting--
      }),
    )
  }
  return {
    recover: () => recoverAll(parts, stopping.signal),
    accept: (section, payload) => {
      const verdict = judge(parts, section, payload)
      if (verdict.verdict === 'unproven') {
        parts.log.warn('refused a message that is not proven', { problem: verdict.problem })
        parts.refused?.(verdict.problem)
        return
      }
      if (verdict.verdict === 'known') {
        if (verdict.result !== undefined) send(parts, verdict.result)
        return
      }
      const { message } = verdict
      if (verdict.verdict !== 'run')
        return refuse(parts, message, { status: verdict.verdict, problem: verdict.problem })
      if (waiting >= MAX_WAITING)
        return refuse(parts, message, { status: 'refused', problem: problem('too-many-commands') })
      inTurn(section, () => run(parts, verdict, stopping.signal))
    },
    stop: () => stopping.abort(),
  }
}

function judge(parts: RunnerParts, topicSection: string, payload: Uint8Array) {
  return verifyCommand(payload, {
    ...parts.setting(topicSection),
    topicSection,
    section: name => parts.unit(name)?.section,
    known: id => {
      const known = parts.journal.commands.get(id)
      return known?.state === 'done' ? known.result : known?.state
    },
  })
}

type Runnable = { readonly message: CommandMessage; readonly type: CommandType }

async function run(parts: RunnerParts, { message, type }: Runnable, signal: AbortSignal): Promise<void> {
  const { journal, system, gate } = parts
  const { head } = message
  // It may have waited for its turn past its deadline, or have come twice meanwhile.
  if (journal.commands.get(head.id) !== undefined) return
  const release = await gate.take(head.section, type.impact, signal)
  try {
    const bootId = await system.bootId()
    // From here to the handler nothing waits: on a busy machine the deadline could pass in between.
    const { now } = parts.setting(head.section)
    if ((parseTime(head.expiresAt) ?? 0) <= now)
      return refuse(parts, message, { status: 'expired', problem: problem('expired', head.expiresAt) })
    const startedAt = system.clock.now()
    const begun: BegunCommand = { id: head.id, startedAt, bootId, message }
    // By the trusted time: a clock that runs ahead must not bring forgotten commands back. Agents run for months, so the
    // start alone is not often enough.
    journal.commands.forgetBefore(now)
    if (!journal.commands.begin(begun, keepUntil(message))) return
    const ending = await attempt(parts, message, signal)
    if (ending !== undefined) finish(parts, begun, ending)
  } finally {
    release()
  }
}

/** `undefined` when the agent stops: then nobody knows yet what will have become of it. */
async function attempt(
  parts: RunnerParts,
  { head, input }: CommandMessage,
  signal: AbortSignal,
): Promise<Ending | undefined> {
  try {
    const handler = parts.unit(head.section)?.running.commands[head.name]
    if (handler === undefined) throw problem('command-unsupported', `${head.section} ${head.name}`)
    return { status: 'succeeded', output: await handler.run(input, { id: head.id, signal }) }
  } catch (thrown) {
    return signal.aborted ? undefined : { status: 'failed', problem: asProblem(thrown) }
  }
}

async function recoverAll(parts: RunnerParts, signal: AbortSignal): Promise<void> {
  const bootId = await parts.system.bootId()
  for (const begun of parts.journal.commands.unfinished()) {
    const ending = await recoverOne(parts, begun, { rebooted: begun.bootId !== bootId, signal })
    if (ending === undefined) return
    finish(parts, begun, ending)
  }
}

type Return = { readonly rebooted: boolean; readonly signal: AbortSignal }

async function recoverOne(
  parts: RunnerParts,
  begun: BegunCommand,
  { rebooted, signal }: Return,
): Promise<Ending | undefined> {
  const { id, startedAt, message } = begun
  const handler = parts.unit(message.head.section)?.running.commands[message.head.name]
  if (handler?.recover === undefined) return { status: 'failed', problem: base('interrupted') }
  try {
    return { status: 'succeeded', output: await handler.recover(message.input, { id, signal, startedAt, rebooted }) }
  } catch (thrown) {
    return signal.aborted ? undefined : { status: 'failed', problem: asProblem(thrown) }
  }
}

/** A refusal is remembered like a result, so that the same command gets the same answer again. */
function refuse(parts: RunnerParts, message: CommandMessage, ending: Ending): void {
  parts.log.warn('refused a command', { command: message.head.id, problem: ending.problem })
  if (ending.problem !== undefined) parts.refused?.(ending.problem)
  const begun: BegunCommand = { id: message.head.id, startedAt: parts.system.clock.now(), bootId: '', message }
  parts.journal.atomically(() => {
    parts.journal.commands.begin(begun, keepUntil(message))
    record(parts, begun, ending)
  })
  parts.flush()
}

function finish(parts: RunnerParts, begun: BegunCommand, ending: Ending): void {
  parts.journal.atomically(() => record(parts, begun, ending))
  parts.flush()
}

/** Result and outbox entry in one transaction: neither can be there without the other. */
function record(
  parts: RunnerParts,
  { id, startedAt, bootId }: BegunCommand,
  { status, output, problem: why }: Ending,
): void {
  const { clock, random } = parts.system
  const result: ResultMessage = {
    id: newUlid(clock.now(), random),
    command: id,
    status,
    ...(output === undefined ? {} : { output }),
    ...(why === undefined ? {} : { problem: why.toJSON() }),
    ...(bootId === '' ? {} : { startedAt: formatTime(startedAt) }),
    at: formatTime(clock.now()),
  }
  parts.journal.commands.finish(id, result)
  parts.journal.outbox.put({ id: result.id, kind: 'result', key: id, payload: JSON.stringify(result) })
}

function send(parts: RunnerParts, result: ResultMessage): void {
  parts.journal.outbox.put({ id: result.id, kind: 'result', key: result.command, payload: JSON.stringify(result) })
  parts.flush()
}

function keepUntil({ head }: CommandMessage): number {
  return (parseTime(head.expiresAt) ?? 0) + KEPT_MS
}
