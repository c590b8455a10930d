// SPDX-License-Identifier: Apache-2.0
/** What rules over whole resources found, told as one problem. */
import { type Finding, problem } from '../../../plugins/contract/index.ts'

/** Throws `invalid` with all findings, in the words of the first; nothing found is nothing thrown. */
export function refuseFindings(findings: readonly Finding[]): void {
  const [first] = findings
  if (first !== undefined) throw problem('invalid', `${first.pointer} ${first.message}`, { findings })
}
