// SPDX-License-Identifier: Apache-2.0
/** Reads the command line that `rpc` sends as the method of its first message. */

export const TASKS = ['synctime', 'syncip', 'synchostname', 'syncdeviceinfo', 'changepassword'] as const
export type Task = (typeof TASKS)[number]

export type Command = {
  /** The first word that is no flag: `activate`, `deactivate`, `maintenance`, or whatever a client made up. */
  readonly verb: string
  readonly profile: string | undefined
  readonly password: string | undefined
  readonly force: boolean
  readonly task: Task | undefined
  /** What follows the task: the new password of `changepassword`. */
  readonly argument: string | undefined
}

/** Flags that take no value; a word after them stands for itself. */
const SWITCHES = new Set<string>(['force', 'f', ...TASKS])
/** Flags that always take the next word, even one that starts with a dash. */
const GREEDY: Readonly<Record<string, string>> = { profile: 'profile', password: 'password', p: 'password' }

/** Parses a command line with one or two dashes, `--flag value` or `--flag=value`, and single or double quotes. */
export function parseCommand(line: string): Command {
  const words = wordsOf(line)
  const free: string[] = []
  const switches = new Set<string>()
  const values = new Map<string, string>()
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? { text: '', quoted: false }
    const flag = word.quoted ? undefined : /^--?([a-z][a-z0-9]*)(?:=(.*))?$/is.exec(word.text)
    if (flag === null || flag === undefined) {
      free.push(word.text)
      continue
    }
    const name = (flag[1] ?? '').toLowerCase()
    if (SWITCHES.has(name)) switches.add(name)
    else if (flag[2] !== undefined) values.set(GREEDY[name] ?? name, flag[2])
    else if (GREEDY[name] !== undefined) values.set(GREEDY[name], words[++at]?.text ?? '')
    else if (words[at + 1]?.text.startsWith('-') === false) at += 1 // a flag we do not know, with its value
  }
  return {
    verb: free[0] ?? '',
    profile: filled(values.get('profile')),
    password: filled(values.get('password')),
    force: switches.has('force') || switches.has('f'),
    task: TASKS.find(task => switches.has(task)),
    argument: filled(free[1]),
  }
}

function filled(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text
}

type Word = { readonly text: string; readonly quoted: boolean }

/** Splits at white space outside quotes; a quote in the middle of a word is a character like any other. */
function wordsOf(line: string): readonly Word[] {
  const words: Word[] = []
  for (const [, double, single, equal, bare] of line.matchAll(
    /"((?:[^"\\]|\\.)*)"(?=\s|$)|'([^']*)'(?=\s|$)|(--?[a-z]+=(?:"[^"]*"|'[^']*'))(?=\s|$)|(\S+)/gi,
  )) {
    if (double !== undefined) words.push({ text: double.replace(/\\(["\\])/g, '$1'), quoted: true })
    else if (single !== undefined) words.push({ text: single, quoted: true })
    else if (equal !== undefined) words.push({ text: equal.replace(/=["'](.*)["']$/s, '=$1'), quoted: false })
    else words.push({ text: bare ?? '', quoted: false })
  }
  return words
}
