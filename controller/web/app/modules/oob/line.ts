// SPDX-License-Identifier: Apache-2.0
/** Command lines of out-of-band management. */
import { quoted } from '../../acts/act.ts'

export type InProject = { readonly project: string }

/** Where nothing else is said, the command line means this one. */
const UNNAMED = 'default'

export function line(project: string, words: string): string {
  return `muster ${words}${project === UNNAMED ? '' : ` -p ${quoted(project)}`}`
}
