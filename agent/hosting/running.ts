// SPDX-License-Identifier: Apache-2.0
/** Gives a supervised plugin the shape of its own running form, each call limited in time. */
import {
  type AnyRunning,
  asProblem,
  type CommandContext,
  problem as common,
  type Handler,
  type RecoverContext,
  type Section,
  type Step,
} from '../../plugins/contract/index.ts'
import { type Abilities, type Call, checkArguments, checkResult, commandOf } from './calls.ts'
import type { Instance } from './instance.ts'
import type { HostingLimits } from './limits.ts'
import { linkedAbort } from './linked.ts'
import { problem } from './problems.ts'
import type { SuperviseOptions } from './supervise.ts'

export type RunningOptions = Pick<SuperviseOptions, 'clock' | 'limits'> & {
  readonly section: Section
  /** The life that takes calls; throws the problem that says why there is none. */
  mustRun(): Instance
  /** `undefined` until a life has been ready: then everything is presumed to be there. */
  abilities(): Abilities | undefined
  stop(): Promise<void>
}

const NEVER = new AbortController().signal

export function runningForm(options: RunningOptions): AnyRunning {
  const call = (what: Call, signal: AbortSignal): Promise<unknown> => callWithin(options, what, signal)
  const probe = (signal: AbortSignal) => call({ method: 'probe' }, signal)
  const revert = (step: Step, signal: AbortSignal) => call({ method: 'revert', step }, signal)
  const form = {
    get probe() {
      return options.abilities()?.probe === false ? undefined : probe
    },
    observe: (signal: AbortSignal) => call({ method: 'observe' }, signal),
    plan: (desired: unknown, observed: unknown) => call({ method: 'plan', desired, observed }, NEVER),
    apply: (step: Step, signal: AbortSignal) => call({ method: 'apply', step }, signal),
    get revert() {
      return options.abilities()?.revert === false ? undefined : revert
    },
    commands: handlersOf(options, call),
    stop: () => options.stop(),
  }
  // Every result has passed the section's schemas on its way, which is what the running form promises.
  return form as unknown as AnyRunning
}

type CallPlugin = (call: Call, signal: AbortSignal) => Promise<unknown>

function handlersOf(options: RunningOptions, call: CallPlugin): Readonly<Record<string, Handler<unknown, unknown>>> {
  return Object.fromEntries(
    Object.keys(options.section.commands).map(command => {
      const recover = (input: unknown, { id, signal, startedAt, rebooted }: RecoverContext): Promise<unknown> =>
        call({ method: 'recover', command, id, input, startedAt, rebooted }, signal)
      const handler: Handler<unknown, unknown> = {
        run: (input: unknown, { id, signal }: CommandContext) => call({ method: 'run', command, id, input }, signal),
      }
      Object.defineProperty(handler, 'recover', {
        enumerable: true,
        get: () => (options.abilities()?.recover.includes(command) === false ? undefined : recover),
      })
      return [command, handler]
    }),
  )
}

async function callWithin(options: RunningOptions, call: Call, caller: AbortSignal): Promise<unknown> {
  const { section, clock, limits } = options
  const life = options.mustRun()
  checkArguments(section, call)
  const limitMs = limitOf(section, limits, call)
  const late = problem('plugin-timeout', `${call.method} took more than ${limitMs} ms`, {
    section: section.name,
    limitMs,
  })
  const linked = linkedAbort(caller)
  const forget = clock.after(limitMs, () => linked.abort(late))
  try {
    linked.signal.throwIfAborted()
    return checkResult(section, call, await life.call(call, linked.signal))
  } catch (thrown) {
    if (linked.signal.reason === late) throw late
    throw caller.aborted && thrown === caller.reason
      ? common('cancelled', `${call.method} was cancelled`)
      : asProblem(thrown)
  } finally {
    forget()
    linked.unlink()
  }
}

function limitOf(section: Section, limits: HostingLimits, call: Call): number {
  switch (call.method) {
    case 'probe':
      return limits.probeMs
    case 'observe':
      return limits.observeMs
    case 'plan':
      return limits.planMs
    case 'apply':
      return limits.applyMs
    case 'revert':
      return limits.revertMs
    case 'recover':
      return limits.recoverMs
    case 'run':
      return commandOf(section, call.command).timeoutMs
  }
}
