// SPDX-License-Identifier: Apache-2.0
/** The messages between the agent and a plugin that runs as a process: one JSON object a line, checked on both ends. */
import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { depthOf, MAX_DEPTH, ProblemDocument, SEGMENT_PATTERN } from '../../plugins/contract/index.ts'
import { Abilities, Call } from './calls.ts'

/** The descriptor both ends speak over, beside the usual three. */
export const CHANNEL = 3

const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const strict = { additionalProperties: false }

/** From the agent. */
export const ToPlugin = Type.Union([
  Type.Object({ type: Type.Literal('call'), id: Id, call: Call }, strict),
  Type.Object({ type: Type.Literal('cancel'), id: Id }, strict),
  Type.Object({ type: Type.Literal('ping'), id: Id }, strict),
  Type.Object({ type: Type.Literal('stop') }, strict),
])
export type ToPlugin = Static<typeof ToPlugin>

/** From the plugin's process. */
export const FromPlugin = Type.Union([
  Type.Object(
    {
      type: Type.Literal('ready'),
      name: Type.String({ maxLength: 64 }),
      version: Type.String({ maxLength: 64 }),
      abilities: Abilities,
    },
    strict,
  ),
  Type.Object({ type: Type.Literal('refused'), detail: Type.String({ maxLength: 500 }) }, strict),
  Type.Object({ type: Type.Literal('answer'), id: Id, result: Type.Optional(Type.Unknown()) }, strict),
  Type.Object({ type: Type.Literal('failure'), id: Id, problem: ProblemDocument }, strict),
  Type.Object({ type: Type.Literal('pong'), id: Id }, strict),
  Type.Object({ type: Type.Literal('changed') }, strict),
  Type.Object(
    {
      type: Type.Literal('sample'),
      stream: Type.String({ pattern: SEGMENT_PATTERN }),
      value: Type.Number(),
      labels: Type.Record(Type.String({ maxLength: 128 }), Type.String({ maxLength: 128 }), { maxProperties: 16 }),
    },
    strict,
  ),
  Type.Object(
    {
      type: Type.Literal('log'),
      level: Type.Enum(['debug', 'info', 'warn', 'error']),
      message: Type.String({ maxLength: 500 }),
      fields: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 32 })),
    },
    strict,
  ),
])
export type FromPlugin = Static<typeof FromPlugin>

// Inside a message stands a document of its own, a few levels down.
const MESSAGE_DEPTH = MAX_DEPTH + 4

/** Reads one line; `undefined` when it is not JSON, nests too deep, or is not one of the messages. */
export function readLine<S extends TSchema>(schema: S, line: Uint8Array): Static<S> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line))
    if (depthOf(value, MESSAGE_DEPTH) > MESSAGE_DEPTH) return undefined
    return Value.Check(schema, value) ? (value as Static<S>) : undefined // the schema has just said so
  } catch {
    return undefined
  }
}

/** Spells one line. Throws a TypeError for what JSON cannot say, and a RangeError beyond `maxBytes`. */
export function writeLine(message: ToPlugin | FromPlugin, maxBytes: number): string {
  const text = JSON.stringify(message)
  if (Buffer.byteLength(text) > maxBytes) throw new RangeError(`a message of more than ${maxBytes} bytes`)
  return `${text}\n`
}
