// SPDX-License-Identifier: Apache-2.0
/** The lab's programs: each a process of its own, started, watched and stopped in order. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'

export type Program = {
  readonly name: string
  readonly args: readonly string[]
  readonly logFile: string
  readonly env?: Readonly<Record<string, string>>
}

export interface Running {
  readonly name: string
  readonly pid: number
  /** What to type to start it again by hand. */
  readonly command: string
  /** Resolves with the exit code when it ends, asked or not. */
  readonly ended: Promise<number>
  /** Asks it to stop, and insists after ten seconds. */
  stop(): Promise<void>
}

const PATIENCE_MS = 10_000
/** Keeps the heap from growing over the garbage of a rush hour; services should run with it too. */
const LEAN = ['--max-semi-space-size=2']

/** Starts one of our programs on the Node this one runs on; what it prints goes to its log. */
export function start({ name, args, logFile, env = {} }: Program): Running {
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 })
  // A group of its own, so that Ctrl-C reaches the lab first and the lab stops its programs in order.
  const child = spawn(process.execPath, [...LEAN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, MALLOC_ARENA_MAX: '1', ...env },
  })
  child.stdout.pipe(log)
  child.stderr.pipe(log)
  const ended = endOf(child)
  return {
    name,
    pid: child.pid ?? -1,
    command: ['npx', 'node', ...args].join(' '),
    ended,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const insist = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
      await ended
      clearTimeout(insist)
    },
  }
}

export type Finished = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** Runs one of our programs to its end. */
export async function finish(
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly input?: string } = {},
): Promise<Finished> {
  const child = spawn(process.execPath, [...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    stdout += part
  })
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    stderr += part
  })
  child.stdin.end(options.input ?? '')
  return { code: await endOf(child), stdout, stderr }
}

function endOf(child: ChildProcess): Promise<number> {
  return new Promise(resolve => {
    child.once('error', () => resolve(1))
    child.once('close', code => resolve(code ?? 1))
  })
}
