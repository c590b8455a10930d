// SPDX-License-Identifier: Apache-2.0
/** A failure with a code, a status and a retry rule: one shape from the plugin to the browser (RFC 9457). */
import type { ProblemDocument } from './problem-document.ts'

/** Who may try again: nobody, anybody after growing waits, or anybody after a stated wait. */
export type Retry = 'never' | 'backoff' | { readonly afterMs: number }

export type ProblemType = {
  /** The HTTP status this failure maps to. */
  readonly status: number
  readonly title: string
  readonly retry: Retry
  /** What the reader should do about it. */
  readonly next?: string
}

export type Fields = Readonly<Record<string, unknown>>

/** Thrown for every expected failure. Anything thrown that is not one is a bug of ours. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string | undefined
  readonly retry: Retry
  readonly next: string | undefined
  readonly fields: Fields

  constructor(code: string, type: ProblemType, more: { detail?: string; fields?: Fields; cause?: unknown } = {}) {
    super(more.detail === undefined ? type.title : `${type.title}: ${more.detail}`, { cause: more.cause })
    this.code = code
    this.status = type.status
    this.title = type.title
    this.detail = more.detail
    this.retry = type.retry
    this.next = type.next
    this.fields = more.fields ?? {}
  }

  toJSON(): ProblemDocument {
    return {
      type: `/problems/${this.code}`,
      title: this.title,
      status: this.status,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      code: this.code,
      retry: this.retry,
      ...(this.next === undefined ? {} : { next: this.next }),
      ...(Object.keys(this.fields).length === 0 ? {} : { fields: this.fields }),
    }
  }
}

export type Catalogue<Code extends string> = {
  (code: Code, detail?: string, fields?: Fields, cause?: unknown): Problem
  /** The catalogue itself, for the reference page and the test of uniqueness. */
  readonly types: Readonly<Record<Code, ProblemType>>
}

/**
 * Declares the failures an owner may throw; an unknown code does not compile.
 *
 * @example
 * const problem = defineProblems({ 'disk-full': { status: 507, title: 'The disk is full', retry: 'backoff' } })
 * throw problem('disk-full', '12 MB left on /var')
 */
export function defineProblems<const Types extends Record<string, ProblemType>>(
  types: Types,
): Catalogue<keyof Types & string> {
  const make = (code: keyof Types & string, detail?: string, fields?: Fields, cause?: unknown): Problem => {
    const type = types[code]
    if (type === undefined) throw new TypeError(`no problem ${code}`)
    return new Problem(code, type, {
      ...(detail === undefined ? {} : { detail }),
      ...(fields === undefined ? {} : { fields }),
      ...(cause === undefined ? {} : { cause }),
    })
  }
  return Object.assign(make, { types })
}

/** The failures every part of the product may throw. */
export const problem = defineProblems({
  internal: {
    status: 500,
    title: 'Something inside failed',
    retry: 'backoff',
    next: 'look at the log; this is a defect',
  },
  invalid: {
    status: 400,
    title: 'The input is not valid',
    retry: 'never',
    next: 'correct the named fields and send it again',
  },
  unavailable: { status: 503, title: 'This is not available now', retry: 'backoff' },
  'timed-out': { status: 504, title: 'It took too long', retry: 'backoff' },
  cancelled: { status: 499, title: 'It was cancelled', retry: 'never' },
  interrupted: {
    status: 409,
    title: 'The agent stopped while this was running',
    retry: 'never',
    next: 'look at the host, then send a new command if it is still wanted',
  },
})

/** Turns whatever was thrown into a problem; what is not one becomes `internal` without its details. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  return problem('internal', undefined, undefined, thrown)
}

/** Builds a problem again from its JSON form, as received from a peer. */
export function problemFrom(document: ProblemDocument): Problem {
  const { code, status, title, retry, next, detail, fields } = document
  return new Problem(
    code,
    { status, title, retry, ...(next === undefined ? {} : { next }) },
    { ...(detail === undefined ? {} : { detail }), ...(fields === undefined ? {} : { fields }) },
  )
}
