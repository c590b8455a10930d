// SPDX-License-Identifier: Apache-2.0
/** `muster version`. */
import type { Run } from '../grammar.ts'
import { VERSION } from '../version.ts'

export const version: Run = async call => {
  const row = { version: VERSION, node: process.versions.node }
  await call.output.item({ kind: 'Version', name: each => each.version }, row, each => `muster ${each.version}\n`)
  return undefined
}
