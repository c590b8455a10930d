// SPDX-License-Identifier: Apache-2.0
/** Cursors as clients see them: opaque texts that go with one query only. */
import type { Position } from './keyset.ts'
import { problem } from './problems.ts'

export const MAX_CURSOR_LENGTH = 8_192
const TAG_LENGTH = 12

/** Where a page ended, and how many rows there were in all when the first page was read: counting costs more than a page. */
export type Cursor = { readonly position: Position; readonly total: number }

/** Writes a place in a list down. `digest` is that of everything that says which rows come in which order. */
export function encodeCursor({ position, total }: Cursor, digest: string): string {
  return Buffer.from(JSON.stringify([tagOf(digest), total, ...position])).toString('base64url')
}

/** Throws `cursor-invalid` for what was not made by `encodeCursor` with the same digest. */
export function decodeCursor(cursor: string, digest: string): Cursor {
  const [tag, total, ...position] = partsOf(cursor)
  if (tag !== tagOf(digest) || !isCount(total) || !position.every(isValue)) throw problem('cursor-invalid')
  return { position, total }
}

function partsOf(cursor: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor.slice(0, MAX_CURSOR_LENGTH), 'base64url').toString())
    return Array.isArray(parts) ? parts : []
  } catch {
    return []
  }
}

function tagOf(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, TAG_LENGTH)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isValue(value: unknown): value is Position[number] {
  return value === null || typeof value === 'string' || typeof value === 'number'
}
