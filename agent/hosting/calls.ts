// SPDX-License-Identifier: Apache-2.0
/** The calls a plugin answers, as data, with the checks of their arguments and results. */
import { type Static, type TSchema, Type } from 'typebox'
import {
  type AnyRunning,
  type CommandType,
  check,
  problem as common,
  type EpochMs,
  findings,
  type Handler,
  type Section,
  StepDocument,
} from '../../plugins/contract/index.ts'
import { problem } from './problems.ts'

const CommandName = Type.String({ minLength: 1, maxLength: 64 })
const CommandId = Type.String({ maxLength: 64 })

/** One call, as it travels to a plugin that runs as a process. */
export const Call = Type.Union([
  Type.Object({ method: Type.Literal('probe') }),
  Type.Object({ method: Type.Literal('observe') }),
  Type.Object({ method: Type.Literal('plan'), desired: Type.Unknown(), observed: Type.Unknown() }),
  Type.Object({ method: Type.Enum(['apply', 'revert']), step: Type.Unknown() }),
  Type.Object({ method: Type.Literal('run'), command: CommandName, id: CommandId, input: Type.Unknown() }),
  Type.Object({
    method: Type.Literal('recover'),
    command: CommandName,
    id: CommandId,
    input: Type.Unknown(),
    startedAt: Type.Number(),
    rebooted: Type.Boolean(),
  }),
])
export type Call = Static<typeof Call>

/** Which optional members a plugin's running form has. */
export const Abilities = Type.Object({
  probe: Type.Boolean(),
  revert: Type.Boolean(),
  /** The commands it can read back after a restart. */
  recover: Type.Array(CommandName, { maxItems: 256 }),
})
export type Abilities = Static<typeof Abilities>

const SupportResult = Type.Union([
  Type.Object({ supported: Type.Literal(true) }),
  Type.Object({ supported: Type.Literal(false), why: Type.String({ maxLength: 500 }) }),
])
const PlanResult = Type.Array(StepDocument, { maxItems: 1_000 })

/** Reads what a plugin's `start` returned; throws `plugin-refused` when it is not the running form of its section. */
export function abilitiesOf(section: Section, running: AnyRunning): Abilities {
  const missing = ['observe', 'plan', 'apply'].filter(name => typeof Reflect.get(Object(running), name) !== 'function')
  const commands: Readonly<Record<string, Handler<unknown, unknown>>> = running?.commands ?? {}
  for (const name of Object.keys(section.commands)) {
    if (typeof commands[name]?.run !== 'function') missing.push(`commands.${name}`)
  }
  if (missing.length > 0) throw problem('plugin-refused', `it lacks ${missing.join(', ')}`, { missing })
  return {
    probe: typeof running.probe === 'function',
    revert: typeof running.revert === 'function',
    recover: Object.keys(section.commands).filter(name => typeof commands[name]?.recover === 'function'),
  }
}

/** Throws `invalid` when an argument does not fit the section. */
export function checkArguments(section: Section, call: Call): void {
  switch (call.method) {
    case 'plan':
      check(section.desired, call.desired, `desired of ${section.name}`)
      check(section.observed, call.observed, `observed of ${section.name}`)
      return
    case 'apply':
    case 'revert':
      check(StepDocument, call.step, `step of ${section.name}`)
      return
    case 'run':
    case 'recover':
      check(commandOf(section, call.command).input, call.input, `input of ${call.command}`)
  }
}

/** Returns the result, or throws `plugin-output` when it does not fit the section. What has no result yields none. */
export function checkResult(section: Section, call: Call, result: unknown): unknown {
  const schema = resultSchema(section, call)
  if (schema === undefined) return undefined
  const wrong = findings(schema, result)
  const first = wrong[0]
  if (first === undefined) return result
  const detail = `${call.method} of ${section.name}: ${first.pointer || '/'} ${first.message}`
  throw problem('plugin-output', detail, { method: call.method, findings: wrong })
}

function resultSchema(section: Section, call: Call): TSchema | undefined {
  switch (call.method) {
    case 'apply':
    case 'revert':
      return undefined
    case 'probe':
      return SupportResult
    case 'observe':
      return section.observed
    case 'plan':
      return PlanResult
    case 'run':
    case 'recover':
      return commandOf(section, call.command).output
  }
}

/** Finds a command of a section; throws `invalid` when there is none of this name. */
export function commandOf(section: Section, name: string): CommandType {
  const type = Object.hasOwn(section.commands, name) ? section.commands[name] : undefined
  if (type === undefined)
    throw common('invalid', `${section.name} has no command of this name`, { section: section.name })
  return type
}

/** Calls the plugin, with arguments and result checked. Rejects with what the plugin threw. */
export async function perform(
  section: Section,
  running: AnyRunning,
  call: Call,
  signal: AbortSignal,
): Promise<unknown> {
  checkArguments(section, call)
  return checkResult(section, call, await dispatch(running, call, signal))
}

/** Calls the plugin as it stands, for callers that check for themselves. */
export async function dispatch(running: AnyRunning, call: Call, signal: AbortSignal): Promise<unknown> {
  switch (call.method) {
    case 'probe':
      return running.probe === undefined ? { supported: true } : running.probe(signal)
    case 'observe':
      return running.observe(signal)
    case 'plan':
      return running.plan(call.desired, call.observed)
    case 'apply':
      return running.apply(call.step, signal)
    case 'revert':
      if (running.revert === undefined) throw common('invalid', 'this plugin cannot take a step back')
      return running.revert(call.step, signal)
    case 'run':
      return handlerOf(running, call.command).run(call.input, { id: call.id, signal })
    case 'recover':
      return recover(running, call, signal)
  }
}

type Recovery = Extract<Call, { method: 'recover' }>

async function recover(running: AnyRunning, call: Recovery, signal: AbortSignal): Promise<unknown> {
  const handler = handlerOf(running, call.command)
  if (handler.recover === undefined) throw common('interrupted')
  const startedAt: EpochMs = call.startedAt
  return handler.recover(call.input, { id: call.id, signal, startedAt, rebooted: call.rebooted })
}

function handlerOf(running: AnyRunning, name: string): Handler<unknown, unknown> {
  const handlers: Readonly<Record<string, Handler<unknown, unknown>>> = running.commands
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined
  if (handler === undefined) throw common('invalid', 'there is no command of this name')
  return handler
}
