// SPDX-License-Identifier: Apache-2.0
/** Exit codes: what a script may rely on. */
import type { Problem } from '../../plugins/contract/problem.ts'
import type { problem } from './problems.ts'

export const EXIT = {
  done: 0,
  unexpected: 1,
  usage: 2,
  notSignedIn: 3,
  notFound: 4,
  notAllowed: 5,
  invalid: 6,
  conflict: 7,
  held: 8,
  partial: 9,
  timedOut: 10,
  unreachable: 11,
  verification: 12,
  interrupted: 130,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

type OwnCode = keyof typeof problem.types

const BY_CODE = {
  usage: EXIT.usage,
  'not-confirmed': EXIT.usage,
  'count-not-confirmed': EXIT.usage,
  'count-differs': EXIT.conflict,
  'no-context': EXIT.notSignedIn,
  'no-token': EXIT.notSignedIn,
  'no-home': EXIT.invalid,
  'context-unknown': EXIT.notFound,
  'context-file-exposed': EXIT.notAllowed,
  'context-file-broken': EXIT.invalid,
  'file-unusable': EXIT.invalid,
  'input-unreadable': EXIT.invalid,
  'url-unusable': EXIT.invalid,
  'fingerprint-differs': EXIT.verification,
  'controller-untrusted': EXIT.verification,
  'controller-unreachable': EXIT.unreachable,
  'socket-refused': EXIT.notAllowed,
  'answer-strange': EXIT.unreachable,
  'ping-failed': EXIT.partial,
  'name-unknown': EXIT.notFound,
  'nothing-published': EXIT.notFound,
  'name-ambiguous': EXIT.notFound,
  'hosts-failed': EXIT.partial,
  'wait-over': EXIT.timedOut,
  'order-open': EXIT.timedOut,
  'order-failed': EXIT.partial,
  'machine-drifted': EXIT.partial,
  'no-kvm': EXIT.conflict,
  'request-refused': EXIT.invalid,
  'record-changed': EXIT.conflict,
  'firmware-refused': EXIT.conflict,
  'session-ended': EXIT.partial,
  'audit-altered': EXIT.verification,
  'audit-unsigned': EXIT.verification,
  'audit-unreadable': EXIT.invalid,
} as const satisfies Readonly<Record<OwnCode, ExitCode>>

/** Codes of the controller whose status alone would mislead: it is there and allows it, and the machine does not. */
const BY_FOREIGN_CODE: Readonly<Record<string, ExitCode>> = {
  'queue-full': EXIT.conflict,
  'redirection-limit': EXIT.conflict,
  'amt-not-connected': EXIT.conflict,
  'amt-consent-needed': EXIT.conflict,
  'consent-tries-exhausted': EXIT.conflict,
  'amt-unsupported': EXIT.conflict,
  'amt-fault': EXIT.partial,
  'amt-unexpected': EXIT.partial,
  'amt-unauthorized': EXIT.partial,
  'amt-untrusted': EXIT.partial,
  'amt-timeout': EXIT.partial,
  'amt-channel-refused': EXIT.partial,
  'redirection-refused': EXIT.partial,
  'redirection-protocol': EXIT.partial,
}

/** Statuses that do not follow the rule of their hundred. */
const BY_STATUS: Readonly<Record<number, ExitCode>> = {
  401: EXIT.notSignedIn,
  403: EXIT.notAllowed,
  404: EXIT.notFound,
  408: EXIT.timedOut,
  409: EXIT.conflict,
  410: EXIT.notFound,
  412: EXIT.conflict,
  428: EXIT.conflict,
  429: EXIT.unreachable,
  502: EXIT.unreachable,
  503: EXIT.unreachable,
  504: EXIT.timedOut,
}

/** The exit code of a failure: by its code where it is ours, by its HTTP status where the controller said it. */
export function exitCodeOf({ code, status }: Pick<Problem, 'code' | 'status'>): ExitCode {
  if (Object.hasOwn(BY_CODE, code)) return BY_CODE[code as OwnCode] // just looked up
  const known = BY_FOREIGN_CODE[code] ?? BY_STATUS[status]
  if (known !== undefined) return known
  return status >= 400 && status < 500 ? EXIT.invalid : EXIT.unexpected
}
