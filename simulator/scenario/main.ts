// SPDX-License-Identifier: Apache-2.0
/** `muster-sim run`: a fleet, a controller within reach, scenarios one after the other, and a report of it all. */
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { type Clock, Problem } from '../../plugins/contract/index.ts'
import type { RunRequest } from '../cli.ts'
import { ALL_LAN, parseNetworks } from '../network-profiles.ts'
import { simulatorProblem } from '../problems.ts'
import type { Report, Streams } from '../report.ts'
import { parseShares } from '../shares.ts'
import type { Formation } from '../squad/formation.ts'
import { crewWish, raiseFleet } from '../squad/raise.ts'
import { type Api, createApi } from './api.ts'
import { createHand, type Hand } from './hand.ts'
import { readScenario, shippedScenarios } from './read.ts'
import { htmlReport } from './report/html.ts'
import { jsonOf, type RunReport } from './report/report.ts'
import { narratorOn, textOf } from './report/text.ts'
import { runScenario, type ScenarioResult } from './run.ts'
import type { Scenario } from './schema.ts'

const EXIT = { passed: 0, failed: 9, interrupted: 130 } as const
const READY_WITHIN_MS = 60_000

export type RunMainOptions = {
  readonly request: RunRequest
  readonly token: string | undefined
  readonly clock: Clock
  /** Tells how the fleet comes up. */
  readonly report: Report
  readonly streams: Streams
  readonly signal: AbortSignal
}

/** Lists what comes with the simulator: a name and a sentence a line. */
export function scenarioLines(): readonly string[] {
  const all = shippedScenarios()
  const width = Math.max(...all.map(({ name }) => name.length))
  return all.map(({ name, about }) => `${name.padEnd(width)}  ${about}`)
}

/** Resolves with the exit code: 0 when every expectation of every scenario held, 9 when one did not. */
export async function runMain(options: RunMainOptions): Promise<number> {
  const { request, clock, signal, streams } = options
  const scenarios = scenariosOf(request.scenarios)
  const hand = handOf(request, clock)
  const api = createApi({
    url: request.api,
    token: tokenIn(request.apiTokenFile),
    ...(request.apiCaFile === undefined ? {} : { caFile: request.apiCaFile }),
    clock,
  })
  try {
    if (request.controller.command !== undefined) await hand?.start()
    await ready(api, clock, signal)
    return await withFleet(options, { api, hand, scenarios: scenarios.map(each => ({ ...each })) })
  } catch (thrown) {
    if (!signal.aborted) throw thrown
    streams.err('interrupted')
    return EXIT.interrupted
  } finally {
    api.close()
    await hand?.release()
  }
}

function scenariosOf(names: readonly string[]): readonly Scenario[] {
  return names.flatMap(name => (name === 'all' ? shippedScenarios() : [readScenario(name)]))
}

function handOf({ controller }: RunRequest, clock: Clock): Hand | undefined {
  const given = Object.entries(controller).filter(([, value]) => value !== undefined)
  return given.length === 0 ? undefined : createHand({ ...Object.fromEntries(given), clock })
}

function tokenIn(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (thrown) {
    const cause = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unreadable'
    throw simulatorProblem('simulator-usage', `${path} cannot be read (${cause})`, { cause })
  }
}

async function ready(api: Api, clock: Clock, signal: AbortSignal): Promise<void> {
  const deadline = clock.monotonic() + READY_WITHIN_MS
  while (!(await api.isReady())) {
    if (clock.monotonic() > deadline) throw simulatorProblem('scenario-controller', 'it does not answer /readyz')
    await clock.sleep(200, signal)
  }
}

type Means = { readonly api: Api; readonly hand: Hand | undefined; readonly scenarios: readonly Scenario[] }

async function withFleet(options: RunMainOptions, { api, hand, scenarios }: Means): Promise<number> {
  const { request, report, streams, clock, signal } = options
  const wish = fleetFor(request, scenarios)
  const token = options.token ?? (await joinToken(api, request.count, signal))
  const formation = await raiseFleet(wish, crewWish(wish, token), problem => report.problem(problem))
  try {
    report.begins({ count: formation.count, seed: wish.seed, url: wish.url, processes: formation.squads.length })
    await until(
      signal,
      formation.start(progress => report.progress(progress), signal),
    )
    const results: ScenarioResult[] = []
    for (const scenario of scenarios) {
      if (results.length > 0) await mend(formation)
      streams.err(`scenario ${scenario.name}: ${scenario.about}`)
      const result = await until(
        signal,
        runScenario({
          scenario,
          seed: wish.seed,
          short: request.short,
          network: wish.network ?? ALL_LAN,
          formation,
          api,
          hand,
          nonce: randomBytes(9).toString('base64url'),
          clock,
          narrator: narratorOn(streams.err),
          signal,
        }),
      )
      results.push(result)
      for (const line of textOf(result)) streams.out(line)
    }
    writeReports(request, { request: wish, results })
    return results.every(({ passed }) => passed) ? EXIT.passed : EXIT.failed
  } finally {
    report.stopping(formation.count)
    await formation.stop()
    report.stopped()
  }
}

/** What a scenario says of the fleet holds where the command line says nothing; the first that says something counts. */
function fleetFor(request: RunRequest, scenarios: readonly Scenario[]): RunRequest {
  const amt = scenarios.find(each => each.amt !== undefined)?.amt
  const network = scenarios.find(each => each.network !== undefined)?.network
  return {
    ...request,
    shares: request.shares ?? (amt === undefined ? undefined : parseShares(amt)),
    network: request.network ?? (network === undefined ? undefined : parseNetworks(network)),
  }
}

/** A join token for hosts that have no identity yet, made by whoever may. */
async function joinToken(api: Api, uses: number, signal: AbortSignal): Promise<string> {
  const made = await api.insist({ method: 'POST', path: '/enrollment/tokens', body: { uses } }, READY_WITHIN_MS, signal)
  const { body, status } = made
  if (typeof body === 'object' && body !== null && 'token' in body && typeof body.token === 'string') return body.token
  throw simulatorProblem('scenario-needs', `--token-file: the API token may not make a join token (${status})`)
}

/** Ends what a scenario has left wrong with hosts. */
async function mend(formation: Formation): Promise<void> {
  const hosts = Array.from({ length: formation.count }, (_, at) => at + 1)
  await formation.obey({ do: 'restore', hosts })
  await formation.obey({ do: 'diskfull', hosts, full: false })
  await formation.obey({ do: 'powercut', hosts: 'copies', backInMs: undefined })
  await formation.obey({ do: 'poweron', hosts })
}

/** As the promise, but rejects at once when somebody interrupts; what is under way ends by itself. */
function until<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

function writeReports({ logFile, jsonFile, htmlFile }: RunRequest, report: RunReport): void {
  const write = (file: string | undefined, content: () => string): void => {
    if (file === undefined) return
    try {
      writeFileSync(file, content())
    } catch (thrown) {
      if (thrown instanceof Problem) throw thrown
      const cause = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'failed'
      throw simulatorProblem('simulator-usage', `${file} cannot be written (${cause})`, { cause })
    }
  }
  write(logFile, () => report.results.map(({ log }) => log.text).join(''))
  write(jsonFile, () => `${JSON.stringify(jsonOf(report), null, 2)}\n`)
  write(htmlFile, () => htmlReport(report))
}
