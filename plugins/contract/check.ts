// SPDX-License-Identifier: Apache-2.0
/** Checks what crossed a boundary against its schema, and says where it does not fit. */
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { depthOf } from './canonical.ts'
import { MAX_DEPTH } from './envelope.ts'
import { problem } from './problem.ts'

/** Longer lists of values say less than the place alone. */
const MAX_NAMED_VALUES = 30

/** One place that does not fit: a JSON pointer (RFC 6901) and what is wrong there. */
export type Finding = { readonly pointer: string; readonly message: string }

/** The places where a value does not fit its schema; empty when it does. At most ten. */
export function findings(schema: TSchema, value: unknown): readonly Finding[] {
  if (Value.Check(schema, value)) return []
  return readable(Value.Errors(schema, value))
}

type SchemaError = {
  readonly keyword: string
  readonly instancePath: string
  readonly message: string
  readonly params: object
}

/** The schema library's errors as findings: one for each place, in words that name what is unknown. */
export function readable(errors: readonly SchemaError[], prefix = ''): readonly Finding[] {
  return errors
    .filter(error => error.keyword !== 'boolean') // "schema is false" says nothing that its neighbour does not say better
    .slice(0, 10)
    .map(error => ({ pointer: `${prefix}${error.instancePath}`, message: describe(error) }))
}

function describe({ message, params }: SchemaError): string {
  // Each is there for its own keyword only.
  const { additionalProperties, allowedValues } = params as {
    additionalProperties?: readonly string[]
    allowedValues?: readonly unknown[]
  }
  if (allowedValues !== undefined && allowedValues.length <= MAX_NAMED_VALUES)
    return `must be one of ${allowedValues.map(String).join(', ')}`
  if (additionalProperties === undefined) return message
  return `has members it does not know: ${additionalProperties.map(name => name.slice(0, 40)).join(', ')}`
}

/** Returns the value with its type, or throws the problem `invalid` that lists where it does not fit. */
export function check<S extends TSchema>(schema: S, value: unknown, what: string): Static<S> {
  const wrong = findings(schema, value)
  if (wrong.length === 0) return value as Static<S> // the schema has just said so
  const first = wrong[0]
  throw problem('invalid', `${what}: ${first?.pointer || '/'} ${first?.message}`, { findings: wrong })
}

/** Reads JSON of at most `maxBytes` and {@link MAX_DEPTH}; `undefined` when it is larger, deeper or not JSON. */
export function parseBounded(payload: Uint8Array, maxBytes: number): unknown {
  if (payload.byteLength > maxBytes) return undefined
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
    return depthOf(value, MAX_DEPTH) > MAX_DEPTH ? undefined : value
  } catch {
    return undefined
  }
}

/** Reads one message of the wire; `undefined` when it is too large, too deep, not JSON, or not what its schema says. */
export function readMessage<S extends TSchema>(
  schema: S,
  payload: Uint8Array,
  maxBytes: number,
): Static<S> | undefined {
  const value = parseBounded(payload, maxBytes)
  return value !== undefined && Value.Check(schema, value) ? (value as Static<S>) : undefined
}
