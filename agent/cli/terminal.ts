// SPDX-License-Identifier: Apache-2.0
/** Where a command writes, and what it reads from people. */

export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** All of standard input, at most 4 KB. */
  input(): Promise<string>
}

const MAX_INPUT = 4_096

export const standardTerminal: Terminal = {
  out: text => void process.stdout.write(text),
  err: text => void process.stderr.write(text),
  input: async () => {
    let text = ''
    for await (const part of process.stdin.setEncoding('utf8')) {
      text += part
      if (text.length > MAX_INPUT) break
    }
    return text
  },
}
