// SPDX-License-Identifier: Apache-2.0
/** Every scenario at five thousand hosts, with waits in full: all settled, no command twice or late, no outcome missing. */
import { play, SCENARIOS } from '../support/chaos.ts'
import { type Figure, print } from './support.ts'

const HOSTS = Number(process.env.BENCH_HOSTS ?? 5_000)
const SEED = process.env.BENCH_SEED ?? 'amber'

export async function run(): Promise<readonly Figure[]> {
  const { code, said, report } = await play({
    seed: SEED,
    hosts: HOSTS,
    scenarios: SCENARIOS,
    short: process.env.BENCH_SHORT !== undefined,
    onSaid: text => process.stderr.write(text),
  })
  if (report.scenarios.length < SCENARIOS.length)
    throw new Error(`the simulator ended with ${code}: ${said.slice(-2_000)}`)
  const figures = report.scenarios.flatMap(
    ({ scenario, verdict, unsettled, expectations, faults, ...rest }): Figure[] => {
      const { missing, twice, late, contradicted } = verdict
      const violations = missing.length + twice.length + late.length + contradicted.length
      const broken = expectations.filter(({ held }) => !held).length + faults.length
      return [
        {
          name: `${scenario}, ${HOSTS} hosts: not settled at the end`,
          value: unsettled.length,
          unit: 'hosts',
          aim: '≤ 0',
        },
        {
          name: `${scenario}: commands lost, run twice, late or contradicted`,
          value: violations,
          unit: '',
          aim: '≤ 0',
        },
        { name: `${scenario}: expectations that did not hold, and faults`, value: broken, unit: '', aim: '≤ 0' },
        { name: `${scenario}: took`, value: rest.tookMs / 1_000, unit: 's' },
      ]
    },
  )
  for (const figure of figures) print(figure)
  return figures
}
