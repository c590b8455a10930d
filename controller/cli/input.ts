// SPDX-License-Identifier: Apache-2.0
/** Documents that people hand in: JSON or YAML, from a file or from standard input. */
import type { Call } from './call.ts'

/** Larger than any document a host accepts, small enough to hold. */
export const MAX_INPUT_BYTES = 1_048_576

/** Reads a document from a path, or from standard input for `-`. Throws `file-unusable` and `input-unreadable`. */
export async function readInput(call: Call, path: string): Promise<unknown> {
  const bytes =
    path === '-' ? await call.terminal.input.read(MAX_INPUT_BYTES) : await call.files.read(path, MAX_INPUT_BYTES)
  const { readYaml } = await import('./render/yaml.ts')
  return readYaml(new TextDecoder().decode(bytes), path === '-' ? 'standard input' : path)
}
