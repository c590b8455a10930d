// SPDX-License-Identifier: Apache-2.0
/** Composition root of `muster-sim`: real clock, real network, real terminal, simulated machines. */
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { createClock } from '../agent/system/clock.ts'
import { VERSION } from '../agent/version.ts'
import { asProblem, type Problem } from '../plugins/contract/index.ts'
import { type FleetRequest, type Reading, type RunRequest, readArguments, type UpRequest } from './cli.ts'
import { simulatorProblem } from './problems.ts'
import { jsonReport, type Report, textReport } from './report.ts'
import { runMain, scenarioLines } from './scenario/main.ts'
import { crewWish, localSquad, raiseFleet } from './squad/raise.ts'
import { serveSquad } from './squad/serve.ts'
import { up } from './up.ts'

const streams = {
  out: (line: string): void => void process.stdout.write(`${line}\n`),
  err: (line: string): void => void process.stderr.write(`${line}\n`),
}
// A reader that has gone, as behind `| head`, is no reason to stop in the middle of a farewell.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Ctrl-C reaches every process of the terminal; those of a fleet wait for their parent to say stop.
    if (process.argv[2] === 'squad') return
    // The second one means it.
    if (stopping.signal.aborted) process.exit(130)
    stopping.abort(new Error('interrupted'))
  })
}

let report: Report = textReport(streams)
try {
  await obey(readArguments(process.argv.slice(2), VERSION))
} catch (thrown) {
  const problem = asProblem(thrown)
  report.problem(problem)
  process.exitCode = exitCodeOf(problem)
}
// Standard input must not hold the process back, but what was printed must get out first.
process.stdout.write('', () => process.stderr.write('', () => process.exit()))

async function obey(reading: Reading): Promise<void> {
  if (reading.kind === 'text') process.stdout.write(reading.text)
  else if (reading.kind === 'scenarios') for (const line of scenarioLines()) streams.out(line)
  else if (reading.kind === 'squad') await serveSquad({ clock: createClock(), build: localSquad })
  else {
    // Nothing else keeps the process alive while every host is off.
    const hold = setInterval(() => undefined, 2_147_483_647)
    try {
      process.exitCode = await (reading.kind === 'up' ? upMain(reading.request) : play(reading.request))
    } finally {
      clearInterval(hold)
    }
  }
}

async function upMain(request: UpRequest): Promise<number> {
  if (request.json) report = jsonReport(streams)
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
  const token = await tokenFor(request, lines)
  const formation = await raiseFleet(request, crewWish(request, token), problem => report.problem(problem))
  const rest = { [Symbol.asyncIterator]: () => lines }
  return up({ request, formation, clock: createClock(), report, lines: rest, signal: stopping.signal })
}

async function play(request: RunRequest): Promise<number> {
  const lines =
    request.tokenFile === '-' ? createInterface({ input: process.stdin })[Symbol.asyncIterator]() : undefined
  const token = await tokenFor(request, lines)
  return runMain({ request, token, clock: createClock(), report, streams, signal: stopping.signal })
}

async function tokenFor(
  { token, tokenFile }: FleetRequest,
  lines: AsyncIterator<string> | undefined,
): Promise<string | undefined> {
  if (token !== undefined) streams.err('hint: --token-file keeps the token out of the shell history')
  if (tokenFile === undefined) return token
  const text = (tokenFile === '-' && lines !== undefined ? await firstOf(lines) : await contentOf(tokenFile)).trim()
  if (text !== '') return text
  throw simulatorProblem('simulator-usage', `${tokenFile === '-' ? 'standard input' : tokenFile} holds no token`)
}

async function firstOf(lines: AsyncIterator<string>): Promise<string> {
  const { value, done } = await lines.next()
  return done === true ? '' : value
}

async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (thrown) {
    const cause = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unreadable'
    throw simulatorProblem('simulator-usage', `${path} cannot be read (${cause})`, { cause })
  }
}

const USAGE = ['simulator-usage', 'no-such-model', 'no-such-scenario', 'scenario-invalid', 'scenario-needs']

/** As the command line of the controller numbers its ends. */
function exitCodeOf({ code, status }: Problem): number {
  if (USAGE.includes(code)) return 2
  if (code === 'unreachable') return 11
  if (code === 'untrusted-controller' || code === 'name-mismatch') return 12
  if (status === 401 || status === 403) return 5
  if (status === 409) return 7
  return code === 'internal' ? 1 : 6
}
