// SPDX-License-Identifier: Apache-2.0
/** Checks of what clients send, with the complaints of express-validator, on which clients of MPS rely. */
import type { FastifyRequest } from 'fastify'
import type { FieldError } from '../toolkit/toolkit.ts'

type Location = FieldError['location']
/** A check of one value, and what is said when it fails. */
type Rule = readonly [holds: (value: unknown) => boolean, msg: string]

const INVALID = 'Invalid value'

/** Members of the body, query or path, whatever they are. */
export function partOf(request: FastifyRequest, location: Location): Readonly<Record<string, unknown>> {
  const part: unknown = location === 'body' ? request.body : location === 'query' ? request.query : request.params
  return typeof part === 'object' && part !== null ? (part as Record<string, unknown>) : {} // an object it is
}

/** Collects complaints in the order of the rules. */
export class Fields {
  readonly #request: FastifyRequest
  readonly #errors: FieldError[] = []

  constructor(request: FastifyRequest) {
    this.#request = request
  }

  get errors(): readonly FieldError[] {
    return this.#errors
  }

  /** One complaint for each rule that does not hold. */
  check(location: Location, path: string, ...rules: readonly Rule[]): this {
    const value = at(partOf(this.#request, location), path)
    for (const [holds, msg] of rules) if (!holds(value)) this.#complain({ location, path, value, msg })
    return this
  }

  /** As {@link check}, and nothing is said of members that are missing. */
  optional(location: Location, path: string, ...rules: readonly Rule[]): this {
    return at(partOf(this.#request, location), path) === undefined ? this : this.check(location, path, ...rules)
  }

  /** As {@link optional}, for members that may also be `null`. */
  nullable(location: Location, path: string, ...rules: readonly Rule[]): this {
    return at(partOf(this.#request, location), path) === null ? this : this.optional(location, path, ...rules)
  }

  /** As {@link nullable}, for members that may also be empty. */
  lax(location: Location, path: string, ...rules: readonly Rule[]): this {
    return at(partOf(this.#request, location), path) === '' ? this : this.nullable(location, path, ...rules)
  }

  /** As {@link nullable}; complaints do not repeat the value. */
  secret(location: Location, path: string, ...rules: readonly Rule[]): this {
    const value = at(partOf(this.#request, location), path)
    if (value === undefined || value === null) return this
    for (const [holds, msg] of rules) if (!holds(value)) this.#complain({ location, path, msg })
    return this
  }

  #complain({ location, path, value, msg }: Omit<FieldError, 'type'>): void {
    this.#errors.push({ type: 'field', ...(value === undefined ? {} : { value }), msg, path, location })
  }
}

function at(part: Readonly<Record<string, unknown>>, path: string): unknown {
  let value: unknown = part
  for (const name of path.split('.')) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
  }
  return value
}

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i

export const isUuid: Rule = [value => typeof value === 'string' && UUID.test(value), INVALID]
export const isText: Rule = [value => typeof value === 'string', INVALID]
export const isFlag: Rule = [value => flagIn(value) !== undefined, INVALID]

/** The same check with another complaint. */
export function saying([holds]: Rule, msg: string): Rule {
  return [holds, msg]
}

export function isLength(min: number, max: number, msg = INVALID): Rule {
  return [value => value === undefined || value === null || between(String(value).length, min, max), msg]
}

export function isInteger(min: number, max: number, msg = INVALID): Rule {
  return [
    value => /^[+-]?\d+$/.test(String(value)) && typeof value !== 'object' && between(Number(value), min, max),
    msg,
  ]
}

export function isOneOf(values: readonly (string | number)[], msg = INVALID): Rule {
  return [value => typeof value !== 'object' && values.map(String).includes(String(value)), msg]
}

export function matches(pattern: RegExp, msg = INVALID): Rule {
  return [value => typeof value === 'string' && pattern.test(value), msg]
}

export function fulfils(holds: (value: unknown) => boolean, msg = INVALID): Rule {
  return [holds, msg]
}

function between(value: number, min: number, max: number): boolean {
  return value >= min && value <= max
}

/** A flag as clients write it: `true`, `"true"`, `"1"`, 1 and their opposites. */
export function flagIn(value: unknown): boolean | undefined {
  if (typeof value === 'object') return undefined
  if (['true', '1'].includes(String(value))) return true
  return ['false', '0'].includes(String(value)) ? false : undefined
}
