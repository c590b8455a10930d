// SPDX-License-Identifier: Apache-2.0
/** Reads the arguments of `muster-sim`; the simulator's only importer of commander. */
import { Command, CommanderError, Option } from 'commander'
import type { AmtShares } from './facts.ts'
import { MODELS } from './models.ts'
import { simulatorProblem } from './problems.ts'
import { parseShares } from './shares.ts'

export type UpRequest = {
  readonly count: number
  readonly url: string
  readonly token: string | undefined
  /** A path, or `-` for standard input. */
  readonly tokenFile: string | undefined
  readonly seed: string
  readonly dir: string | undefined
  readonly shares: AmtShares | undefined
  readonly model: string | undefined
  readonly json: boolean
  readonly verbose: boolean
}

export type Reading =
  | { readonly kind: 'up'; readonly request: UpRequest }
  /** Text that was asked for. */
  | { readonly kind: 'text'; readonly text: string }

const MOST_HOSTS = 10_000

/** Reads what was typed after the program's name. Throws `simulator-usage` for what is not understood. */
export function readArguments(args: readonly string[], version: string): Reading {
  let printed = ''
  let request: UpRequest | undefined
  const program = programFor(version, (count, options) => {
    request = requestOf(count, options)
  })
  const print = (text: string): void => {
    printed += text
  }
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: print, writeErr: print, outputError: () => undefined })
  }
  try {
    program.parse([...args], { from: 'user' })
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown
    if (thrown.exitCode !== 0 && thrown.code !== 'commander.help') {
      throw simulatorProblem('simulator-usage', thrown.message.replace(/^error: /, ''))
    }
  }
  return request === undefined ? { kind: 'text', text: printed } : { kind: 'up', request }
}

type Given = Readonly<Record<string, unknown>>

function programFor(version: string, choose: (count: string, options: Given) => void): Command {
  const program = new Command('muster-sim')
    .description('Simulated hosts that run the real agent. They are marked as simulated wherever they appear.')
    .version(version)
  program
    .command('up')
    .description('enroll simulated hosts at a controller and run them until Ctrl-C')
    .argument('<count>', `how many hosts, from 1 to ${MOST_HOSTS}`)
    .requiredOption('--url <url>', 'address of the controller, such as https://ctl.local:8443')
    .option('--token <token>', 'join token that may be used as often as there are hosts; stays in the shell history')
    .addOption(new Option('--token-file <file>', 'the same from a file; `-` reads standard input').conflicts('token'))
    .option('--seed <text>', 'another seed makes another fleet', 'muster')
    .option('--dir <folder>', 'keep disks and identities here, so that the next `up` continues with the same hosts')
    .option('--amt <shares>', 'percent of each kind of AMT, together 100 (default: vpro=60,ism=20,none=15,unknown=5)')
    .option('--model <name>', `every host is of this model: ${MODELS.map(model => model.name).join(', ')}`)
    .option('--json', 'one JSON object a line on standard output')
    .option('--verbose', 'let the agents log to standard error')
    .action(choose)
  return program
}

function requestOf(count: string, options: Given): UpRequest {
  const amt = textOf(options.amt)
  return {
    count: countOf(count),
    url: urlOf(textOf(options.url) ?? ''),
    token: textOf(options.token),
    tokenFile: textOf(options.tokenFile),
    seed: textOf(options.seed) ?? 'muster',
    dir: textOf(options.dir),
    shares: amt === undefined ? undefined : parseShares(amt),
    model: modelOf(textOf(options.model)),
    json: options.json === true,
    verbose: options.verbose === true,
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function countOf(text: string): number {
  const count = Number(text)
  if (/^\d{1,5}$/.test(text) && count >= 1 && count <= MOST_HOSTS) return count
  throw simulatorProblem(
    'simulator-usage',
    `\`${text.slice(0, 40)}\` hosts; a number from 1 to ${MOST_HOSTS} is wanted`,
  )
}

function urlOf(text: string): string {
  if (URL.canParse(text) && new URL(text).protocol === 'https:') return text
  throw simulatorProblem('simulator-usage', '--url wants an address that starts with https://')
}

function modelOf(name: string | undefined): string | undefined {
  if (name === undefined || MODELS.some(model => model.name === name)) return name
  throw simulatorProblem('no-such-model', `${name}; there are ${MODELS.map(model => model.name).join(', ')}`)
}
