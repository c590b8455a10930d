// SPDX-License-Identifier: Apache-2.0
/** Everything a plugin may touch, built on the machine and narrowed to its manifest. */
import type { ByteStream, Log, Manifest, PluginHost, RunOptions, RunResult } from '../../plugins/contract/index.ts'
import { problem as common, isSegment, SECOND } from '../../plugins/contract/index.ts'
import type { System } from '../system/system.ts'
import { linkedAbort } from './linked.ts'
import { mustConnect, mustRun, narrowFiles } from './permissions.ts'
import { problem } from './problems.ts'
import { createTimers } from './timers.ts'

/** The environment of every program and every plugin process; nothing is inherited. */
export const FIXED_ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
} as const

const RUN_TIMEOUT_MS = 30 * SECOND
const RUN_OUTPUT_BYTES = 1_048_576
const MAX_LABELS = 16

export type Labels = Readonly<Record<string, string>>

/** Where the events of a plugin go. */
export type PluginEvents = {
  onChanged(): void
  onSample(stream: string, value: number, labels: Labels): void
}

export type PluginHostOptions = PluginEvents & {
  readonly manifest: Manifest
  readonly system: System
  readonly log: Log
  /** Timers of `wake` it may have at once. */
  readonly timers: number
  /** Opens streams to the controller, where the plugin runs beside the link. */
  readonly stream?: (id: string) => ByteStream
}

/** A plugin's host with the two valves its owner closes. */
export interface OwnedHost {
  readonly host: PluginHost
  /** Drops the timers and what the plugin still emits; files and programs go on, for the plugin's own stop. */
  quiet(): void
  /** Ends everything: programs are killed, files and programs refuse. */
  close(): void
}

export function createPluginHost({ manifest, system, log, timers, stream, ...events }: PluginHostOptions): OwnedHost {
  const life = new AbortController()
  const wakes = createTimers(system.clock)
  let waking = 0
  const files = narrowFiles(system.files, manifest.permissions)
  let quiet = false

  function changed(): void {
    if (!quiet) events.onChanged()
  }

  function sample(stream: string, value: number, labels: Labels = {}): void {
    if (quiet) return
    if (isReading(stream, value, labels)) events.onSample(stream, value, labels)
    else log.warn('the plugin offered a reading that cannot be kept', { stream: String(stream).slice(0, 64) })
  }

  async function run(file: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
    life.signal.throwIfAborted()
    mustRun(manifest.permissions, file)
    const env = environmentOf(options.env ?? {})
    const linked = linkedAbort(options.signal, life.signal)
    try {
      return await system.processes.run(file, args, {
        signal: linked.signal,
        timeoutMs: options.timeoutMs ?? RUN_TIMEOUT_MS,
        env,
        maxBytes: RUN_OUTPUT_BYTES,
        ...(options.input === undefined ? {} : { input: options.input }),
      })
    } finally {
      linked.unlink()
    }
  }

  function wake(afterMs: number): () => void {
    if (waking >= timers) throw common('unavailable', `a plugin may have ${timers} timers`)
    let counted = true
    const uncount = (): void => {
      if (counted) waking--
      counted = false
    }
    waking++
    const forget = wakes.after(Math.max(0, afterMs), () => {
      uncount()
      changed()
    })
    return () => {
      uncount()
      forget()
    }
  }

  /** Ends with the plugin, at the latest. */
  function owned<S extends ByteStream>(line: S): S {
    const end = (): void => void line.destroy()
    life.signal.addEventListener('abort', end, { once: true })
    line.once('close', () => life.signal.removeEventListener('abort', end))
    return line
  }

  async function connect(address: string, signal: AbortSignal): Promise<ByteStream> {
    life.signal.throwIfAborted()
    const line = await system.network.connect(mustConnect(manifest.permissions, address), signal)
    line.on('error', () => {}) // its close says enough
    return owned(line)
  }

  return {
    host: {
      log,
      now: () => system.clock.now(),
      run,
      connect,
      ...(stream === undefined ? {} : { stream: (id: string) => owned(stream(id)) }),
      files: whileOpen(files, life.signal),
      sample,
      changed,
      wake,
    },
    quiet() {
      quiet = true
      wakes.close()
    },
    close() {
      quiet = true
      wakes.close()
      life.abort(common('unavailable', 'the plugin was stopped'))
    },
  }
}

function environmentOf(given: Labels): Labels {
  const wrong = Object.keys(given).find(
    name => Object.hasOwn(FIXED_ENVIRONMENT, name) || !/^(?!LD_)[A-Za-z_][A-Za-z0-9_]*$/.test(name),
  )
  if (wrong !== undefined) {
    throw problem('not-permitted', 'this variable may not be set', { permission: 'run', variable: wrong.slice(0, 64) })
  }
  return { ...given, ...FIXED_ENVIRONMENT }
}

function isReading(stream: unknown, value: unknown, labels: Labels): boolean {
  if (typeof stream !== 'string' || !isSegment(stream) || !Number.isFinite(value)) return false
  const entries = Object.entries(labels)
  return entries.length <= MAX_LABELS && entries.every(([name, text]) => isLabel(name) && isLabel(text))
}

function isLabel(text: unknown): boolean {
  return typeof text === 'string' && text.length <= 128
}

type FilesOf = PluginHost['files']

function whileOpen(files: FilesOf, signal: AbortSignal): FilesOf {
  async function guarded<T>(act: () => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    return act()
  }
  return {
    read: path => guarded(() => files.read(path)),
    text: path => guarded(() => files.text(path)),
    list: path => guarded(() => files.list(path)),
    link: path => guarded(() => files.link(path)),
    replace: (path, content, mode) => guarded(() => files.replace(path, content, mode)),
    remove: path => guarded(() => files.remove(path)),
  }
}
