// SPDX-License-Identifier: Apache-2.0
/** Lines of an audit export as they are read: never trusted, and never more than what stands there. */
import { canonical } from '../../plugins/contract/canonical.ts'

export type Checkpoint = {
  readonly chain: string
  readonly n: number
  readonly hash: string
  readonly at: string
  readonly kid: string
}

export type Entry = { readonly n: number; readonly chain: string; readonly prev: string; readonly hash: string }

export type Header = {
  readonly chain: string
  readonly installation: string
  readonly after: number
  /** Hash of the entry before the first one of the export. */
  readonly prev: string
}

export type ReadLine =
  | { readonly kind: 'blank' }
  | {
      readonly kind: 'entry'
      readonly entry: Entry
      /** What its hash must be the digest of; none for what has no canonical form: lone surrogates, endless depth. */
      readonly preimage: string | undefined
      /** The text says what was hashed and nothing else; only then does the entry count. */
      readonly isExact: boolean
    }
  | {
      readonly kind: 'seal'
      readonly checkpoint: Checkpoint
      readonly sig: string
      /** The bytes that the signature covers. */
      readonly message: Uint8Array<ArrayBuffer>
    }
  | { readonly kind: 'garbled' }

const GENESIS = '0'

/** What an entry's hash is the digest of. */
export function preimage(prev: string, entryWithoutHash: object): string {
  return `${prev}\n${canonical(entryWithoutHash)}`
}

/** Reads a line after the header. */
export function readLine(text: string): ReadLine {
  if (text === '') return { kind: 'blank' }
  const value = parsed(text)
  const exact = isExact(value, text)
  if (exact && isSealedLine(value)) {
    const message = canonically(() => `muster audit 1\n${canonical(value.checkpoint)}`)
    if (message === undefined) return { kind: 'garbled' }
    const { checkpoint, sig } = value
    return { kind: 'seal', checkpoint, sig, message: new TextEncoder().encode(message) }
  }
  if (!isEntry(value)) return { kind: 'garbled' }
  const { hash: _, ...rest } = value
  return { kind: 'entry', entry: value, preimage: canonically(() => preimage(rest.prev, rest)), isExact: exact }
}

/** Reads the first line. Throws what `unreadable` gives. */
export function headerOf(text: string, unreadable: (why: string) => Error): Header {
  const value = parsed(text)
  const { kind, v, chain, installation, after = 0, prev = GENESIS } = (value ?? {}) as Record<string, unknown> // looked at right here
  if (kind !== 'muster-audit') throw unreadable('the first line is not its header')
  if (v !== 1) throw unreadable(`it is of version ${String(v)}, and this program knows version 1`)
  if (typeof chain !== 'string' || typeof installation !== 'string') throw unreadable('its header is not whole')
  const isWhole = Number.isSafeInteger(after) && (after === 0) === (prev === GENESIS)
  if (typeof after !== 'number' || after < 0 || typeof prev !== 'string' || !isWhole)
    throw unreadable('its header does not say well where it begins')
  return { chain, installation, after, prev }
}

/** Cuts bytes into lines. A line longer than a megabyte is no line of an export: throws what `unreadable` gives. */
export async function* linesIn(
  bytes: AsyncIterable<Uint8Array>,
  unreadable: (why: string) => Error,
): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const part of bytes) {
    const pieces = (rest + decoder.decode(part, { stream: true })).split('\n')
    rest = pieces.pop() ?? ''
    yield* pieces
    if (rest.length > 1_048_576) throw unreadable('a line does not end')
  }
  rest += decoder.decode()
  if (rest !== '') yield rest
}

/** A person who reads the first of two members of one name must see what was hashed, so the text must be exact. */
function isExact(value: unknown, text: string): boolean {
  if (value === undefined) return false
  try {
    return JSON.stringify(value) === text
  } catch {
    // Nested deeper than the stack allows.
    return false
  }
}

function canonically(write: () => string): string | undefined {
  try {
    return write()
  } catch {
    return undefined
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false
  const { n, chain, prev, hash } = value as Partial<Entry> // looked at right here
  return Number.isSafeInteger(n) && [chain, prev, hash].every(each => typeof each === 'string')
}

function isSealedLine(value: unknown): value is { checkpoint: Checkpoint; sig: string } {
  if (typeof value !== 'object' || value === null || !('checkpoint' in value) || !('sig' in value)) return false
  const { chain, n, hash, at, kid } = (value.checkpoint ?? {}) as Partial<Checkpoint> // looked at right here
  return (
    typeof value.sig === 'string' &&
    Number.isSafeInteger(n) &&
    [chain, hash, at, kid].every(each => typeof each === 'string')
  )
}
