// SPDX-License-Identifier: Apache-2.0
/** Labels as people type them. */
import type { LabelPair } from './rights.ts'

/** `key=value`; `undefined` for what is none. */
export function readLabel(text: string): LabelPair | undefined {
  const at = text.indexOf('=')
  return at < 1 ? undefined : { key: text.slice(0, at).trim(), value: text.slice(at + 1).trim() }
}

export function labelText({ key, value }: LabelPair): string {
  return `${key}=${value}`
}
