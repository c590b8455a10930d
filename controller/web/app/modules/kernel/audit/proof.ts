// SPDX-License-Identifier: Apache-2.0
/** One run of a proof in the browser: reads the export as it comes, tells how far it is, and keeps the lines around a flaw. */
import { linesIn } from '../../../../../query/audit-lines.ts'
import { proveExport, type Verdict } from '../../../../../query/audit-proof.ts'
import { browserMeans, unreadable } from './means.ts'

export type Progress = {
  readonly entries: number
  readonly elapsedMs: number
  /** Hash of the last entry that was followed. */
  readonly head: string
  /** Id of the key that signed, as the export names it. */
  readonly kid: string | undefined
}

export type ShownLine = { readonly line: number; readonly text: string }

export type Proof = Progress & { readonly verdict: Verdict; readonly around: readonly ShownLine[] }

export type ProofRun = {
  readonly bytes: ReadableStream<Uint8Array>
  readonly key: Uint8Array<ArrayBuffer>
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

/** Entries a second, in whole hundreds: more would only flicker. */
export function rateOf({ entries, elapsedMs }: Progress): number {
  const rate = (1_000 * entries) / Math.max(1, elapsedMs)
  return rate < 1_000 ? Math.round(rate) : Math.round(rate / 100) * 100
}

/** Lines kept to be shown: more than a batch and what is looked ahead, so that a flaw is among them. */
const KEPT = 1_200
const SHOWN_CHARACTERS = 600
const AROUND = 2
/** How long other things may have to wait for a batch. */
const BREATH_MS = 12

export async function runProof({ bytes, key, signal, onProgress }: ProofRun): Promise<Proof> {
  const began = performance.now()
  const window = new Map<number, string>()
  let breathed = began
  let progress: Progress = { entries: 0, elapsedMs: 0, head: '', kid: undefined }
  const means = await browserMeans(key)
  const verdict = await proveExport(kept(linesIn(chunksOf(bytes, signal), unreadable), window), means, {
    signal,
    onProgress: async ({ entries, head, kid }) => {
      const now = performance.now()
      progress = { entries, head, kid, elapsedMs: now - began }
      if (now - breathed < BREATH_MS) return
      onProgress(progress)
      await new Promise(resolve => setTimeout(resolve, 0))
      breathed = performance.now()
    },
  })
  const at = verdict.flaw?.line
  const around = [...window]
    .filter(([line]) => at !== undefined && Math.abs(line - at) <= AROUND)
    .map(([line, text]) => ({ line, text }))
  return { ...progress, elapsedMs: performance.now() - began, verdict, around }
}

async function* kept(lines: AsyncIterable<string>, window: Map<number, string>): AsyncGenerator<string> {
  let line = 0
  for await (const text of lines) {
    window.set(++line, text.slice(0, SHOWN_CHARACTERS))
    window.delete(line - KEPT)
    yield text
  }
}

/** Not every browser lets a stream be walked over. */
async function* chunksOf(bytes: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = bytes.getReader()
  try {
    for (;;) {
      signal.throwIfAborted()
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    void reader.cancel().catch(() => undefined)
  }
}
