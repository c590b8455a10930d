// SPDX-License-Identifier: Apache-2.0
/** How far many acts are: one line repainted on a terminal, one line per tenth elsewhere. */
import type { Call } from './call.ts'

export interface Progress {
  /** One more is done. */
  step(failed: boolean): void
  /** Leaves the terminal clean. */
  end(): void
}

/** Below this many, the result itself is soon enough. */
const LEAST = 5

export function createProgress(call: Call, total: number, doing: string): Progress {
  const { error } = call.terminal
  if (total < LEAST || call.options.has('quiet')) return { step: () => {}, end: () => {} }
  let done = 0
  let failures = 0
  let tenth = 0
  const line = (): string => `${doing} ${done}/${total}${failures === 0 ? '' : `, ${failures} failed`}`
  const repaints = error.isTerminal && call.terminal.env.TERM !== 'dumb'
  return {
    step: failed => {
      done++
      if (failed) failures++
      if (repaints) return void error.write(`\r\u001b[K${line()}`)
      const reached = Math.floor((done * 10) / total)
      if (reached === tenth) return
      tenth = reached
      void error.write(`${line()}\n`)
    },
    end: () => {
      if (repaints) void error.write('\r\u001b[K')
    },
  }
}
