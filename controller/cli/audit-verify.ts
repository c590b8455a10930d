// SPDX-License-Identifier: Apache-2.0
/**
 * Verifies an audit export with nothing but the public key.
 *
 * An export is NDJSON. Its first line is `{"kind":"muster-audit","v":1,"chain":"<name>","installation":"<id>"}`; one that
 * begins later has `after`, the number of the last entry left out, and `prev`, its hash, too.
 * Entries follow, numbered from 1 or from after that: `{n, at, chain, principal{id,kind,via,address?}, action, target, outcome, reason?,
 * request?, detail?, prev, hash}` where `hash` is base64url(SHA-256(prev, line feed, RFC 8785 form of the entry without
 * `hash`)) and `prev` is the hash of the entry before, `"0"` for the first. Anywhere after the header stand checkpoints,
 * `{"checkpoint":{chain,n,hash,at,kid},"sig":"…"}`: `sig` is Ed25519 (RFC 8032) over `muster audit 1`, line feed, RFC 8785
 * form of `checkpoint`, in base64url.
 *
 * What a key cannot prove is said aloud: entries after the last checkpoint can be cut off unnoticed.
 */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { canonical } from '../../plugins/contract/canonical.ts'
import { problem } from './problems.ts'

export type Checkpoint = {
  readonly chain: string
  readonly n: number
  readonly hash: string
  readonly at: string
  readonly kid: string
}

type Entry = { readonly n: number; readonly chain: string; readonly prev: string; readonly hash: string }

/** The first thing that is not as it was written. `n` is the number of the entry, `line` where it stands. */
export type Flaw = {
  readonly kind:
    | 'changed'
    | 'missing'
    | 'swapped'
    | 'repeated'
    | 'detached'
    | 'foreign'
    | 'forged'
    | 'rewritten'
    | 'cut'
    | 'garbled'
  readonly n: number
  readonly line: number
  readonly says: string
}

export type Verdict = {
  readonly chain: string
  readonly installation: string
  readonly entries: number
  readonly checkpoints: number
  /** Number and time of the last entry a valid signature covers; 0 when none does. */
  readonly signedUpTo: number
  readonly signedAt: string | undefined
  readonly flaw: Flaw | undefined
}

const GENESIS = '0'
/** How far ahead a missing entry is looked for before it counts as gone. */
const LOOKAHEAD = 64

/** Reads an Ed25519 public key: PEM (SPKI), or its 32 bytes in base64url. Throws `input-unreadable`. */
export function readAuditKey(text: string): KeyObject {
  const trimmed = text.trim()
  try {
    const key = /^[A-Za-z0-9_-]{43}$/.test(trimmed)
      ? createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: trimmed }, format: 'jwk' })
      : createPublicKey(trimmed)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Said below, for every reason alike.
  }
  throw problem('input-unreadable', 'the key is neither an Ed25519 public key in PEM nor 43 characters of base64url')
}

/** The hash of an entry as the chain has it. */
export function entryHash(prev: string, entryWithoutHash: object): string {
  return createHash('sha256')
    .update(`${prev}\n${canonical(entryWithoutHash)}`)
    .digest('base64url')
}

/** Tells whether one of the keys signed a checkpoint. */
export function isSigned(checkpoint: Checkpoint, sig: string, keys: readonly KeyObject[]): boolean {
  const bytes = new TextEncoder().encode(`muster audit 1\n${canonical(checkpoint)}`)
  const signature = Buffer.from(sig, 'base64url')
  // The last character has bits to spare; only one spelling of a signature is accepted (RFC 4648 §3.5).
  if (signature.toString('base64url') !== sig) return false
  return keys.some(key => verify(undefined, bytes, key, signature))
}

/**
 * Verifies the lines of one export. Reads each line once, keeps one hash per entry.
 * Throws `audit-unreadable` when the first line is not the header of an export.
 */
export async function verifyExport(lines: AsyncIterable<string>, keys: readonly KeyObject[]): Promise<Verdict> {
  const chain = new ChainReader(keys)
  for await (const line of lines) {
    chain.take(line)
    if (chain.isBroken) break
  }
  return chain.verdict()
}

/** Follows one chain line by line and remembers the first flaw. */
class ChainReader {
  readonly #keys: readonly KeyObject[]
  readonly #hashes: string[] = []
  readonly #sealed: { readonly checkpoint: Checkpoint; readonly line: number }[] = []
  #header: Header | undefined
  #line = 0
  #flaw: Flaw | undefined
  /** Set when an entry is not there: the lines after decide between missing and swapped. */
  #gap: { readonly expected: number; readonly line: number; readonly found: number; seen: number } | undefined

  constructor(keys: readonly KeyObject[]) {
    this.#keys = keys
  }

  get isBroken(): boolean {
    return this.#flaw !== undefined
  }

  take(text: string): void {
    this.#line++
    if (this.#header === undefined) this.#header = headerOf(text)
    else if (text !== '') this.#flaw = this.#judge(text)
  }

  verdict(): Verdict {
    if (this.#header === undefined) throw problem('audit-unreadable', 'it is empty')
    const flaw = this.#flaw ?? this.#closeGap(undefined) ?? this.#judgeCheckpoints()
    const { chain, installation } = this.#header
    const valid = this.#sealed.map(each => each.checkpoint).filter(each => this.#agrees(each))
    const last = valid.sort((a, b) => a.n - b.n).at(-1)
    return {
      chain,
      installation,
      entries: this.#hashes.length,
      checkpoints: this.#sealed.length,
      signedUpTo: last?.n ?? 0,
      signedAt: last?.at,
      flaw,
    }
  }

  #judge(text: string): Flaw | undefined {
    const value = parsed(text)
    if (this.#gap !== undefined) return this.#lookAhead(value)
    if (isExact(value, text)) {
      if (isSealedLine(value)) return this.#judgeSeal(value.checkpoint, value.sig)
      if (isEntry(value)) return this.#judgeEntry(value)
    }
    return this.#flawAt(this.#next, 'garbled', 'the line is not one that an export has')
  }

  #judgeEntry(entry: Entry): Flaw | undefined {
    const expected = this.#next
    const { chain, n, prev, hash } = entry
    if (chain !== this.#header?.chain) return this.#flawAt(expected, 'foreign', `it belongs to the chain ${chain}`)
    if (n > expected) {
      this.#gap = { expected, line: this.#line, found: n, seen: 0 }
      return undefined
    }
    if (n < expected) return this.#flawAt(n, 'repeated', `entry ${n} stands there a second time`)
    if (hashOf(entry) !== hash) return this.#flawAt(n, 'changed', 'its content does not fit its hash')
    if (prev !== (this.#hashes.at(-1) ?? this.#header.prev)) {
      return this.#flawAt(n, 'detached', `it does not continue entry ${n - 1}: one of them was replaced`)
    }
    this.#hashes.push(hash)
    return undefined
  }

  #judgeSeal(checkpoint: Checkpoint, sig: string): Flaw | undefined {
    const { chain, n, kid } = checkpoint
    if (chain !== this.#header?.chain) return this.#flawAt(n, 'foreign', `the checkpoint belongs to the chain ${chain}`)
    if (!isSigned(checkpoint, sig, this.#keys)) {
      return this.#flawAt(n, 'forged', `the checkpoint of entry ${n} (key ${kid}) is not signed by the given key`)
    }
    this.#sealed.push({ checkpoint, line: this.#line })
    return undefined
  }

  #lookAhead(value: unknown): Flaw | undefined {
    const gap = this.#gap
    if (gap === undefined || !isEntry(value)) return undefined
    gap.seen++
    return value.n === gap.expected || gap.seen >= LOOKAHEAD ? this.#closeGap(value.n) : undefined
  }

  /** An entry that comes later was moved; one that never comes was taken out. */
  #closeGap(last: number | undefined): Flaw | undefined {
    const gap = this.#gap
    if (gap === undefined) return undefined
    const { expected, found, line } = gap
    if (last === expected) return { kind: 'swapped', n: expected, line, says: `entry ${found} stands before it` }
    const says =
      found - 1 === expected ? `entry ${expected} is missing` : `entries ${expected} to ${found - 1} are missing`
    return { kind: 'missing', n: expected, line, says }
  }

  #judgeCheckpoints(): Flaw | undefined {
    const count = this.#next - 1
    let sure = this.#after
    for (const { checkpoint, line } of [...this.#sealed].sort((a, b) => a.checkpoint.n - b.checkpoint.n)) {
      const { n } = checkpoint
      if (n > count) {
        const says = `a checkpoint covers ${n} entries, and only ${count} are there`
        return { kind: 'cut', n: count + 1, line, says }
      }
      if (!this.#agrees(checkpoint)) {
        const says = `entries ${sure + 1} to ${n} are not the ones that were signed`
        return { kind: 'rewritten', n: sure + 1, line, says }
      }
      sure = n
    }
    return undefined
  }

  #agrees({ n, hash }: Checkpoint): boolean {
    const at = n - this.#after - 1
    return at >= 0 && this.#hashes[at] === hash
  }

  /** Number of the last entry that the export leaves out. */
  get #after(): number {
    return this.#header?.after ?? 0
  }

  /** Number of the entry that must come next. */
  get #next(): number {
    return this.#after + this.#hashes.length + 1
  }

  #flawAt(n: number, kind: Flaw['kind'], says: string): Flaw {
    return { kind, n, line: this.#line, says }
  }
}

type Header = {
  readonly chain: string
  readonly installation: string
  readonly after: number
  /** Hash of the entry before the first one of the export. */
  readonly prev: string
}

function headerOf(text: string): Header {
  const value = parsed(text)
  const { kind, v, chain, installation, after = 0, prev = GENESIS } = (value ?? {}) as Record<string, unknown> // looked at right here
  if (kind !== 'muster-audit') throw problem('audit-unreadable', 'the first line is not its header')
  if (v !== 1) throw problem('audit-unreadable', `it is of version ${String(v)}, and this program knows version 1`)
  if (typeof chain !== 'string' || typeof installation !== 'string')
    throw problem('audit-unreadable', 'its header is not whole')
  const isWhole = Number.isSafeInteger(after) && (after === 0) === (prev === GENESIS)
  if (typeof after !== 'number' || after < 0 || typeof prev !== 'string' || !isWhole)
    throw problem('audit-unreadable', 'its header does not say well where it begins')
  return { chain, installation, after, prev }
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

/** `undefined` for what has no canonical form: lone surrogates, endless depth. */
function hashOf({ hash: _, ...rest }: Entry): string | undefined {
  try {
    return entryHash(rest.prev, rest)
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

/** Cuts bytes into lines. A line longer than a megabyte is no line of an export: throws `audit-unreadable`. */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const part of bytes) {
    const pieces = (rest + decoder.decode(part, { stream: true })).split('\n')
    rest = pieces.pop() ?? ''
    yield* pieces
    if (rest.length > 1_048_576) throw problem('audit-unreadable', 'a line does not end')
  }
  rest += decoder.decode()
  if (rest !== '') yield rest
}
