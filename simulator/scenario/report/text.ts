// SPDX-License-Identifier: Apache-2.0
/** A run in words: as it happens, and how it ended. */
import type { Held } from '../expectations.ts'
import type { Narrator, ScenarioResult } from '../run.ts'
import { roundTripsOf } from './report.ts'

/** Tells acts and expectations as they happen; calls, of which there are many, are told by their number at the end. */
export function narratorOn(say: (line: string) => void): Narrator {
  let calls = 0
  const told = (): void => {
    if (calls > 0) say(`  asked the controller ${calls} times`)
    calls = 0
  }
  return {
    act(what, hosts) {
      if (what === 'call') calls += hosts
      else if (hosts === 0) say(`  ${what}`)
    },
    expectation(held) {
      told()
      say(`  ${heldLine(held)}`)
    },
    fault: problem => say(`  fault: ${problem.message} [${problem.code}]`),
  }
}

function heldLine({ that, group, held, tookMs, withinMs, detail }: Held): string {
  const took = `${seconds(tookMs)} of ${seconds(withinMs)}`
  return held ? `ok      ${that} (${group}) after ${took}` : `FAILED  ${that} (${group}) after ${took}: ${detail}`
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`
}

/** The result on a few lines. */
export function textOf(result: ScenarioResult): readonly string[] {
  const { verdict, expectations } = result
  const { p50, p95, p99 } = roundTripsOf(result)
  const ends = Object.entries(verdict.ends).map(([state, count]) => `${count} ${state}`)
  return [
    `${result.passed ? 'PASSED' : 'FAILED'}  ${result.scenario}: ${result.hosts} hosts, seed \`${result.seed}\`, ${seconds(result.tookMs)}`,
    `  expectations  ${expectations.filter(({ held }) => held).length} of ${expectations.length} held`,
    ...expectations.filter(({ held }) => !held).map(held => `    ${heldLine(held)}`),
    `  settled       ${result.hosts - result.unsettled.length} of ${result.hosts} hosts`,
    `  commands      ${verdict.accepted} accepted${ends.length === 0 ? '' : `: ${ends.join(', ')}`}`,
    `  violations    ${verdict.missing.length} without outcome, ${verdict.twice.length} run twice, ${verdict.late.length} late, ${verdict.contradicted.length} contradicted`,
    ...(p50 === undefined ? [] : [`  round trip    p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms, outages included`]),
    ...result.faults.slice(0, 20).map(fault => `  fault         ${fault}`),
    `  event log     sha256:${result.log.digest}`,
  ]
}
