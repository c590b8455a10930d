// SPDX-License-Identifier: Apache-2.0
/** Names under which the secrets of devices and profiles are kept, and how new ones are made. */
import type { RandomBytes } from '../../../../plugins/contract/index.ts'
import { Secret, type SecretName } from '../../../secrets/secrets.ts'

export const DEVICE_SECRETS = ['amt-admin', 'amt-mebx', 'amt-cira', 'amt-tls-key'] as const
export type DeviceSecret = (typeof DEVICE_SECRETS)[number]

/**
 * `amt-admin`: the password of the firmware's user `admin`. `amt-mebx`: of its setup screen. `amt-cira`: what it logs in
 * to the tunnel with. `amt-tls-key`: the key of a certificate that was made for it here.
 */
export function deviceSecret(project: string, guid: string, kind: DeviceSecret): SecretName {
  return { project, kind, owner: guid }
}

/** Secrets of the records people keep: `profile-amt`, `profile-mebx`, `domain-pfx`, `domain-pfx-password`, … */
export function recordSecret(project: string, kind: string, name: string): SecretName {
  return { project, kind, owner: name.toLowerCase() }
}

const UPPER = 'ABCDEFGHJKLMNPQRSTUVWXYZ'
const LOWER = 'abcdefghijkmnpqrstuvwxyz'
const DIGITS = '23456789'
const SIGNS = '!#$%*()'
const ALL = UPPER + LOWER + DIGITS + SIGNS

/**
 * A password that AMT takes (8–32 characters, one of each kind) and that builders without escaping cannot break: 20
 * characters without look-alikes and without `& < > " ' :`.
 */
export function newPassword(random: RandomBytes): Secret {
  for (;;) {
    const text = Array.from({ length: 20 }, () => ALL.charAt(below(random, ALL.length))).join('')
    if ([UPPER, LOWER, DIGITS, '!#$%*'].every(kind => [...text].some(each => kind.includes(each))))
      return Secret.of(text)
  }
}

/** Without bias: values beyond the last whole multiple are drawn again. */
function below(random: RandomBytes, limit: number): number {
  const fair = 256 - (256 % limit)
  for (;;) {
    const [value = 0] = random(1)
    if (value < fair) return value % limit
  }
}
