// SPDX-License-Identifier: Apache-2.0
/** Fetches a backup with its progress, and hands it to the browser as a file. */
import { useEffect, useRef, useState } from 'react'
import { openExport } from '../audit/source.ts'

export type Fetching = {
  /** Bytes that are here; `undefined` while the controller still writes the copy. */
  readonly done: number | undefined
  readonly all: number | undefined
}

/** One at a time; leaving ends it. */
export function useBackup(path: string, onDone: () => void) {
  const [fetching, setFetching] = useState<Fetching>()
  const [error, setError] = useState<unknown>()
  const [result, setResult] = useState<number | 'stopped'>()
  const abort = useRef<AbortController>(undefined)
  useEffect(() => () => abort.current?.abort(), [])
  const start = async (): Promise<void> => {
    abort.current = new AbortController()
    const { signal } = abort.current
    setError(undefined)
    setResult(undefined)
    setFetching({ done: undefined, all: undefined })
    try {
      const { body, size, name } = await openExport(path, signal)
      const parts = await gathered(body, done => setFetching({ done, all: size }))
      const blob = new Blob(parts, { type: 'application/octet-stream' })
      if (size !== undefined && blob.size !== size) throw new TypeError(`${blob.size} of ${size} bytes came`)
      save(blob, name ?? 'muster.db')
      setResult(blob.size)
      onDone()
    } catch (thrown) {
      if (signal.aborted) setResult('stopped')
      else setError(thrown)
    }
    setFetching(undefined)
  }
  return { fetching, error, result, start, stop: () => abort.current?.abort() }
}

async function gathered(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onProgress: (done: number) => void,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  const reader = body.getReader()
  for (let done = 0; ; ) {
    const { done: isOver, value } = await reader.read()
    if (isOver) return parts
    parts.push(value)
    done += value.length
    onProgress(done)
  }
}

/** Hands bytes to the browser as a file. */
export function save(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The browser has taken the file by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
