// SPDX-License-Identifier: Apache-2.0
/** Exit codes by class of failure, the same as those of `muster`. */
import type { Problem } from '../../plugins/contract/index.ts'

export const EXIT = {
  done: 0,
  internal: 1,
  usage: 2,
  signIn: 3,
  notFound: 4,
  notAllowed: 5,
  invalid: 6,
  conflict: 7,
  timedOut: 10,
  unreachable: 11,
  unverified: 12,
} as const

const BY_CODE: Readonly<Record<string, number>> = {
  'token-refused': EXIT.signIn,
  'token-malformed': EXIT.invalid,
  'token-missing': EXIT.usage,
  'token-exposed': EXIT.usage,
  'controller-address': EXIT.invalid,
  'agent-config': EXIT.invalid,
  'agent-not-enrolled': EXIT.conflict,
  'already-enrolled': EXIT.conflict,
  'reclaim-declined': EXIT.conflict,
  'leave-unconfirmed': EXIT.usage,
  'agent-running': EXIT.conflict,
  unreachable: EXIT.unreachable,
  'proxy-refused': EXIT.unreachable,
  'session-lost': EXIT.unreachable,
  'session-missing': EXIT.unreachable,
  'untrusted-controller': EXIT.unverified,
  'name-mismatch': EXIT.unverified,
  'trust-refused': EXIT.unverified,
  'admission-unusable': EXIT.unverified,
  'time-unproven': EXIT.unverified,
  'clock-behind': EXIT.unverified,
  'certificate-expired': EXIT.unverified,
  'cloned-image': EXIT.conflict,
}

const BY_STATUS: Readonly<Record<number, number>> = {
  400: EXIT.invalid,
  401: EXIT.signIn,
  403: EXIT.notAllowed,
  404: EXIT.notFound,
  409: EXIT.conflict,
  429: EXIT.unreachable,
  503: EXIT.unreachable,
  504: EXIT.timedOut,
}

export function exitCodeOf({ code, status }: Problem): number {
  return BY_CODE[code] ?? BY_STATUS[status] ?? EXIT.internal
}
