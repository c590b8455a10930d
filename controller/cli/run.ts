// SPDX-License-Identifier: Apache-2.0
/** Runs one line: reads it, loads its verb, and turns whatever happens into an exit code. */
import { problem as general, Problem } from '../../plugins/contract/problem.ts'
import { EXIT, type ExitCode, exitCodeOf } from './exit.ts'
import { explain } from './explain.ts'
import { pathIn } from './grammar.ts'
import { grammar } from './nouns/grammar.ts'
import type { Surroundings } from './ports.ts'
import { problem } from './problems.ts'
import { VERSION } from './version.ts'

const DEFAULT_COLUMNS = 80

/** Runs the arguments after the program's name and answers the exit code. Never rejects. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { terminal, signal } = surroundings
  try {
    return await carryOut(args, surroundings)
  } catch (thrown) {
    if (signal.aborted) return EXIT.interrupted
    const failure = thrown instanceof Problem ? thrown : defect(thrown)
    await terminal.error.write(explain(failure))
    return exitCodeOf(failure)
  }
}

async function carryOut(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  // Completion passes unfinished lines, which no parser accepts.
  if (args[0] === '__complete') {
    const { completeLine } = await import('./completion/answer.ts')
    return completeLine(args.slice(1), surroundings)
  }
  const { terminal } = surroundings
  // Completion starts faster without the parser.
  const { read } = await import('./program.ts')
  const reading = read(grammar, args, { version: VERSION, columns: terminal.output.columns ?? DEFAULT_COLUMNS })
  if (reading.kind === 'text') {
    await terminal.output.write(reading.text)
    return EXIT.done
  }
  if (reading.kind === 'unfinished') {
    await terminal.error.write(reading.help)
    return EXIT.usage
  }
  if (reading.kind === 'usage') throw usageOf(reading.message, reading.next)
  const { createCall } = await import('./session.ts')
  try {
    const verb = await reading.verb.load()
    return (await verb(createCall(surroundings, reading.words, reading.given))) ?? EXIT.done
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code !== 'usage') throw thrown
    throw usageOf(thrown.detail, ['muster', ...pathIn(grammar, args), '--help'].join(' '))
  }
}

function usageOf(detail: string | undefined, next: string): Problem {
  const { title, status, retry } = problem.types.usage
  return new Problem('usage', { title, status, retry, next }, detail === undefined ? {} : { detail })
}

/** What no verb foresaw. */
function defect(thrown: unknown): Problem {
  const { title, status, retry } = general.types.internal
  const detail = thrown instanceof Error ? thrown.message : String(thrown)
  return new Problem('internal', { title, status, retry, next: 'report this line: it is a defect' }, { detail })
}
