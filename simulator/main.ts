// SPDX-License-Identifier: Apache-2.0
/** Composition root of `muster-sim`: real clock, real network, real terminal, simulated machines. */
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { DEFAULTS } from '../agent/config.ts'
import { createLog } from '../agent/log.ts'
import { createClock } from '../agent/system/clock.ts'
import { systemRandom } from '../agent/system/random.ts'
import { VERSION } from '../agent/version.ts'
import { asProblem, type Problem } from '../plugins/contract/index.ts'
import { readArguments, type UpRequest } from './cli.ts'
import { allPlugins, createCrew } from './crew.ts'
import { simulatorProblem } from './problems.ts'
import { jsonReport, type Report, textReport } from './report.ts'
import { createFormation, type Formation, spansOf } from './squad/formation.ts'
import { createLocalSquad, type SquadWish } from './squad/local.ts'
import { startRemoteSquad } from './squad/remote.ts'
import { serveSquad } from './squad/serve.ts'
import type { Squad } from './squad/squad.ts'
import type { CrewWish } from './squad/wire.ts'
import { up } from './up.ts'

const FEW = 50

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
  const reading = readArguments(process.argv.slice(2), VERSION)
  if (reading.kind === 'text') process.stdout.write(reading.text)
  else if (reading.kind === 'squad') await serveSquad({ clock: createClock(), build: localSquad })
  else process.exitCode = await run(reading.request)
} catch (thrown) {
  const problem = asProblem(thrown)
  report.problem(problem)
  process.exitCode = exitCodeOf(problem)
}
// Standard input must not hold the process back, but what was printed must get out first.
process.stdout.write('', () => process.stderr.write('', () => process.exit()))

async function run(request: UpRequest): Promise<number> {
  if (request.json) report = jsonReport(streams)
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
  const token = await tokenFor(request, lines)
  if (request.token !== undefined) streams.err('hint: --token-file keeps the token out of the shell history')
  // Nothing else keeps the process alive while every host is off.
  const hold = setInterval(() => undefined, 2_147_483_647)
  try {
    const formation = await muster(request, crewWish(request, token), problem => report.problem(problem))
    const rest = { [Symbol.asyncIterator]: () => lines }
    return await up({ request, formation, clock: createClock(), report, lines: rest, signal: stopping.signal })
  } finally {
    clearInterval(hold)
  }
}

function crewWish({ count, url, verbose, reportIntervalMs }: UpRequest, token: string | undefined): CrewWish {
  return { url, token, verbose, startJitterMs: count <= FEW ? 0 : DEFAULTS.startJitterMs, reportIntervalMs }
}

/** One squad in this process, or several in processes of their own. */
async function muster(request: UpRequest, crew: CrewWish, onLost: (problem: Problem) => void): Promise<Formation> {
  const { count, processes, seed, dir, shares, model } = request
  const more = { ...(dir === undefined ? {} : { dir }), ...(shares === undefined ? {} : { shares }) }
  const common = { seed, ...more, ...(model === undefined ? {} : { model }) }
  const spans = spansOf(count, processes)
  if (spans.length === 1) return createFormation([await localSquad({ ...common, first: 1, count }, crew)])
  const starting = spans.map(span => startRemoteSquad({ wish: { ...common, ...span }, crew, onLost }))
  const started = await Promise.allSettled(starting)
  const squads = started.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
  const failed = started.find(each => each.status === 'rejected')
  if (failed === undefined) return createFormation(squads)
  await Promise.all(squads.map(squad => squad.stop()))
  throw failed.reason
}

async function localSquad(
  wish: SquadWish,
  { url, token, verbose, startJitterMs, reportIntervalMs }: CrewWish,
): Promise<Squad> {
  const log = createLog({ level: verbose ? 'info' : 'silent' })
  const config = { startJitterMs, ...(reportIntervalMs === undefined ? {} : { reportIntervalMs }) }
  const crew = createCrew({ url, token, plugins: await allPlugins(), log, version: VERSION, config })
  return createLocalSquad({ ...wish, crew, clock: createClock(), random: systemRandom, log })
}

async function tokenFor({ token, tokenFile }: UpRequest, lines: AsyncIterator<string>): Promise<string | undefined> {
  if (tokenFile === undefined) return token
  const text = (tokenFile === '-' ? await firstOf(lines) : await contentOf(tokenFile)).trim()
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

/** As the command line of the controller numbers its ends. */
function exitCodeOf({ code, status }: Problem): number {
  if (code === 'simulator-usage' || code === 'no-such-model') return 2
  if (code === 'unreachable') return 11
  if (code === 'untrusted-controller' || code === 'name-mismatch') return 12
  if (status === 401 || status === 403) return 5
  if (status === 409) return 7
  return code === 'internal' ? 1 : 6
}
