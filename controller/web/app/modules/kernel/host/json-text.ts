// SPDX-License-Identifier: Apache-2.0
/** JSON as somebody writes it. Pure. */
import type { Json } from '../../../kit/diff.ts'

/** What a text says, or why it is not JSON. */
export function parsedJson(text: string): { readonly value: Json } | { readonly wrong: string } {
  try {
    return { value: JSON.parse(text) as Json } // what JSON gives
  } catch (thrown) {
    return { wrong: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}

/** A document as it is put before somebody to write on. */
export function written(value: Json | undefined): string {
  return value === undefined || value === null ? '' : JSON.stringify(value, undefined, 2)
}
