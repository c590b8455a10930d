// SPDX-License-Identifier: Apache-2.0
/** Opens PKCS#12 files in a thread of their own, whose time and memory are limited. This file is also what that thread runs. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import type { Clock } from '../../../../plugins/contract/index.ts'
import type { Secret } from '../../../secrets/secrets.ts'
import type { PfxContent } from './pfx-reader.ts'

/**
 * Opens a file. `undefined`: it is not one, or the password does not open it, or it would take more than a few
 * seconds or megabytes. Rejects with the signal's reason when that is aborted first.
 */
export type PfxReader = (bytes: Uint8Array, password: Secret, signal: AbortSignal) => Promise<PfxContent | undefined>

const MARK = 'muster-pfx'
const TIME_MS = 10_000
const MEMORY = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16, codeRangeSizeMb: 16, stackSizeMb: 2 }
const AT_ONCE = 2
const WAITING = 16

type Task = { readonly mark: typeof MARK; readonly bytes: Uint8Array; readonly password: string }

/** A reader; at most two threads run at once and sixteen requests wait, more are answered like unreadable files. */
export function createPfxReader(clock: Clock): PfxReader {
  let running = 0
  const waiting = new Set<() => void>()
  /** Resolves in possession of a place; `false` when too many wait. */
  const enter = (signal: AbortSignal): Promise<boolean> => {
    if (running < AT_ONCE) {
      running++
      return Promise.resolve(true)
    }
    if (waiting.size >= WAITING) return Promise.resolve(false)
    const { promise, resolve, reject } = Promise.withResolvers<boolean>()
    const called = (): void => resolve(true)
    const aborted = (): void => {
      if (waiting.delete(called)) reject(signal.reason)
    }
    waiting.add(called)
    signal.addEventListener('abort', aborted, { once: true })
    return promise.finally(() => signal.removeEventListener('abort', aborted))
  }
  /** A place goes straight to who waits longest. */
  const leave = (): void => {
    const [next] = waiting
    if (next === undefined) {
      running--
      return
    }
    waiting.delete(next)
    next()
  }
  return async (bytes, password, signal) => {
    signal.throwIfAborted()
    if (!(await enter(signal))) return undefined
    try {
      signal.throwIfAborted()
      return await password.use(text => readInThread(clock, { mark: MARK, bytes, password: text }, signal))
    } finally {
      leave()
    }
  }
}

function readInThread(clock: Clock, task: Task, signal: AbortSignal): Promise<PfxContent | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<PfxContent | undefined>()
  const worker = new Worker(ownScript(), {
    workerData: task,
    resourceLimits: MEMORY,
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
  })
  const aborted = (): void => reject(signal.reason)
  signal.addEventListener('abort', aborted, { once: true })
  const forget = clock.after(TIME_MS, () => resolve(undefined))
  worker.on('message', (content: PfxContent | undefined) => resolve(content))
  // Out of memory, or a fault of the library's: either way the file cannot be read.
  worker.on('error', () => resolve(undefined))
  worker.on('exit', () => resolve(undefined))
  return promise.finally(() => {
    forget()
    signal.removeEventListener('abort', aborted)
    void worker.terminate()
  })
}

/** This very file, or what a bundle ships of it beside itself, under the same name with the bundle's extension. */
function ownScript(): URL {
  const here = import.meta.url
  return new URL(`./pfx-worker${/\.[cm]?[jt]s$/.exec(here)?.[0] ?? '.js'}`, here)
}

function isTask(data: unknown): data is Task {
  return typeof data === 'object' && data !== null && (data as { mark?: unknown }).mark === MARK
}

if (!isMainThread && isTask(workerData)) {
  const { bytes, password } = workerData
  const { readPfx } = await import('./pfx-reader.ts')
  try {
    parentPort?.postMessage(readPfx(bytes, password))
  } catch {
    parentPort?.postMessage(undefined)
  }
}
