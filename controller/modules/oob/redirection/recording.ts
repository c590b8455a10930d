// SPDX-License-Identifier: Apache-2.0
/** Recordings: timed lines in chunks, each chained to the one before, so that a changed, removed or swapped one shows. */
import { type Clock, canonical, SECOND } from '../../../../plugins/contract/index.ts'
import type { Digest } from '../../../kernel/ports.ts'
import { problem } from './problems.ts'

export type RecordingAbout = {
  readonly id: string
  readonly project: string
  readonly device: string
  /** `asciicast`: version 2, NDJSON. `frames`: NDJSON `[seconds, "o" | "i", base64]` after a header line. */
  readonly format: 'asciicast' | 'frames'
}

/** `hash` is SHA-256 over the hash before (the digest of the description for the first), a line end, and the text; base64url. */
export type RecordingChunk = { readonly n: number; readonly prev: string; readonly hash: string; readonly text: string }

/** Keeps recordings somewhere; bounded. */
export interface RecordingSink {
  /** Rejects with `recording-failed` when there is no room. */
  open(about: RecordingAbout): Promise<RecordingFile>
}

export interface RecordingFile {
  /** Resolves when it is kept; rejects with `recording-failed`. Chunks come in order, one at a time. */
  append(chunk: RecordingChunk): Promise<void>
  close(): Promise<void>
}

/** Where a recording in the making is in its chain. */
export type RecordingEnd = { readonly chunks: number; readonly hash: string }

export interface Recorder {
  /** `o`: what came from the host. `i`: what was sent to it. */
  add(kind: 'o' | 'i', data: Uint8Array): void
  /** Resolves when so little waits to be kept that the session may go on; rejects when nothing can be kept. */
  room(): Promise<void>
  readonly full: boolean
  /** Writes what is left. Idempotent. */
  close(): Promise<RecordingEnd>
}

const CHUNK_BYTES = 65_536
const CHUNK_MS = 2 * SECOND
const MAX_WAITING = 4 * CHUNK_BYTES
/** A store that takes longer for one chunk counts as down. */
const GIVE_UP_MS = 30 * SECOND

export type RecorderParts = {
  readonly sink: RecordingSink
  readonly about: RecordingAbout
  readonly clock: Clock
  readonly digest: Digest
  /** Turns bytes into text of the format; text of a terminal, or base64. */
  readonly text: (data: Uint8Array) => string
  /** Told once, when a chunk could not be kept. */
  readonly failed: (thrown: unknown) => void
}

/** Rejects when the sink does not take it. */
export async function startRecorder(parts: RecorderParts): Promise<Recorder> {
  const { sink, about, clock, digest, text } = parts
  const file = await within(clock, sink.open(about))
  const from = clock.monotonic()
  let hash = firstHash(about, digest)
  let chunks = 0
  let lines = `${JSON.stringify(headerOf(about, clock))}\n`
  let waiting = 0
  let broken: { readonly thrown: unknown } | undefined
  let writing: Promise<void> = Promise.resolve()
  /** Cancels the writing that is due; missing while none is. */
  let forget: (() => void) | undefined
  let ending: Promise<RecordingEnd> | undefined

  const flush = (): void => {
    forget?.()
    forget = undefined
    if (lines === '' || broken !== undefined) return
    const chunk = chain({ n: chunks++, prev: hash, text: lines }, digest)
    hash = chunk.hash
    waiting += lines.length
    lines = ''
    writing = writing.then(async () => {
      if (broken !== undefined) return
      try {
        await within(clock, file.append(chunk))
        waiting -= chunk.text.length
      } catch (thrown) {
        broken = { thrown }
        parts.failed(thrown)
      }
    })
  }
  return {
    add: (kind, data) => {
      forget ??= clock.after(CHUNK_MS, flush)
      const seconds = Math.round(clock.monotonic() - from) / 1_000
      lines += `${JSON.stringify([seconds, kind, text(data)])}\n`
      if (lines.length >= CHUNK_BYTES) flush()
    },
    get full() {
      return waiting > MAX_WAITING
    },
    room: async () => {
      while (waiting > MAX_WAITING && broken === undefined) await writing
      if (broken !== undefined) throw broken.thrown
    },
    close: () => {
      ending ??= (async () => {
        flush()
        await writing
        await file.close().catch(() => undefined)
        return { chunks, hash }
      })()
      return ending
    },
  }
}

async function within<T>(clock: Clock, act: Promise<T>): Promise<T> {
  let forget = (): void => {}
  const late = new Promise<never>((_, reject) => {
    forget = clock.after(GIVE_UP_MS, () => reject(new Error('the store of recordings does not answer')))
  })
  try {
    return await Promise.race([act, late])
  } finally {
    forget()
  }
}

function headerOf({ format, id, device }: RecordingAbout, clock: Clock): object {
  const timestamp = Math.floor(clock.now() / SECOND)
  if (format === 'frames') return { kind: 'muster-frames', v: 1, id, device, timestamp }
  return { version: 2, width: 80, height: 25, timestamp, title: `${device} serial over LAN` }
}

function firstHash(about: RecordingAbout, digest: Digest): string {
  return digest(canonical(about))
}

function chain(link: Omit<RecordingChunk, 'hash'>, digest: Digest): RecordingChunk {
  return { ...link, hash: digest(`${link.prev}\n${link.text}`) }
}

/** The number of the first chunk that does not fit, or `undefined` when the recording is the one that ended in this hash. */
export function firstBroken(
  about: RecordingAbout,
  chunks: readonly RecordingChunk[],
  { end, digest }: { readonly end: RecordingEnd; readonly digest: Digest },
): number | undefined {
  let prev = firstHash(about, digest)
  for (const [at, { n, text, ...link }] of chunks.entries()) {
    if (n !== at || link.prev !== prev || digest(`${prev}\n${text}`) !== link.hash) return at
    prev = link.hash
  }
  return chunks.length === end.chunks && prev === end.hash ? undefined : chunks.length
}

export type MemoryRecording = { readonly about: RecordingAbout; readonly chunks: RecordingChunk[]; closed: boolean }

/** Keeps recordings in memory, up to a number of characters in all. */
export function createMemoryRecordings(
  limit = 16_777_216,
): RecordingSink & { readonly kept: readonly MemoryRecording[] } {
  const kept: MemoryRecording[] = []
  let size = 0
  return {
    kept,
    open: async about => {
      const recording: MemoryRecording = { about, chunks: [], closed: false }
      kept.push(recording)
      return {
        append: async chunk => {
          if (size + chunk.text.length > limit) throw problem('recording-failed', 'the store is full')
          size += chunk.text.length
          recording.chunks.push(chunk)
        },
        close: async () => {
          recording.closed = true
        },
      }
    },
  }
}
