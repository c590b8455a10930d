// SPDX-License-Identifier: Apache-2.0
/** Every scenario at five thousand hosts, with waits in full: all settled, no command twice or late, no outcome missing. */
import { play, SCENARIOS } from '../support/chaos.ts'
import { type Figure, print, printAtMost } from './support.ts'

const HOSTS = Number(process.env.BENCH_HOSTS ?? 5_000)
const SEED = process.env.BENCH_SEED ?? 'amber'
const CHOSEN = process.env.BENCH_SCENARIOS?.split(',') ?? SCENARIOS

export async function run(): Promise<readonly Figure[]> {
  const { code, said, report } = await play({
    seed: SEED,
    hosts: HOSTS,
    scenarios: CHOSEN,
    short: process.env.BENCH_SHORT !== undefined,
    onSaid: text => process.stderr.write(text),
  })
  if (report.scenarios.length < CHOSEN.length)
    throw new Error(`the simulator ended with ${code}: ${said.slice(-2_000)}`)
  return report.scenarios.flatMap(({ scenario, verdict, unsettled, expectations, faults, tookMs }) => {
    const { missing, twice, late, contradicted } = verdict
    const violations = missing.length + twice.length + late.length + contradicted.length
    const broken = expectations.filter(({ held }) => !held).length + faults.length
    print({ name: `${scenario}, ${HOSTS} hosts: took`, value: tookMs / 1_000, unit: 's' })
    return [
      printAtMost({ name: `${scenario}: not settled at the end`, value: unsettled.length, unit: 'hosts' }, 0),
      printAtMost({ name: `${scenario}: commands lost, twice, late or contradicted`, value: violations, unit: '' }, 0),
      printAtMost({ name: `${scenario}: expectations that failed, and faults`, value: broken, unit: '' }, 0),
    ]
  })
}
