// SPDX-License-Identifier: Apache-2.0
/** Secrets from a file or typed, never from the command line, where everybody on the machine reads them. */
import type { Call } from '../call.ts'
import { problem } from '../problems.ts'

const MAX_BYTES = 1_024

/** The content of `--password-file` without its line end, or what a person types unseen. Throws `usage` where neither is. */
export async function typedSecret(call: Call, question: string): Promise<string> {
  const file = call.options.text('password-file')
  if (file !== undefined) {
    const bytes = file === '-' ? await call.terminal.input.read(MAX_BYTES) : await call.files.read(file, MAX_BYTES)
    return new TextDecoder().decode(bytes).replace(/\r?\n$/, '')
  }
  if (!call.terminal.input.isTerminal) throw problem('usage', 'give the password with --password-file <file>')
  return call.terminal.input.ask(question, { hidden: true, signal: call.signal })
}
