// SPDX-License-Identifier: Apache-2.0
/** What went wrong, as the controller tells it (RFC 9457) or as the browser finds it. */

export type Finding = { readonly pointer: string; readonly message: string }

/** A failure with its code, what to do about it, and the request it belongs to. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string | undefined
  readonly next: string | undefined
  readonly findings: readonly Finding[]
  /** Id of the request, by which it is found in the log of the controller. */
  readonly request: string | undefined
  /** Everything that was told. */
  readonly document: Readonly<Record<string, unknown>>

  constructor(document: Readonly<Record<string, unknown>>, request?: string) {
    const text = (name: string): string | undefined =>
      typeof document[name] === 'string' && document[name] !== '' ? document[name] : undefined
    const status = typeof document.status === 'number' ? document.status : 0
    const fields = toolkitFields(document.errors)
    // Routes that speak as MPS and RPS do have other members.
    const title = text('title') ?? text('error') ?? fields[0]?.message ?? text('message') ?? `HTTP ${status}`
    super(title)
    this.code = text('code') ?? (status === 404 ? 'not-found' : fields.length > 0 ? 'request-refused' : 'internal')
    this.status = status
    this.title = title
    this.detail =
      text('detail') ?? [text('errorDescription'), text('message')].find(each => each !== undefined && each !== title)
    this.next = text('next')
    this.findings = Array.isArray(document.findings) ? document.findings.filter(isFinding) : fields
    this.request = request
    this.document = document
  }
}

/** Complaints about members, as the toolkit writes them. */
function toolkitFields(errors: unknown): readonly Finding[] {
  if (!Array.isArray(errors)) return []
  return errors.flatMap((each: unknown) => {
    const { path, msg } = (each ?? {}) as { path?: unknown; msg?: unknown } // whatever was sent
    return typeof path === 'string' && typeof msg === 'string' ? [{ pointer: `/${path}`, message: msg }] : []
  })
}

function isFinding(value: unknown): value is Finding {
  return typeof value === 'object' && value !== null && 'pointer' in value && 'message' in value
}

/** Whatever was thrown, as a problem: what is none of the controller's is a lost connection. */
export function problemOf(thrown: unknown): ApiProblem {
  if (thrown instanceof ApiProblem) return thrown
  const title = 'The controller cannot be reached'
  const next = 'see whether it runs, and whether this device is still on its network'
  return new ApiProblem({
    code: 'unreachable',
    status: 0,
    title,
    next,
    detail: String((thrown as Error)?.message ?? ''),
  })
}
