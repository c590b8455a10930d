// SPDX-License-Identifier: Apache-2.0
/** Checks of a request's members, which complain in the order and the words that clients of RPS know. */
import type { FieldError } from '../toolkit/toolkit.ts'

/** A request's body, nothing known of it yet. */
export type Given = Readonly<Record<string, unknown>>

/** A body that is not an object has no members. */
export function givenOf(body: unknown): Given {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Given) : {} // an object from JSON
}

/** A member that is there and not `null`. */
export function has(given: Given, name: string): boolean {
  return given[name] !== undefined && given[name] !== null
}

/**
 * One member under check. Every check that fails adds a complaint, also after another failed: clients read the list.
 * A standard check sees the value as text, an absent one as the empty text.
 */
export class Field {
  readonly #given: Given
  readonly #path: string
  readonly #secret: boolean
  readonly #errors: FieldError[] = []
  #skip = false

  constructor(given: Given, path: string, options: { readonly secret?: boolean } = {}) {
    this.#given = given
    this.#path = path
    this.#secret = options.secret ?? false
  }

  get value(): unknown {
    return this.#given[this.#path]
  }

  get errors(): readonly FieldError[] {
    return this.#errors
  }

  /** What follows is checked only under this condition. */
  when(condition: boolean): this {
    this.#skip ||= !condition
    return this
  }

  /** What follows is checked only when the member is there; `null` counts as absent. */
  optional(): this {
    return this.when(this.value !== undefined && this.value !== null)
  }

  required(message: string): this {
    return this.#holds(this.#text() !== '', message)
  }

  matches(pattern: RegExp, message: string): this {
    return this.#holds(pattern.test(this.#text()), message)
  }

  length({ min = 0, max }: { readonly min?: number; readonly max: number }, message: string): this {
    const { length } = this.#text()
    return this.#holds(length >= min && length <= max, message)
  }

  oneOf(values: readonly (string | number)[], message: string): this {
    return this.#holds(values.map(String).includes(this.#text()), message)
  }

  integer({ min, max }: { readonly min: number; readonly max: number }, message: string): this {
    const text = this.#text()
    return this.#holds(/^-?\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max, message)
  }

  boolean(message: string): this {
    return this.#holds(['true', 'false', '1', '0'].includes(this.#text()), message)
  }

  array(message = 'Invalid value'): this {
    return this.#holds(Array.isArray(this.value), message)
  }

  /** A check of its own, which gives the complaint, or nothing. */
  custom(check: (value: unknown) => string | undefined): this {
    const message = this.#skip ? undefined : check(this.value)
    return this.#holds(message === undefined, message ?? '')
  }

  async customAsync(check: (value: unknown) => Promise<string | undefined>): Promise<this> {
    const message = this.#skip ? undefined : await check(this.value)
    return this.#holds(message === undefined, message ?? '')
  }

  #text(): string {
    const { value } = this
    if (value === undefined || value === null || Number.isNaN(value)) return ''
    return typeof value === 'object' ? (JSON.stringify(value) ?? '') : String(value)
  }

  #holds(condition: boolean, msg: string): this {
    if (this.#skip || condition) return this
    // What was sent as a secret does not come back.
    const value = this.#secret || this.value === undefined ? {} : { value: this.value }
    this.#errors.push({ type: 'field', ...value, msg, path: this.#path, location: 'body' })
    return this
  }
}

export function allErrors(fields: readonly Field[]): readonly FieldError[] {
  return fields.flatMap(field => field.errors)
}

/** A change says which version it is of, in the body or in a header; RPS complains of it last. */
export function versionField(
  given: Given,
  { changing, conditional }: { readonly changing: boolean; readonly conditional: boolean },
): Field {
  return new Field(given, 'version')
    .when(changing && !conditional)
    .required('Version is required to patch/update a record.')
}

/** `undefined` for what is not there; express-validator takes these texts for booleans too. */
export function flag(value: unknown): boolean | undefined {
  if (value === undefined || value === null) return undefined
  return ['true', '1'].includes(String(value))
}

/** An empty text names nothing. */
export function nameOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

export function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
