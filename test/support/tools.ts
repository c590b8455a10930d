// SPDX-License-Identifier: Apache-2.0
/** Programs of the system that tests call, and which of them are not here. */
import { spawnSync } from 'node:child_process'

/** Those of a list that this machine has not; tests print them as their reason to skip. */
export function missingTools(tools: readonly string[]): readonly string[] {
  return tools.filter(tool => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0)
}
