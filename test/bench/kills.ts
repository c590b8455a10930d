// SPDX-License-Identifier: Apache-2.0
/** Kills a controller under load a hundred times: what it acknowledged is there, its database sound, its audit verifies. */
import { killAgainAndAgain } from '../support/kills.ts'
import { type Figure, print } from './support.ts'

const KILLS = Number(process.env.BENCH_KILLS ?? 100)
const SEED = Number(process.env.BENCH_SEED ?? 1)

export async function run(): Promise<void> {
  const note = (line: string): void => void process.stdout.write(`  ${line}\n`)
  const report = await killAgainAndAgain({ kills: KILLS, seed: SEED, note })
  const say = (name: string, value: number): void => print({ name, value, unit: '' } satisfies Figure)
  say('kill -9, each followed by a check of all that was acknowledged', report.kills)
  say('of these, during a start', report.duringStart)
  say('of these, during the very first start', report.duringFirstStart)
  say('messages of hosts with a receipt, all there', report.receipts)
  say('writes answered with 2xx, all there and in the audit', report.writes)
  say('entries of the audit, verified', report.auditEntries)
}
