// SPDX-License-Identifier: Apache-2.0
/** Runs the tools of the distributions. */
import { spawn } from 'node:child_process'

export type RunOptions = { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> }

/** Resolves with what the tool printed; rejects with what it complained about. */
export async function run(command: readonly string[], { cwd, env }: RunOptions = {}): Promise<string> {
  const [file = '', ...args] = command
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A tool that speaks another language, or knows another time zone, writes other bytes.
    env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC', ...env },
    ...(cwd === undefined ? {} : { cwd }),
  })
  let said = ''
  let complained = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complained += text
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${complained || said}`)
  return said
}

/** Whether a tool answers at all. */
export async function has(tool: string): Promise<boolean> {
  return run([tool, '--version']).then(
    () => true,
    () => false,
  )
}
