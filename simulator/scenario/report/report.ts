// SPDX-License-Identifier: Apache-2.0
/** What a report says, apart from how it looks. */
import type { FleetRequest } from '../../cli.ts'
import type { ScenarioResult } from '../run.ts'

export type RunReport = {
  readonly request: FleetRequest
  readonly results: readonly ScenarioResult[]
}

/** The value that so many of an ascending list do not exceed; `undefined` of nothing. */
export function percentile(ascending: readonly number[], share: number): number | undefined {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))]
}

export type RoundTrips = {
  readonly p50: number | undefined
  readonly p95: number | undefined
  readonly p99: number | undefined
}

export function roundTripsOf({ verdict }: ScenarioResult): RoundTrips {
  const { roundTripsMs } = verdict
  return {
    p50: percentile(roundTripsMs, 0.5),
    p95: percentile(roundTripsMs, 0.95),
    p99: percentile(roundTripsMs, 0.99),
  }
}

/** What the agents were configured with, in words: the shipped intervals, or what the command line said. */
export function intervalsOf({ reportIntervalMs }: FleetRequest): string {
  return reportIntervalMs === undefined
    ? 'as shipped'
    : `not as shipped: sections are looked at every ${reportIntervalMs / 1_000} s`
}

/** The report for programs; the event log itself is left out, its digest is there. */
export function jsonOf({ request, results }: RunReport): object {
  const { seed, count, processes, network, shares, model } = request
  return {
    simulated: true,
    passed: results.every(({ passed }) => passed),
    fleet: { seed, hosts: count, processes, network, amt: shares, model, intervals: intervalsOf(request) },
    scenarios: results.map(({ log, verdict, ...result }) => {
      const { roundTripsMs, ...rest } = verdict
      return {
        ...result,
        eventLogSha256: log.digest,
        verdict: rest,
        roundTripsMs: roundTripsOf({ ...result, log, verdict }),
      }
    }),
  }
}
