// SPDX-License-Identifier: Apache-2.0
/** Reads the arguments of `muster-sim`; the simulator's only importer of commander. */
import { Command, CommanderError, Option } from 'commander'
import { parseDuration } from '../plugins/contract/index.ts'
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
  /** In how many processes; by the count when left out. */
  readonly processes: number
  /** How often a section is looked at, where not as shipped. */
  readonly reportIntervalMs: number | undefined
  readonly json: boolean
  readonly verbose: boolean
}

export type Reading =
  | { readonly kind: 'up'; readonly request: UpRequest }
  /** A process of hosts for another `muster-sim`. */
  | { readonly kind: 'squad' }
  /** Text that was asked for. */
  | { readonly kind: 'text'; readonly text: string }

const MOST_HOSTS = 10_000
const MOST_PROCESSES = 64
/** A process of so many keeps one core busy when all of them connect, and stays far below the usual limit of open files. */
const HOSTS_A_PROCESS = 2_000
/** What the agent's own configuration allows. */
const SHORTEST_INTERVAL_MS = 10_000
const LONGEST_INTERVAL_MS = 86_400_000

/** Reads what was typed after the program's name. Throws `simulator-usage` for what is not understood. */
export function readArguments(args: readonly string[], version: string): Reading {
  let printed = ''
  let reading: Reading | undefined
  const program = programFor(version, chosen => {
    reading = chosen
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
  return reading ?? { kind: 'text', text: printed }
}

type Given = Readonly<Record<string, unknown>>

function programFor(version: string, choose: (reading: Reading) => void): Command {
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
    .option('--processes <count>', `how many processes share the hosts (default: one for each ${HOSTS_A_PROCESS})`)
    .option('--interval <time>', 'how often agents look at their sections, such as `1m`; as shipped unless named')
    .option('--json', 'one JSON object a line on standard output')
    .option('--verbose', 'let the agents log to standard error')
    .action((count: string, options: Given) => choose({ kind: 'up', request: requestOf(count, options) }))
  program.command('squad', { hidden: true }).action(() => choose({ kind: 'squad' }))
  return program
}

function requestOf(text: string, options: Given): UpRequest {
  const amt = textOf(options.amt)
  const count = countOf(text)
  return {
    count,
    processes: processesOf(textOf(options.processes), count),
    reportIntervalMs: intervalOf(textOf(options.interval)),
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

function processesOf(text: string | undefined, hosts: number): number {
  if (text === undefined) return Math.ceil(hosts / HOSTS_A_PROCESS)
  const count = Number(text)
  if (/^\d{1,3}$/.test(text) && count >= 1 && count <= MOST_PROCESSES && count <= hosts) return count
  throw simulatorProblem(
    'simulator-usage',
    `\`${text.slice(0, 40)}\` processes; a number from 1 to ${Math.min(MOST_PROCESSES, hosts)} is wanted`,
  )
}

function intervalOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const length = parseDuration(text)
  if (length !== undefined && length >= SHORTEST_INTERVAL_MS && length <= LONGEST_INTERVAL_MS) return length
  throw simulatorProblem('simulator-usage', '--interval wants a time from 10s to 24h, such as `1m`')
}

function urlOf(text: string): string {
  if (URL.canParse(text) && new URL(text).protocol === 'https:') return text
  throw simulatorProblem('simulator-usage', '--url wants an address that starts with https://')
}

function modelOf(name: string | undefined): string | undefined {
  if (name === undefined || MODELS.some(model => model.name === name)) return name
  throw simulatorProblem('no-such-model', `${name}; there are ${MODELS.map(model => model.name).join(', ')}`)
}
