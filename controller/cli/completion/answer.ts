// SPDX-License-Identifier: Apache-2.0
/** `muster __complete <shell> <words...>`: what the scripts of the shells call. */
import { readContexts } from '../contexts.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { grammar } from '../nouns/grammar.ts'
import type { Surroundings } from '../ports.ts'
import { createCall } from '../session.ts'
import { type Candidate, candidatesFor } from './candidates.ts'
import { hostNames } from './names.ts'

/** What the scripts read as "and files". */
const FILES = ':files'

/**
 * Prints one candidate per line; for zsh and fish with its meaning after a tab. The last of the words is the one being
 * typed. Answers 0 whatever happens: a shell shows errors in the middle of the line.
 */
export async function completeLine(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const [shell, ...words] = args
  const last = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  const found = candidatesFor(grammar, before, last)
  const names = await namesOf(found.names, before, surroundings)
  const all: Candidate[] = [
    ...found.fixed,
    ...names.filter(name => name.startsWith(last)).map(word => ({ word, about: '' })),
  ]
  const lines = all.map(({ word, about }) => (shell === 'bash' || about === '' ? word : `${word}\t${about}`))
  if (found.files) lines.push(FILES)
  await surroundings.terminal.output.write(lines.map(line => `${line}\n`).join(''))
  return EXIT.done
}

async function namesOf(
  kind: 'host' | 'context' | undefined,
  before: readonly string[],
  surroundings: Surroundings,
): Promise<readonly string[]> {
  if (kind === undefined) return []
  const call = createCall(surroundings, [], chosenIn(before))
  if (kind === 'host') return hostNames(call)
  try {
    return Object.keys((await readContexts(call.files, call.folder())).contexts)
  } catch {
    return []
  }
}

/** The controller, project and folder that the line already names. */
function chosenIn(words: readonly string[]): Readonly<Record<string, string>> {
  const given: Record<string, string> = {}
  for (const [at, word] of words.entries()) {
    const name = { '-c': 'context', '--context': 'context', '-p': 'project', '--project': 'project', '--home': 'home' }[
      word
    ]
    const value = words[at + 1]
    if (name !== undefined && value !== undefined) given[name] = value
  }
  return given
}
