// SPDX-License-Identifier: Apache-2.0
/** Reads the commands that documents show, and says whether they could be typed. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import manifest from '../../package.json' with { type: 'json' }
import { ROOT } from './tree.ts'

export type Shown = {
  readonly line: string
  /** The block is marked `sh run`: its lines must really succeed. */
  readonly run: boolean
}

/** The lines of all `sh` blocks of a document. */
export function shownCommands(markdown: string): readonly Shown[] {
  return [...markdown.matchAll(/^```sh( run)?\n([\s\S]*?)^```$/gm)].flatMap(([, mark, block = '']) =>
    block
      .split('\n')
      .map(line => line.trim())
      .filter(line => line !== '' && !line.startsWith('#'))
      .map(line => ({ line, run: mark !== undefined })),
  )
}

/** What is wrong with a line; `undefined` when it is one that the repository understands. */
export function faultOf(line: string): string | undefined {
  const [first = '', second = '', ...rest] = line.split(/\s+/)
  if (first === 'export') return undefined
  if (first === 'npm') return npmFault(second, rest)
  if (first === 'node') return fileFault(second)
  if (first in manifest.bin) return faultOf(`npx ${line}`)
  if (first !== 'npx') return `${first} is not a command of this repository`
  if (second === 'vitest') return pathFault(rest)
  if (second === 'node') return fileFault(rest[0] ?? '')
  const entry = Object.entries(manifest.bin).find(([name]) => name === second)?.[1]
  return entry === undefined ? `there is no program ${second}` : programFault(entry, rest)
}

function npmFault(verb: string, rest: readonly string[]): string | undefined {
  if (verb === 'ci') return undefined
  const script = verb === 'run' ? (rest[0] ?? '') : verb
  return script in manifest.scripts ? undefined : `package.json has no script ${script}`
}

/** Files below dist/ are there after a build only. */
function fileFault(file: string): string | undefined {
  return file.startsWith('dist/') || existsSync(resolve(ROOT, file)) ? undefined : `there is no file ${file}`
}

function pathFault(words: readonly string[]): string | undefined {
  return words.map(word => (word.startsWith('-') || word === 'run' ? undefined : fileFault(word))).find(Boolean)
}

/**
 * Asks a program for help on the words before the first option or value. The usage it prints must have taken every word
 * that is a verb, and its options must be all that the line has.
 */
function programFault(entry: string, words: readonly string[]): string | undefined {
  const options = words.filter(word => /^--?[a-z]/.test(word)).map(word => word.split('=')[0] ?? '')
  const end = words.findIndex(word => !/^[a-z][a-z-]*$/.test(word))
  const verbs = end === -1 ? words : words.slice(0, end)
  const particular = helpOf(entry, verbs)
  const { code, output } = particular.code === 0 ? particular : helpOf(entry, [])
  const usage = /^Usage: (.*)$/m.exec(output)?.[1]
  if (code !== 0 || usage === undefined) return `there is no help on \`${verbs.join(' ')}\``
  const taken = verbs.findIndex(verb => !usage.split(' ').includes(verb))
  const [left] = taken === -1 ? [] : verbs.slice(taken)
  const wantsVerb = /[<[](verb|noun|command)/.test(usage)
  if (left !== undefined && wantsVerb && !mentions(output, left)) return `\`${usage}\` has no ${left}`
  const unknown = options.filter(option => !mentions(output, option) && !GLOBAL.includes(option))
  return unknown.length === 0 ? undefined : `\`${usage}\` does not know ${unknown.join(', ')}`
}

/** Options that every command takes, shown in the general help only. */
const GLOBAL = [
  '-o',
  '-c',
  '-p',
  '-v',
  '--output',
  '--context',
  '--project',
  '--timeout',
  '--quiet',
  '--home',
  '--help',
  '-h',
]

function mentions(help: string, word: string): boolean {
  return new RegExp(`(^|[\\s,<[|])${word}([\\s,=>\\]|<]|$)`, 'm').test(help)
}

const answers = new Map<string, Answer>()

/** What a program says when it is asked for help; each question is asked once. */
function helpOf(entry: string, verbs: readonly string[]): Answer {
  const key = [entry, ...verbs].join(' ')
  const answer = answers.get(key) ?? call(entry, [...verbs, '--help'])
  answers.set(key, answer)
  return answer
}

type Answer = { readonly code: number; readonly output: string }

/** Runs a program of this repository to its end. */
export function call(entry: string, args: readonly string[]): Answer {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve(ROOT, entry), ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 20_000,
    env: { ...process.env, MUSTER_HOME: resolve(ROOT, 'node_modules/.cache/muster-home') },
  })
  return { code: status ?? -1, output: `${stdout}${stderr}` }
}

/** Runs a shown line that starts with `npx <program>`. */
export function runShown(line: string): Answer {
  const [, name = '', ...args] = line.split(/\s+/)
  const entry = Object.entries(manifest.bin).find(([program]) => program === name)?.[1]
  return entry === undefined ? { code: -1, output: `there is no program ${name}` } : call(entry, args)
}
