// SPDX-License-Identifier: Apache-2.0
/** Built programs as processes, for the tests that start them. */
import { type ChildProcess, spawn } from 'node:child_process'

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

export interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves with the first match in what it prints; rejects when it ends without one. */
  prints(pattern: RegExp): Promise<RegExpExecArray>
}

/** An environment without anything of this machine's user. */
export type Place = { readonly cwd: string; readonly env?: Readonly<Record<string, string>> }

/** Starts a script on the Node of the tests. */
export function start(script: string, args: readonly string[], { cwd, env = {} }: Place): Started {
  const child = spawn(process.execPath, [script, ...args], { cwd, env: { PATH: '/usr/bin:/bin', HOME: cwd, ...env } })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    stdout += part
  })
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    stderr += part
  })
  const ended = new Promise<Ended>(resolve => child.on('close', code => resolve({ code, stdout, stderr })))
  return {
    child,
    ended,
    prints: pattern =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(stdout)
          if (match !== null) resolve(match)
        }
        child.stdout.on('data', look)
        void ended.then(() => reject(new Error(`it ended and never printed ${pattern}: ${stdout}${stderr}`)))
        look()
      }),
  }
}

/** Runs a script to its end. */
export function finish(script: string, args: readonly string[], place: Place): Promise<Ended> {
  const { child, ended } = start(script, args, place)
  child.stdin?.end()
  return ended
}
