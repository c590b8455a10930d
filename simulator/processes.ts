// SPDX-License-Identifier: Apache-2.0
/** Programs of a simulated host: functions by name, run as the real ones are, with time limits and cut output. */
import type { Processes, ProcessOptions } from '../agent/system/system.ts'
import type { Clock, RunResult } from '../plugins/contract/index.ts'

export type ProgramCall = {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly input: string | undefined
  /** Aborted when the program is killed: by its caller, its time limit or the power. */
  readonly signal: AbortSignal
}

export type Program = (call: ProgramCall) => RunResult | Promise<RunResult>

/** The programs of one host by bare name; tests add, replace and remove. */
export type Programs = Map<string, Program>

export type ProcessesOptions = {
  readonly programs: Programs
  readonly clock: Clock
  /** Aborted when the power goes; every program ends with it. */
  readonly power: AbortSignal
}

export function createProcesses({ programs, clock, power }: ProcessesOptions): Processes {
  return {
    async run(file, args, options) {
      if (power.aborted) return killed('the host is switched off')
      const program = programs.get(file.slice(file.lastIndexOf('/') + 1))
      if (program === undefined) return killed('it could not be started: ENOENT')
      return cut(await supervised(program, args, { ...options, clock, power }), options.maxBytes)
    },
  }
}

/** A program's end. */
export function exited(code: number, stdout = '', stderr = ''): RunResult {
  return { code, stdout, stderr }
}

function killed(why: string): RunResult {
  return exited(-1, '', why)
}

type Supervision = ProcessOptions & { readonly clock: Clock; readonly power: AbortSignal }

function supervised(program: Program, args: readonly string[], options: Supervision): Promise<RunResult> {
  const { clock, power, signal, timeoutMs, env, input } = options
  if (signal.aborted) return Promise.resolve(killed('it was cancelled before it began'))
  const kill = new AbortController()
  return new Promise(resolve => {
    const end = (result: RunResult): void => {
      forgetTimeout()
      signal.removeEventListener('abort', cancelled)
      power.removeEventListener('abort', lost)
      kill.abort()
      resolve(result)
    }
    const cancelled = (): void => end(killed('it was cancelled'))
    const lost = (): void => end(killed('the power went'))
    const forgetTimeout = clock.after(timeoutMs, () => end(killed(`it took longer than ${timeoutMs} ms`)))
    signal.addEventListener('abort', cancelled, { once: true })
    power.addEventListener('abort', lost, { once: true })
    Promise.resolve()
      .then(() => program({ args, env, input, signal: kill.signal }))
      .then(end, thrown => end(killed(thrown instanceof Error ? thrown.message : 'the simulated program failed')))
  })
}

function cut(result: RunResult, maxBytes: number): RunResult {
  if (Buffer.byteLength(result.stdout) <= maxBytes && Buffer.byteLength(result.stderr) <= maxBytes) return result
  const head = (text: string): string => Buffer.from(text).subarray(0, maxBytes).toString()
  return {
    code: -1,
    stdout: head(result.stdout),
    stderr: `${head(result.stderr)}\nit wrote more than ${maxBytes} bytes`,
  }
}
