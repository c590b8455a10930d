// SPDX-License-Identifier: Apache-2.0
/** `muster completion`. */
import { SCRIPTS } from '../completion/scripts.ts'
import type { Run } from '../grammar.ts'
import { problem } from '../problems.ts'

export const completion: Run = async call => {
  const [shell = ''] = call.words
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined
  if (script === undefined) throw problem('usage', `completion is for ${Object.keys(SCRIPTS).join(', ')}`)
  await call.output.data(script)
  return undefined
}
