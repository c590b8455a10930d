// SPDX-License-Identifier: Apache-2.0
/** Composition root of `muster-sim`: real clock, real network, real terminal, simulated machines. */
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { createLog } from '../agent/log.ts'
import { createClock } from '../agent/system/clock.ts'
import { systemRandom } from '../agent/system/random.ts'
import { VERSION } from '../agent/version.ts'
import { asProblem, type Problem } from '../plugins/contract/index.ts'
import { readArguments, type UpRequest } from './cli.ts'
import { allPlugins, createCrew } from './crew.ts'
import { simulatorProblem } from './problems.ts'
import { jsonReport, type Report, textReport } from './report.ts'
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
    // The second one means it.
    if (stopping.signal.aborted) process.exit(130)
    stopping.abort(new Error('interrupted'))
  })
}

let report: Report = textReport(streams)
try {
  const reading = readArguments(process.argv.slice(2), VERSION)
  if (reading.kind === 'text') process.stdout.write(reading.text)
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
  const log = createLog({ level: request.verbose ? 'info' : 'silent' })
  const startJitterMs = request.count <= FEW ? 0 : 10_000
  const crew = createCrew({
    url: request.url,
    token,
    plugins: await allPlugins(),
    log,
    version: VERSION,
    config: { startJitterMs },
  })
  // Nothing else keeps the process alive while every host is off.
  const hold = setInterval(() => undefined, 2_147_483_647)
  try {
    const clock = createClock()
    const rest = { [Symbol.asyncIterator]: () => lines }
    return await up({ request, crew, clock, random: systemRandom, log, report, lines: rest, signal: stopping.signal })
  } finally {
    clearInterval(hold)
  }
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
