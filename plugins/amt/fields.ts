// SPDX-License-Identifier: Apache-2.0
/** Turns whatever `rpc amtinfo` printed into one flat list of fields, the same for every version of it. */
import { readJson } from './json-output.ts'
import { readText } from './text-output.ts'

/** By key: lower-case letters of rpc's name for it, behind `ras.`, `wired.` or `wireless.` for what belongs together. */
export type Fields = ReadonlyMap<string, string>

/** Longer output is cut before it is read. */
const MAX_OUTPUT = 262_144

/**
 * Reads JSON wherever it is (warnings may stand before it, and early versions print it to stderr), and text where there
 * is none. Empty when nothing was recognized. Never throws.
 */
export function readFields(stdout: string, stderr: string): Fields {
  const outputs = [stdout, stderr].map(text => text.slice(0, MAX_OUTPUT))
  for (const read of [readJson, readText]) {
    for (const output of outputs) {
      const fields = read(output)
      if (fields.size > 0) return fields
    }
  }
  return new Map()
}
