// SPDX-License-Identifier: Apache-2.0
/**
 * Proves an audit export, line by line: what the command line and the dashboard share. It computes nothing of its own;
 * digests and signatures are asked of whoever calls, because the two have different means for them.
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
import { type Checkpoint, type Entry, type Header, headerOf, type ReadLine, readLine } from './audit-lines.ts'

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
  /** Number of the last entry that an export which begins later leaves out. */
  readonly after: number | undefined
  readonly checkpoints: number
  /** Number and time of the last entry a valid signature covers; 0 when none does. */
  readonly signedUpTo: number
  readonly signedAt: string | undefined
  readonly flaw: Flaw | undefined
}

/** How digests and signatures are computed. */
export type Means = {
  /** SHA-256 of each text in UTF-8, in base64url. Called with many at once, so that they may run side by side. */
  digests(texts: readonly string[]): readonly string[] | Promise<readonly string[]>
  /** Whether a trusted key signed the message (Ed25519); `sig` is base64url as it stands in the export. */
  isSigned(message: Uint8Array<ArrayBuffer>, sig: string): boolean | Promise<boolean>
  /** What is thrown when the lines are no export at all. */
  unreadable(why: string): Error
}

/** How far it has come: entries that hang together, the hash of the last, and the key that signed last. */
export type Proved = { readonly entries: number; readonly head: string; readonly kid: string | undefined }

export type Proving = {
  /** Told after each batch; a promise is awaited before the next, so that others may run. */
  readonly onProgress?: (proved: Proved) => void | Promise<void>
  readonly signal?: AbortSignal
}

/** How far ahead a missing entry is looked for before it counts as gone. */
const LOOKAHEAD = 64
/** Lines whose digests are asked for together. */
const BATCH = 512

/**
 * Proves the lines of one export. Reads each line once, keeps one hash per entry, and stops at the first flaw.
 * Throws what `means.unreadable` gives when the first line is not the header of an export; rejects when aborted.
 */
export async function proveExport(
  lines: AsyncIterable<string>,
  means: Means,
  { onProgress, signal }: Proving = {},
): Promise<Verdict> {
  const chain = new ChainReader(means)
  const judge = async (batch: readonly string[]): Promise<void> => {
    signal?.throwIfAborted()
    await chain.take(batch)
    await onProgress?.(chain.progress)
  }
  let batch: string[] = []
  for await (const line of lines) {
    batch.push(line)
    if (batch.length < BATCH) continue
    await judge(batch)
    batch = []
    if (chain.isBroken) break
  }
  if (!chain.isBroken) await judge(batch)
  return chain.verdict()
}

/** Follows one chain line by line and remembers the first flaw. */
class ChainReader {
  readonly #means: Means
  readonly #hashes: string[] = []
  readonly #sealed: { readonly checkpoint: Checkpoint; readonly line: number }[] = []
  #header: Header | undefined
  #line = 0
  #flaw: Flaw | undefined
  /** Set when an entry is not there: the lines after decide between missing and swapped. */
  #gap: { readonly expected: number; readonly line: number; readonly found: number; seen: number } | undefined

  constructor(means: Means) {
    this.#means = means
  }

  get isBroken(): boolean {
    return this.#flaw !== undefined
  }

  get progress(): Proved {
    const kid = this.#sealed.at(-1)?.checkpoint.kid
    return { entries: this.#hashes.length, head: this.#hashes.at(-1) ?? '', kid }
  }

  async take(texts: readonly string[]): Promise<void> {
    const [first, ...rest] = texts
    const isHead = this.#header === undefined && first !== undefined
    if (isHead) this.#header = headerOf(first, this.#means.unreadable)
    if (isHead) this.#line++
    const read = (isHead ? rest : texts).map(readLine)
    const hashed = read.filter(line => line.kind === 'entry').filter(line => line.preimage !== undefined)
    const digests = await this.#means.digests(hashed.map(line => line.preimage ?? ''))
    const computed = new Map<ReadLine, string | undefined>(hashed.map((line, at) => [line, digests[at]]))
    for (const line of read) {
      this.#line++
      this.#flaw = await this.#judge(line, computed.get(line))
      if (this.#flaw !== undefined) return
    }
  }

  verdict(): Verdict {
    if (this.#header === undefined) throw this.#means.unreadable('it is empty')
    const flaw = this.#flaw ?? this.#closeGap(undefined) ?? this.#judgeCheckpoints()
    const { chain, installation } = this.#header
    const valid = this.#sealed.map(each => each.checkpoint).filter(each => this.#agrees(each))
    const last = valid.sort((a, b) => a.n - b.n).at(-1)
    return {
      chain,
      installation,
      entries: this.#hashes.length,
      after: this.#header.after === 0 ? undefined : this.#header.after,
      checkpoints: this.#sealed.length,
      signedUpTo: last?.n ?? 0,
      signedAt: last?.at,
      flaw,
    }
  }

  async #judge(line: ReadLine, hash: string | undefined): Promise<Flaw | undefined> {
    if (line.kind === 'blank') return undefined
    if (this.#gap !== undefined) return this.#lookAhead(line)
    if (line.kind === 'seal') return this.#judgeSeal(line)
    if (line.kind === 'entry' && line.isExact) return this.#judgeEntry(line.entry, hash)
    return this.#flawAt(this.#next, 'garbled', 'the line is not one that an export has')
  }

  #judgeEntry({ chain, n, prev, hash }: Entry, computed: string | undefined): Flaw | undefined {
    const expected = this.#next
    if (chain !== this.#header?.chain) return this.#flawAt(expected, 'foreign', `it belongs to the chain ${chain}`)
    if (n > expected) {
      this.#gap = { expected, line: this.#line, found: n, seen: 0 }
      return undefined
    }
    if (n < expected) return this.#flawAt(n, 'repeated', `entry ${n} stands there a second time`)
    if (computed === undefined || computed !== hash)
      return this.#flawAt(n, 'changed', 'its content does not fit its hash')
    if (prev !== (this.#hashes.at(-1) ?? this.#header.prev)) {
      return this.#flawAt(n, 'detached', `it does not continue entry ${n - 1}: one of them was replaced`)
    }
    this.#hashes.push(hash)
    return undefined
  }

  async #judgeSeal({ checkpoint, message, sig }: ReadLine & { kind: 'seal' }): Promise<Flaw | undefined> {
    const { chain, n, kid } = checkpoint
    if (chain !== this.#header?.chain) return this.#flawAt(n, 'foreign', `the checkpoint belongs to the chain ${chain}`)
    if (!(await this.#means.isSigned(message, sig))) {
      return this.#flawAt(n, 'forged', `the checkpoint of entry ${n} (key ${kid}) is not signed by the given key`)
    }
    this.#sealed.push({ checkpoint, line: this.#line })
    return undefined
  }

  #lookAhead(line: ReadLine): Flaw | undefined {
    const gap = this.#gap
    if (gap === undefined || line.kind !== 'entry') return undefined
    gap.seen++
    return line.entry.n === gap.expected || gap.seen >= LOOKAHEAD ? this.#closeGap(line.entry.n) : undefined
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
