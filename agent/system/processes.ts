// SPDX-License-Identifier: Apache-2.0
/** Runs programs on the real machine: by argument vector, bounded in time and output. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { RunResult } from '../../plugins/contract/index.ts'
import type { Processes, ProcessOptions } from './system.ts'

/** How long a program may tidy up after it was told to end. */
const GRACE_MS = 2_000
/** How long output is awaited after the program has ended, should something it started still hold its pipes. */
const DRAIN_MS = 250

/**
 * Makes the programs of this machine. Each runs in a process group of its own, without a shell, in `/`; when it takes too
 * long, says too much or is no longer wanted, its whole group is ended, at first politely.
 */
export function createProcesses(): Processes {
  return { run }
}

async function run(file: string, args: readonly string[], options: ProcessOptions): Promise<RunResult> {
  if (options.signal.aborted) return notStarted('it was cancelled before it began')
  try {
    const env = { ...options.env }
    return await outcomeOf(spawn(file, args, { cwd: '/', env, shell: false, detached: true }), options)
  } catch (thrown) {
    return notStarted(`it could not be started: ${reasonOf(thrown)}`) // an argument with a NUL byte, for one
  }
}

function outcomeOf(child: ChildProcess, { signal, timeoutMs, input, maxBytes }: ProcessOptions): Promise<RunResult> {
  return new Promise(resolve => {
    let ended: string | undefined
    const timers: NodeJS.Timeout[] = []
    const end = (why: string): void => {
      if (ended !== undefined) return
      ended = why
      killGroup(child, 'SIGTERM')
      timers.push(setTimeout(() => killGroup(child, 'SIGKILL'), GRACE_MS))
    }
    const cancel = (): void => end('it was cancelled')
    const stdout = collect(child.stdout, maxBytes, end)
    const stderr = collect(child.stderr, maxBytes, end)
    const finish = (code: number, failure: string | undefined): void => {
      for (const timer of timers) clearTimeout(timer)
      signal.removeEventListener('abort', cancel)
      child.removeAllListeners()
      if (ended !== undefined) killGroup(child, 'SIGKILL') // what ignored the first request
      for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe?.destroy()
      const why = ended ?? failure
      const said = { stdout: stdout(), stderr: stderr() }
      if (why === undefined) resolve({ code, ...said })
      else resolve({ code: -1, ...said, stderr: [said.stderr.trimEnd(), why].filter(Boolean).join('\n') })
    }

    timers.push(setTimeout(() => end(`it took longer than ${timeoutMs} ms`), timeoutMs))
    signal.addEventListener('abort', cancel, { once: true })
    child.once('error', thrown => finish(-1, `it could not be started: ${reasonOf(thrown)}`))
    child.once('close', (code, by) => finish(code ?? -1, killedBy(by)))
    child.once('exit', (code, by) => {
      timers.push(setTimeout(() => finish(code ?? -1, killedBy(by)), ended === undefined ? DRAIN_MS : 0))
    })
    // A program that does not read its input breaks the pipe; its exit code says all there is to say.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}

/** Keeps at most `maxBytes` of a stream and ends the program at the first byte more. */
function collect(stream: ChildProcess['stdout'], maxBytes: number, end: (why: string) => void): () => string {
  const chunks: Buffer[] = []
  let room = maxBytes
  stream?.on('data', (chunk: Buffer) => {
    if (room > 0) chunks.push(chunk.subarray(0, room))
    room -= chunk.length
    if (room < 0) end(`it wrote more than ${maxBytes} bytes`)
  })
  stream?.on('error', () => undefined)
  return () => Buffer.concat(chunks).toString('utf8')
}

function killGroup({ pid }: ChildProcess, how: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, how)
  } catch {
    // nobody is left in the group
  }
}

function killedBy(by: NodeJS.Signals | null): string | undefined {
  return by === null ? undefined : `it was ended by ${by}`
}

function notStarted(why: string): RunResult {
  return { code: -1, stdout: '', stderr: why }
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'unknown reason'
  return 'code' in thrown ? String(thrown.code) : thrown.message
}
