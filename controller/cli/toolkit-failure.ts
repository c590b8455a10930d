// SPDX-License-Identifier: Apache-2.0
/** What the routes that are shaped by the Device Management Toolkit say when they fail, as problems that a person can read. */
import { Problem } from '../../plugins/contract/problem.ts'
import { problem } from './problems.ts'

type Body = Readonly<Record<string, unknown>>

/** What to type next; bodies of the toolkit have no place for it. */
const NEXT: Readonly<Record<string, string>> = {
  'amt-not-connected': 'muster oob status <host> tells why it is away; a machine that is activated dials in by itself',
  'amt-consent-needed': 'muster oob consent <host> request, then muster oob consent <host> send <code>',
  'consent-tries-exhausted': 'muster oob consent <host> request; somebody at the machine reads out the new code',
  'amt-unauthorized': 'muster oob activate <host>, or tell the password in force: muster oob password <host> --current',
  'amt-timeout': 'look what became of it before trying again: muster oob power <host>',
  'amt-unsupported': 'muster oob features <host> shows what it can do',
  'amt-channel-refused': 'muster oob features <host> shows whether the feature is on',
  'redirection-refused': 'muster oob features <host> shows whether the feature is on',
  'redirection-busy': 'muster oob session ls shows who has it; muster oob session end <id> ends it',
}

/** What a person is told where the other side has its code only. */
const TITLES: Readonly<Record<string, string>> = {
  'amt-not-connected': 'The machine is not connected out of band',
  'amt-consent-needed': 'A person at the machine must consent',
  'consent-tries-exhausted': 'The consent code was wrong three times',
  'redirection-busy': 'The machine has such a session already',
  'redirection-limit': 'Too many sessions are open',
}

/** Words for a status, which say nothing beside a sentence. */
const GENERIC =
  /^(not found|bad request|incorrect uri or bad request|unauthorized|timeout error|internal server error)$/i

const BY_STATUS: Readonly<Record<number, string>> = { 401: 'unauthenticated', 403: 'not-allowed', 404: 'not-found' }
const CODE = /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/
const AWAY = /^Device not found\/connected/

/** `undefined` for a body that is of no such form. */
export function toolkitFailure(status: number, document: unknown): Problem | undefined {
  if (typeof document !== 'object' || document === null) return undefined
  const body = document as Body // looked at member by member
  if (Array.isArray(body.errors)) return refusedValues(status, body.errors, textIn(body, 'code'))
  if (typeof body.Body === 'object' && body.Body !== null) return refusedByFirmware(body.Body as Body) // as above
  if ((status === 409 || status === 412) && textIn(body, 'version') !== undefined)
    return problem('record-changed', `it is at version ${textIn(body, 'version')}`)
  return worded(status, body)
}

/** A WebSocket that was refused before it opened: the code of a problem, or some words. */
export function refusedSocket(status: number, said: string): Problem {
  if (status === 404 && !CODE.test(said))
    return named({ code: 'device-unknown', status, title: 'There is no such device' })
  if (!CODE.test(said))
    return said === '' ? problem('socket-refused', `it answered ${status}`) : problem('socket-refused', said)
  if (said === 'not-signed-in') return problem('no-token', 'the controller does not know the one that was sent')
  const title = TITLES[said] ?? `The controller does not open this session: ${said}`
  return named({ code: said, status, title })
}

/** What ended a session, where a problem of the controller did: `amt-timeout (device)`. */
export function endedSession(reason: string): Problem {
  const code = /^([a-z-]+) \(/.exec(reason)?.[1] ?? ''
  const type = problem.types['session-ended']
  const next = NEXT[code] ?? type.next
  return new Problem('session-ended', next === undefined ? type : { ...type, next }, {
    detail: reason === '' ? 'without a reason' : reason,
  })
}

function refusedValues(status: number, errors: readonly unknown[], code: string | undefined): Problem {
  const findings = errors.flatMap(each => {
    const { path, msg } = (each ?? {}) as Body // looked at in the next line
    if (typeof msg !== 'string') return []
    return [{ pointer: typeof path === 'string' ? `/${path.replaceAll('.', '/')}` : '', message: msg }]
  })
  const { title, retry } = problem.types['request-refused']
  const known = code !== undefined && CODE.test(code) ? code : 'request-refused'
  return new Problem(known, { title, status, retry }, { fields: { findings } })
}

function refusedByFirmware(answer: Body): Problem | undefined {
  const { ReturnValue, ReturnValueStr } = answer
  if (typeof ReturnValue !== 'number' || ReturnValue === 0) return undefined
  const name = typeof ReturnValueStr === 'string' ? ReturnValueStr : 'UNKNOWN'
  return problem('firmware-refused', `${name} (${ReturnValue})`)
}

function worded(status: number, body: Body): Problem | undefined {
  const [error, description, message] = [
    textIn(body, 'error'),
    textIn(body, 'errorDescription'),
    textIn(body, 'message'),
  ]
  const first = error ?? message
  if (first === undefined) return undefined
  if (AWAY.test(first)) {
    const code = 'amt-not-connected'
    return named({ code, status, title: TITLES[code] ?? first })
  }
  const code = codeOf(status, textIn(body, 'code'))
  const fields = textIn(body, 'confirmation') === undefined ? {} : { confirmation: body.confirmation }
  // Beside a code the message is the whole sentence; the description is then the one that old clients know.
  if (textIn(body, 'code') !== undefined && message !== undefined && message !== description && error !== undefined)
    return named({ code, status, title: message, fields })
  const detail = description ?? message
  if (detail === undefined || detail === first) return named({ code, status, title: first, fields })
  return GENERIC.test(first)
    ? named({ code, status, title: detail, fields })
    : named({ code, status, title: first, detail, fields })
}

function codeOf(status: number, given: string | undefined): string {
  if (given !== undefined && CODE.test(given)) return given
  return BY_STATUS[status] ?? (status >= 500 ? 'internal' : 'request-refused')
}

type Named = {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail?: string | undefined
  readonly fields?: Readonly<Record<string, unknown>>
}

function named({ code, status, title, detail, fields = {} }: Named): Problem {
  const next = NEXT[code]
  const type = { status, title, retry: 'never', ...(next === undefined ? {} : { next }) } as const
  return new Problem(code, type, { ...(detail === undefined ? {} : { detail }), fields })
}

function textIn(body: Body, member: string): string | undefined {
  const value = body[member]
  return typeof value === 'string' && value !== '' ? value : undefined
}
