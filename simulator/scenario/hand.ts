// SPDX-License-Identifier: Apache-2.0
/** A hand on the controller: ends it and starts it again, by commands of whoever runs the scenario or by its process. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { type Clock, SECOND } from '../../plugins/contract/index.ts'
import { simulatorProblem } from '../problems.ts'

export interface Hand {
  /** The process of the controller; `undefined` when it is not known. */
  pid(): number | undefined
  /** Ends it as a power cut would. */
  crash(): Promise<void>
  /** Ends it in good order. */
  stop(): Promise<void>
  /** Starts it again; resolves when the start has been ordered, not when it is ready. */
  start(): Promise<void>
  /** Ends what this hand itself has started. */
  release(): Promise<void>
}

export type HandOptions = {
  /** Runs the controller in the foreground; this hand starts it and ends it. */
  readonly command?: string
  /** Holds the number of its process, bare or as the member `pid` of a JSON object. */
  readonly pidFile?: string
  /** Shell commands in place of signals. */
  readonly crashCommand?: string
  readonly stopCommand?: string
  readonly startCommand?: string
  readonly clock: Clock
}

const GONE_WITHIN_MS = 30 * SECOND

export function createHand(options: HandOptions): Hand {
  let own: ChildProcess | undefined
  const pid = (): number | undefined => own?.pid ?? pidIn(options.pidFile)
  const end = async (command: string | undefined, signal: NodeJS.Signals): Promise<void> => {
    if (command !== undefined) return run(command)
    const target = pid()
    if (target === undefined) throw needs('--controller, --controller-pid or a command that ends it')
    process.kill(target, signal)
    const deadline = options.clock.monotonic() + GONE_WITHIN_MS
    while (isAlive(target, own)) {
      if (options.clock.monotonic() > deadline)
        throw simulatorProblem('scenario-controller', `process ${target} does not end by ${signal}`)
      await options.clock.sleep(50, new AbortController().signal)
    }
    own = undefined
  }
  const start = async (): Promise<void> => {
    if (options.startCommand !== undefined) return run(options.startCommand)
    if (options.command === undefined) throw needs('--controller or --controller-start')
    // `exec` makes the shell become the program, so that signals reach it.
    own = spawn(`exec ${options.command}`, { shell: true, stdio: ['ignore', 'ignore', 'inherit'] })
    own.on('error', () => undefined)
  }
  return {
    pid,
    crash: () => end(options.crashCommand, 'SIGKILL'),
    stop: () => end(options.stopCommand, 'SIGTERM'),
    start,
    async release() {
      if (own !== undefined && isAlive(own.pid ?? -1, own)) await end(undefined, 'SIGTERM')
    },
  }
}

function needs(what: string): Error {
  return simulatorProblem('scenario-needs', `it ends and starts the controller, so it needs ${what}`)
}

function pidIn(file: string | undefined): number | undefined {
  if (file === undefined) return undefined
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const pid = typeof value === 'object' && value !== null && 'pid' in value ? value.pid : value
    return typeof pid === 'number' && Number.isInteger(pid) && pid > 1 ? pid : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number, own: ChildProcess | undefined): boolean {
  if (own?.pid === pid) return own.exitCode === null && own.signalCode === null
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function run(command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', 'ignore', 'inherit'] })
    child.on('error', reject)
    child.on('exit', code => {
      if (code === 0) resolve()
      else reject(simulatorProblem('scenario-controller', `\`${command.slice(0, 100)}\` ended with ${code}`))
    })
  })
}
