// SPDX-License-Identifier: Apache-2.0
/** Secrets that people type or keep in a file; never an argument, which would stay in the history of the shell. */
import type { Call } from './call.ts'
import { problem } from './problems.ts'

const MAX_BYTES = 4_096

export async function askHidden(call: Call, question: string): Promise<string> {
  const { input } = call.terminal
  if (!input.isTerminal) throw problem('usage', 'this is asked for on a terminal only')
  return input.ask(question, { hidden: true, signal: call.signal })
}

/** The first line of the file an option names; without the option, what is typed. */
export async function secretLine(
  call: Call,
  { option, question }: { readonly option: string; readonly question: string },
): Promise<string> {
  const file = call.options.text(option)
  if (file !== undefined)
    return new TextDecoder().decode(await call.files.read(file, MAX_BYTES)).split(/\r?\n/)[0] ?? ''
  if (!call.terminal.input.isTerminal) throw problem('usage', `without a terminal it needs --${option}`)
  return askHidden(call, question)
}
