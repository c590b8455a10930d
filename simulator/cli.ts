// SPDX-License-Identifier: Apache-2.0
/** Reads the arguments of `muster-sim`; the simulator's only importer of commander. */
import { Command, CommanderError, Option } from 'commander'
import { parseDuration } from '../plugins/contract/index.ts'
import type { AmtShares } from './facts.ts'
import { MODELS } from './models.ts'
import { NETWORK_NAMES, type NetworkShares, parseNetworks } from './network-profiles.ts'
import { simulatorProblem } from './problems.ts'
import { parseShares } from './shares.ts'

/** Who a fleet consists of, and where it belongs. */
export type FleetRequest = {
  readonly count: number
  readonly url: string
  readonly token: string | undefined
  /** A path, or `-` for standard input. */
  readonly tokenFile: string | undefined
  readonly seed: string
  readonly dir: string | undefined
  readonly shares: AmtShares | undefined
  readonly model: string | undefined
  /** Kinds of network; all on `lan` when left out. */
  readonly network: NetworkShares | undefined
  /** In how many processes; by the count when left out. */
  readonly processes: number
  /** How often a section is looked at, where not as shipped. */
  readonly reportIntervalMs: number | undefined
  /** How long firmware waits before it dials in again, where not as real firmware does. */
  readonly amtReconnectMs?: number
  readonly verbose: boolean
}

export type UpRequest = FleetRequest & { readonly json: boolean }

export type RunRequest = FleetRequest & {
  /** Names and paths. */
  readonly scenarios: readonly string[]
  readonly short: boolean
  /** Address of the API; that of the controller when left out. */
  readonly api: string
  readonly apiTokenFile: string
  readonly apiCaFile: string | undefined
  readonly controller: ControllerRequest
  readonly logFile: string | undefined
  readonly jsonFile: string | undefined
  readonly htmlFile: string | undefined
}

/** How the controller may be ended and started. */
export type ControllerRequest = {
  readonly command: string | undefined
  readonly pidFile: string | undefined
  readonly crashCommand: string | undefined
  readonly stopCommand: string | undefined
  readonly startCommand: string | undefined
}

export type Reading =
  | { readonly kind: 'up'; readonly request: UpRequest }
  | { readonly kind: 'run'; readonly request: RunRequest }
  | { readonly kind: 'scenarios' }
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
const SHORT_RECONNECT_MS = 1_500

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
  fleetOptions(
    program
      .command('up')
      .description('enroll simulated hosts at a controller and run them until Ctrl-C')
      .argument('<count>', `how many hosts, from 1 to ${MOST_HOSTS}`),
  )
    .option('--json', 'one JSON object a line on standard output')
    .action((count: string, options: Given) => choose({ kind: 'up', request: upOf(count, options) }))
  runOptions(
    fleetOptions(
      program
        .command('run')
        .description('run scenarios one after the other on a fleet, hold them to what they expect, and report')
        .argument('<scenario...>', 'names from `muster-sim scenarios`, paths of files, or `all`'),
    ),
  ).action((scenarios: string[], options: Given) => choose({ kind: 'run', request: runOf(scenarios, options) }))
  program
    .command('scenarios')
    .description('list the scenarios that come with the simulator')
    .action(() => choose({ kind: 'scenarios' }))
  program.command('squad', { hidden: true }).action(() => choose({ kind: 'squad' }))
  return program
}

function fleetOptions(command: Command): Command {
  return command
    .requiredOption('--url <url>', 'address of the controller, such as https://ctl.local:8443')
    .option('--token <token>', 'join token that may be used as often as there are hosts; stays in the shell history')
    .addOption(new Option('--token-file <file>', 'the same from a file; `-` reads standard input').conflicts('token'))
    .option('--seed <text>', 'another seed makes another fleet', 'muster')
    .option('--dir <folder>', 'keep disks and identities here, so that the next `up` continues with the same hosts')
    .option('--amt <shares>', 'percent of each kind of AMT, together 100 (default: vpro=60,ism=20,none=15,unknown=5)')
    .option('--model <name>', `every host is of this model: ${MODELS.map(model => model.name).join(', ')}`)
    .option('--network <shares>', `kind of network, or percent of each: ${NETWORK_NAMES.join(', ')} (default: lan)`)
    .option('--processes <count>', `how many processes share the hosts (default: one for each ${HOSTS_A_PROCESS})`)
    .option('--interval <time>', 'how often agents look at their sections, such as `1m`; as shipped unless named')
    .option('--verbose', 'let the agents log to standard error')
}

function runOptions(command: Command): Command {
  return command
    .requiredOption('--api-token-file <file>', 'token for the API of the controller, from a file')
    .option('--hosts <count>', `how many hosts, from 1 to ${MOST_HOSTS}`, '200')
    .option('--api <url>', 'address of the API, such as http://127.0.0.1:8080 (default: that of --url)')
    .option('--api-ca <file>', 'root certificate of the API, PEM')
    .option('--short', 'shorter waits where a scenario allows them; agents keep their intervals')
    .option('--controller <command>', 'runs the controller in the foreground; the simulator starts and ends it')
    .option('--controller-pid <file>', 'holds the process of a controller that runs already, bare or in JSON as `pid`')
    .option('--controller-crash <command>', 'kills the controller, in place of SIGKILL')
    .option('--controller-stop <command>', 'stops the controller, in place of SIGTERM')
    .option('--controller-start <command>', 'starts the controller again')
    .option('--log <file>', 'write the event log there, one JSON object a line')
    .option('--json <file>', 'write the report there as JSON')
    .option('--html <file>', 'write the report there as a page')
}

function fleetOf(count: number, options: Given): FleetRequest {
  const amt = textOf(options.amt)
  const network = textOf(options.network)
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
    network: network === undefined ? undefined : parseNetworks(network),
    verbose: options.verbose === true,
  }
}

function upOf(count: string, options: Given): UpRequest {
  return { ...fleetOf(countOf(count), options), json: options.json === true }
}

function runOf(scenarios: readonly string[], options: Given): RunRequest {
  const fleet = fleetOf(countOf(textOf(options.hosts) ?? ''), options)
  const short = options.short === true
  return {
    ...fleet,
    ...(short ? { amtReconnectMs: SHORT_RECONNECT_MS } : {}),
    scenarios,
    short,
    api: apiOf(textOf(options.api) ?? fleet.url),
    apiTokenFile: textOf(options.apiTokenFile) ?? '',
    apiCaFile: textOf(options.apiCa),
    controller: {
      command: textOf(options.controller),
      pidFile: textOf(options.controllerPid),
      crashCommand: textOf(options.controllerCrash),
      stopCommand: textOf(options.controllerStop),
      startCommand: textOf(options.controllerStart),
    },
    logFile: textOf(options.log),
    jsonFile: textOf(options.json),
    htmlFile: textOf(options.html),
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

/** A token must not travel in the clear, except on the machine itself. */
function apiOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isLocal = url !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)) return text
  throw simulatorProblem('simulator-usage', '--api wants an address with https://, or http:// on this machine')
}

function modelOf(name: string | undefined): string | undefined {
  if (name === undefined || MODELS.some(model => model.name === name)) return name
  throw simulatorProblem('no-such-model', `${name}; there are ${MODELS.map(model => model.name).join(', ')}`)
}
