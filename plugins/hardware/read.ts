// SPDX-License-Identifier: Apache-2.0
/** Reads single facts out of /proc and /sys, where any file may be missing or refuse to be read. */
import type { Files } from '../contract/index.ts'

/**
 * Reads a text attribute: trimmed, printable, at most 200 characters; `undefined` when there is none.
 * The kernel answers some attributes with an error (the speed of a link that is down is EINVAL, serial numbers are
 * EACCES without root): one fact less must not cost the report.
 */
export async function fact(files: Files, path: string): Promise<string | undefined> {
  return clean(await whole(files, path))
}

/** Reads a whole text file; `undefined` when it cannot be read. */
export async function whole(files: Files, path: string): Promise<string | undefined> {
  try {
    return await files.text(path)
  } catch {
    return undefined
  }
}

/** Reads a whole binary file; `undefined` when it cannot be read. */
export async function bytes(files: Files, path: string): Promise<Uint8Array | undefined> {
  try {
    return await files.read(path)
  } catch {
    return undefined
  }
}

/** Reads a decimal attribute; `undefined` when it is missing, negative or no number. */
export async function count(files: Files, path: string): Promise<number | undefined> {
  return toCount(await fact(files, path))
}

/** Reads where a link points; `undefined` when it is none. */
export async function target(files: Files, path: string): Promise<string | undefined> {
  try {
    return await files.link(path)
  } catch {
    return undefined
  }
}

/** Lists a folder; empty when it cannot be read. */
export async function names(files: Files, path: string): Promise<readonly string[]> {
  try {
    return await files.list(path)
  } catch {
    return []
  }
}

/** The last segment of the path a link points to. */
export async function targetName(files: Files, path: string): Promise<string | undefined> {
  return clean((await target(files, path))?.split('/').at(-1))
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd]+/g

/** Makes a text of unknown origin fit a report; `undefined` when nothing is left. */
export function clean(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  // Cut first, so that a file of megabytes costs nothing, and mend the pair of surrogates the cut may have split.
  const cut = text.slice(0, 1_000).toWellFormed().replace(UNPRINTABLE, ' ').replace(/ {2,}/g, ' ').trim()
  const short = cut.slice(0, 200).toWellFormed().trim()
  return short === '' ? undefined : short
}

/** Reads a decimal number that JSON can carry; `undefined` for anything else. */
export function toCount(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : undefined
}

/** A record whose members that may be undefined are optional instead. */
export type Present<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>
}

/** Leaves out the members that have no value, so that absent facts are absent in the report. */
export function present<T extends object>(members: T): Present<T> {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined)
  return Object.fromEntries(kept) as Present<T> // what could be undefined has just been removed
}

/** Orders texts as people do: `eth2` before `eth10`; the same on every machine. */
export function byName(a: string, b: string): number {
  return order.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}

const order = new Intl.Collator('en', { numeric: true, sensitivity: 'variant' })
