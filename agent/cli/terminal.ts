// SPDX-License-Identifier: Apache-2.0
/** Where a command writes, and what it reads from people. */

export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** All of standard input, at most 4 KB. */
  input(): Promise<string>
  /** Asks a person a question that yes or no answers; absent when nobody sits there. */
  readonly ask?: (question: string) => Promise<boolean>
}

const MAX_INPUT = 4_096

async function ask(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim())
  } finally {
    lines.close()
  }
}

export const standardTerminal: Terminal = {
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
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
