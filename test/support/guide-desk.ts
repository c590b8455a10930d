// SPDX-License-Identifier: Apache-2.0
/** A desk at which a guide is typed line by line, in a real shell, with our programs on the path and terminals beside it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from './controller.ts'
import { type Exchange, missingFrom } from './guide.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const PROGRAMS = {
  muster: 'controller/cli/main.ts',
  'muster-controller': 'controller/main.ts',
  'muster-sim': 'simulator/main.ts',
} as const

export type GuideDeskOptions = {
  /** What a guide calls something, and what it is called here. */
  readonly called: readonly (readonly [shown: string, real: string])[]
  /** Words in capitals that a guide sees once and types later. */
  readonly placeholders: readonly string[]
  /** Options that only this surrounding needs, by program: `muster-controller`. */
  readonly more?: Readonly<Record<string, string>>
}

export type Seen = { readonly output: string; readonly exitCode: number }

type Terminal = { readonly child: ChildProcess; output: string }

export interface GuideDesk {
  readonly dir: string
  /** Does what the guide says, and resolves with what was seen; what is only looked at is looked at until it fits. */
  carryOut(exchange: Exchange): Promise<Seen>
  stop(): Promise<void>
}

/** Lines that change nothing and may have to be looked at again. */
const LOOKS =
  /^muster (-\S+ \S+ )*(whoami|why|events|host (ls|get|summary|history)|lobby ls|webhook deliveries|schedule next) ?/
const SEEN_WITHIN_MS = 30_000

export function createGuideDesk({ called, placeholders, more = {} }: GuideDeskOptions): GuideDesk {
  const dir = mkdtempSync(join(tmpdir(), 'muster-guide-'))
  const bin = join(dir, '.bin')
  mkdirSync(bin)
  for (const [name, main] of Object.entries(PROGRAMS))
    writeFileSync(join(bin, name), `#!/bin/sh\nexec "${process.execPath}" "${ROOT}${main}" "$@"\n`, { mode: 0o755 })
  // Programs stand on the path already, so nothing has to be looked for.
  writeFileSync(join(bin, 'npx'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 })
  const path = [bin, dirname(process.execPath), process.env.PATH ?? ''].join(delimiter)
  const env = { ...process.env, PATH: path, HOME: dir, MUSTER_HOME: join(dir, '.muster') }
  const known = new Map<string, string>()
  const terminals = new Map<string, Terminal>()

  function real(line: string): string {
    let text = line
    for (const [shown, here] of called) text = text.replaceAll(shown, here)
    for (const [word, value] of known) text = text.replace(new RegExp(`\\b${word}\\b`, 'g'), () => value)
    const [, program = ''] = /^npx (\S+)/.exec(text) ?? []
    return more[program] === undefined ? text : `${text} ${more[program]}`
  }

  function shown(output: string): string {
    let text = output
    for (const [word, value] of known) text = text.replaceAll(value, word)
    for (const [name, here] of called) text = text.replaceAll(here, name)
    return text
  }

  /** Finds what the placeholders of the guide stand for, each at the first place where it is seen. */
  function learn(output: string, sees: readonly string[]): void {
    for (const word of placeholders) {
      const place = sees.find(line => new RegExp(`\\b${word}\\b`).test(line))
      if (known.has(word) || place === undefined) continue
      const [before = '', after = ''] = place.trim().split(word)
      const source = [before, after].map(part =>
        part
          .split('…')
          .map(piece => piece.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\s+/g, '\\s+'))
          .join('.*'),
      )
      const [, value] = new RegExp(`^\\s*${source[0]}([\\w-]+)${source[1]}\\s*$`, 'm').exec(shown(output)) ?? []
      if (value !== undefined) known.set(word, value)
    }
  }

  async function runs({ lines, sees }: Exchange): Promise<Seen> {
    const outputs: string[] = []
    let exitCode = 0
    for (const [at, line] of lines.entries()) {
      const ended = await shell(real(line), { cwd: dir, env })
      exitCode = ended.exitCode
      outputs.push(ended.output)
      if (at < lines.length - 1 && exitCode !== 0) throw new Error(`${line}: ${exitCode}\n${ended.output}`)
    }
    const output = outputs.join('')
    learn(output, sees)
    return { output: shown(output), exitCode }
  }

  return {
    dir,
    carryOut: async exchange => {
      const { kind, lines, sees, terminal } = exchange
      if (kind === 'runs') {
        const looks = lines.length > 0 && lines.every(line => LOOKS.test(line))
        if (!looks) return runs(exchange)
        return patiently(
          () => runs(exchange),
          ({ output }) => missingFrom(output, sees) === undefined,
        )
      }
      if (kind === 'starts') terminals.set(terminal, open(real(lines.join('\n')), { cwd: dir, env }))
      const at = terminals.get(terminal)
      if (at === undefined) throw new Error(`no terminal is called ${terminal}`)
      if (kind === 'types') for (const line of lines) at.child.stdin?.write(`${line}\n`)
      const look = async (): Promise<Seen> => {
        learn(at.output, sees)
        return { output: shown(at.output), exitCode: at.child.exitCode ?? 0 }
      }
      return patiently(look, ({ output }) => missingFrom(output, sees) === undefined)
    },
    stop: async () => {
      for (const { child } of [...terminals.values()].reverse()) await ended(child)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Looks again until it fits; what does not fit in the end is for the test to say. */
async function patiently(look: () => Promise<Seen>, fits: (seen: Seen) => boolean): Promise<Seen> {
  let last: Seen = { output: '', exitCode: 0 }
  try {
    return await until(async () => (last = await look()), fits, SEEN_WITHIN_MS)
  } catch (thrown) {
    if (last.output === '') throw thrown
    return last
  }
}

type Where = { readonly cwd: string; readonly env: NodeJS.ProcessEnv }

function shell(line: string, where: Where): Promise<Seen> {
  const child = spawn('sh', ['-c', line], { ...where, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => {
      output += part
    })
  return new Promise(resolve => child.once('close', code => resolve({ output, exitCode: code ?? 1 })))
}

function open(line: string, where: Where): Terminal {
  // The program takes the place of the shell, so that a signal reaches it.
  const child = spawn('sh', ['-c', `exec ${line}`], { ...where, stdio: ['pipe', 'pipe', 'pipe'] })
  const terminal: Terminal = { child, output: '' }
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (part: string) => {
      terminal.output += part
    })
  return terminal
}

function ended(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  const insist = setTimeout(() => child.kill('SIGKILL'), 10_000)
  return gone.finally(() => clearTimeout(insist))
}
