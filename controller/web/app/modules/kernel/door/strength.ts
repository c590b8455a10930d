// SPDX-License-Identifier: Apache-2.0
/** How hard a password is to guess, in three grades: by the rule of the controller first, then by length and variety. */
import { weakness } from '../../../../../modules/access/accounts/common.ts'

export type Strength =
  | { readonly grade: 'weak'; readonly why: string }
  | { readonly grade: 'fair' }
  | { readonly grade: 'strong' }

const STRONG_LENGTH = 20
const STRONG_VARIETY = 10

/** `names` are what everybody knows of its owner. What is weak here is refused by the controller, and nothing else. */
export function strengthOf(password: string, names: readonly string[]): Strength {
  const why = weakness(password, [...names, 'muster'])
  if (why !== undefined) return { grade: 'weak', why }
  const isLong = [...password].length >= STRONG_LENGTH
  return isLong && new Set(password.toLowerCase()).size >= STRONG_VARIETY ? { grade: 'strong' } : { grade: 'fair' }
}
