// SPDX-License-Identifier: Apache-2.0
/** Takes one request after its line has been read, and answers it: checks, limits, the act, one log line. */
import {
  asProblem,
  check,
  problem as common,
  type EpochMs,
  Problem,
  type ProblemDocument,
  type TrustBundle,
} from '../../plugins/contract/index.ts'
import { linkedAbort } from '../hosting/linked.ts'
import { readLine } from '../hosting/protocol.ts'
import type { AgentLog } from '../log.ts'
import { loadPolicy } from '../policy.ts'
import type { Journal } from '../state/journal.ts'
import { adoptOwner } from '../state/owner.ts'
import type { System } from '../system/system.ts'
import { VERSION } from '../version.ts'
import type { Act, Bench, ProvenTime } from './act.ts'
import { loadHelperConfig } from './config.ts'
import { isVerb, VERBS, type Verb } from './inputs.ts'
import { problem } from './problems.ts'
import type { Programs } from './programs.ts'
import { createProvenTime } from './proven-time.ts'
import { TABLE } from './table.ts'
import { readTrustCopy, renewTrustCopy, type TrustCopy } from './trust-copy.ts'
import { createWarrants } from './warrants.ts'
import { type Answer, type Evidence, type Greeting, PROTOCOL, Request } from './wire.ts'

/** Requests at work at once; a further one is told to come again. */
const MOST_AT_WORK = 8

export type DeskParts = {
  readonly system: System
  readonly journal: Journal
  readonly programs: Programs
  readonly log: AgentLog
  readonly stateDir: string
  readonly configFile: string
  readonly policyFile: string
}

export interface Desk {
  /** Never rejects. `signal` ends when the client has gone. */
  answer(line: Uint8Array, signal: AbortSignal): Promise<Answer>
  readonly atWork: number
}

export function createDesk(parts: DeskParts): Desk {
  const { system, log } = parts
  const time = createProvenTime(system.clock, system.random)
  const alone = new Set<string>()
  let atWork = 0

  async function work(request: Request, signal: AbortSignal): Promise<unknown> {
    const { verb, input, messages } = request
    if (!isVerb(verb)) throw problem('helper-request', verb)
    if (atWork >= MOST_AT_WORK) throw problem('helper-busy', `${atWork} requests are at work`)
    const act = TABLE[verb]
    const word = act.alone
    if (word !== undefined && alone.has(word)) throw problem('helper-busy', `${word} is in use`)
    atWork++
    if (word !== undefined) alone.add(word)
    try {
      return await perform(parts, { verb, input, messages, time, signal })
    } finally {
      atWork--
      if (word !== undefined) alone.delete(word)
    }
  }

  return {
    get atWork() {
      return atWork
    },
    async answer(line, signal) {
      const startedAt = system.clock.monotonic()
      const request = readLine(Request, line)
      const verb = request?.verb ?? 'unreadable'
      try {
        if (request === undefined) throw problem('helper-request', 'the request could not be read')
        const output = await work(request, signal)
        const authority = isVerb(verb) ? TABLE[verb].authority : 'open'
        const tookMs = Math.round(system.clock.monotonic() - startedAt)
        log[authority === 'signed' ? 'info' : 'debug']('done', {
          verb,
          input: shown(request.input),
          tookMs,
          ...codeOf(output),
        })
        return { v: PROTOCOL, output }
      } catch (thrown) {
        const why = asProblem(thrown)
        const fields = { verb, input: shown(request?.input), problem: why }
        if (thrown instanceof Problem) log.warn('not done', fields)
        else log.error('not done, by a defect', { ...fields, error: thrown })
        return { v: PROTOCOL, problem: documentOf(why) }
      }
    },
  }
}

type Work = {
  readonly verb: Verb
  readonly input: unknown
  readonly messages: readonly Evidence[]
  readonly time: ProvenTime
  readonly signal: AbortSignal
}

async function perform(parts: DeskParts, work: Work): Promise<unknown> {
  const { verb } = work
  const { clock } = parts.system
  const input = checkedInput(verb, work.input)
  const act = TABLE[verb] as Act<Verb> // the input was checked by the schema of the same verb
  const linked = linkedAbort(work.signal)
  const late = common('timed-out', `${verb} took more than ${act.withinMs} ms`)
  const forget = clock.after(act.withinMs, () => linked.abort(late))
  try {
    const bench = await benchOf(parts, { ...work, signal: linked.signal })
    linked.signal.throwIfAborted()
    // Every program heeds the signal, and is waited for: an act is not over while something of it runs.
    const output = await act.perform(input as never, bench) // as above
    linked.signal.throwIfAborted()
    return output
  } catch (thrown) {
    throw work.signal.aborted ? common('cancelled', `${verb}: the client has gone`) : thrown
  } finally {
    forget()
    linked.unlink()
  }
}

function checkedInput(verb: Verb, input: unknown): unknown {
  try {
    return check(VERBS[verb].input, input, `input of ${verb}`)
  } catch (thrown) {
    throw problem('helper-request', asProblem(thrown).detail, {}, thrown)
  }
}

async function benchOf(parts: DeskParts, { messages, time, signal }: Work): Promise<Bench> {
  const { system, journal, programs, log, stateDir, configFile, policyFile } = parts
  const { files } = system
  let copy = await readTrustCopy(files, stateDir)
  if (copy !== undefined && adoptOwner(journal, copy)) log.warn('this machine was another host before')
  const [grants, policy] = [await loadHelperConfig(files, configFile), await loadPolicy(files, policyFile)]
  const trusted = (): TrustCopy => {
    if (copy === undefined) throw problem('helper-not-enrolled')
    return copy
  }
  const now = (): EpochMs => time.now()
  return {
    files,
    programs,
    clock: system.clock,
    time,
    grants,
    stateDir,
    log,
    signal,
    greeting: greetingOf(copy),
    copy: trusted,
    warrants: () => createWarrants({ system, journal, copy: trusted(), policy, now }, messages),
    renewTrust: async (next: TrustBundle) => {
      copy = await renewTrustCopy(files, stateDir, { present: trusted(), next })
      return greetingOf(copy)
    },
  }
}

function greetingOf(copy: TrustCopy | undefined): Greeting {
  const greeting = { version: VERSION, verbs: Object.keys(VERBS) }
  if (copy === undefined) return greeting
  const { host, project, installation, trust } = copy
  return { ...greeting, trusts: { host, project, installation, version: trust.head.version, epoch: trust.head.epoch } }
}

/** What was asked for, for the log: small members as they are, large ones by their size. */
function shown(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return undefined
  const short = Object.entries(input).map(([name, value]) => {
    const text = JSON.stringify(value) ?? ''
    return [name.slice(0, 40), text.length > 300 ? `[${text.length} characters]` : value]
  })
  return Object.fromEntries(short.slice(0, 12))
}

function codeOf(output: unknown): { readonly code?: unknown } {
  return typeof output === 'object' && output !== null && 'code' in output ? { code: output.code } : {}
}

function documentOf(why: Problem): ProblemDocument {
  const { fields: _, ...document } = why.toJSON()
  return document
}
