// SPDX-License-Identifier: Apache-2.0
/** The command line in a test: its real code, files, sockets and clock, on a terminal that the test owns. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sink, Surroundings } from '../../controller/cli/ports.ts'
import { run } from '../../controller/cli/run.ts'
import { clock } from '../../controller/cli/system/clock.ts'
import { files } from '../../controller/cli/system/files.ts'
import { sockets } from '../../controller/cli/system/sockets.ts'
import { wire } from '../../controller/cli/system/wire.ts'

export type Typed = {
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Standard input, when it is no terminal. */
  readonly input?: string
  /** Columns of the terminal; without it nothing is one. */
  readonly columns?: number
  /** What a person answers to questions; makes standard input a terminal. */
  readonly answers?: readonly string[]
  readonly signal?: AbortSignal
  readonly parts?: Partial<Surroundings>
}

export type Ended = {
  readonly code: number
  readonly out: string
  readonly err: string
  /** Questions that were asked. */
  readonly asked: readonly string[]
  /** Standard output as the envelope of `-o json`. */
  readonly json: any
}

export interface Desk {
  readonly home: string
  /** Runs one line of arguments. */
  muster(args: readonly string[], typed?: Typed): Promise<Ended>
  remove(): void
}

/** A person's desk: a folder of contexts of its own. */
export function createDesk(): Desk {
  const home = mkdtempSync(join(tmpdir(), 'muster-desk-'))
  return {
    home,
    muster: (args, typed = {}) => musterAt(home, args, typed),
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
}

async function musterAt(home: string, args: readonly string[], typed: Typed): Promise<Ended> {
  const out: string[] = []
  const err: string[] = []
  const asked: string[] = []
  const answers = [...(typed.answers ?? [])]
  const code = await run(args, {
    terminal: {
      env: { MUSTER_HOME: join(home, 'muster'), ...typed.env },
      home,
      input: {
        isTerminal: typed.answers !== undefined,
        read: async () => new TextEncoder().encode(typed.input ?? ''),
        ask: async question => {
          asked.push(question)
          const answer = answers.shift()
          if (answer === undefined) throw new Error(`nobody answers: ${question}`)
          return answer
        },
        keys: take => {
          if (typed.input !== undefined) take(new TextEncoder().encode(typed.input))
          if (typed.answers === undefined) take(undefined)
          return () => undefined
        },
      },
      output: sink(out, typed.columns),
      error: sink(err, typed.columns),
    },
    files,
    wire,
    sockets,
    clock,
    newKey: randomUUID,
    signal: typed.signal ?? new AbortController().signal,
    ...typed.parts,
  })
  const text = out.join('')
  return {
    code,
    out: text,
    err: err.join(''),
    asked,
    get json() {
      return JSON.parse(text)
    },
  }
}

function sink(parts: string[], columns: number | undefined): Sink {
  return {
    isTerminal: columns !== undefined,
    columns,
    write: async content => {
      parts.push(typeof content === 'string' ? content : new TextDecoder().decode(content))
    },
  }
}

/** Splits a line as a shell does: words, single and double quotes. */
export function words(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  )
}
