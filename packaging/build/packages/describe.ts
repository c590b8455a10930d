// SPDX-License-Identifier: Apache-2.0
/** Asks a program what its command line is made of: its own objects when it has them, else its help text. */
import { join } from 'node:path'
import { run } from './run.ts'

export type Described = {
  readonly name: string
  readonly about: string
  readonly words: readonly { readonly spelled: string; readonly about: string }[]
  readonly options: readonly { readonly flags: string; readonly about: string }[]
  /** Text below the rest, such as examples. */
  readonly after: string
  readonly commands: readonly Described[]
}

/** Describes a program by its main file. Rejects when it does not tell. */
export async function describe(root: string, name: string, entry: string): Promise<Described> {
  // A program builds only the part of its tree that is asked for, so it is asked until nothing new turns up.
  let asked: readonly string[] = []
  for (;;) {
    const said = await ask(root, entry, asked)
    if (!said.startsWith('{')) return fromHelp(name, said)
    const found = JSON.parse(said) as Described // printed by the preload
    const nouns = [...new Set(namesIn(found))]
    if (nouns.length === asked.length) return found
    asked = nouns
  }
}

function namesIn({ commands }: Described): readonly string[] {
  return commands.flatMap(each => [each.name, ...namesIn(each)])
}

async function ask(root: string, entry: string, words: readonly string[]): Promise<string> {
  const preload = join(import.meta.dirname, 'describe-preload.ts')
  const command = [process.execPath, '--import', preload, join(root, entry), ...words]
  return run(words.length === 0 ? [...command, '--help'] : command, { cwd: root, env: QUIET })
}

/** Descriptions that show a default show that of a machine, not that of the builder. */
const QUIET = {
  NO_COLOR: '1',
  COLUMNS: '100',
  MUSTER_AGENT_CONFIG: '/etc/muster-agent/config.yaml',
  MUSTER_HOME: '/nonexistent',
}

/** Reads a help text in the usual form: sections that begin at the margin, entries of two columns. */
export function fromHelp(name: string, help: string): Described {
  const sections = new Map<string, string[]>()
  let at: string[] = []
  for (const line of help.split('\n')) {
    const head = /^(\w+):\s*(.*)$/.exec(line)
    if (head === null) at.push(line)
    else {
      at = head[2] === '' || head[2] === undefined ? [] : [head[2]]
      sections.set(head[1] ?? '', at)
    }
  }
  const usage = (sections.get('Usage') ?? []).filter(line => line !== '')
  const examples = (sections.get('Examples') ?? []).join('\n').trimEnd()
  const about = usage.slice(1).join(' ').trim()
  return {
    name,
    about,
    words: [],
    options: columns(sections.get('Options') ?? []).map(([flags, said]) => ({ flags, about: said })),
    after: examples === '' ? '' : `\nExamples:\n${examples}\n`,
    commands: columns(sections.get('Commands') ?? []).map(([spelled, said]) => ({
      ...{ name: spelled, about: said, words: [], options: [], after: '', commands: [] },
    })),
  }
}

function columns(lines: readonly string[]): readonly (readonly [string, string])[] {
  return lines.flatMap(line => {
    const [, left, right] = /^ {2}(\S.*?) {2,}(\S.*)$/.exec(line) ?? []
    return left === undefined || right === undefined ? [] : [[left, right] as const]
  })
}
