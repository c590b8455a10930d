// SPDX-License-Identifier: Apache-2.0
/**
 * Every scenario of the simulator at two hundred hosts with three seeds: all hosts settled, no command run twice or late,
 * no outcome missing. Fewer hosts by `MUSTER_CHAOS_HOSTS`, other seeds by `MUSTER_CHAOS_SEEDS=a,b`, and by
 * `MUSTER_CHAOS=sample|rest|all` a part of the plays.
 */
import { describe, expect, it } from 'vitest'
import { PARTS, play } from '../support/chaos.ts'
import { isShort } from '../support/short.ts'

const HOSTS = Number(process.env.MUSTER_CHAOS_HOSTS ?? 200)
const SEEDS = (process.env.MUSTER_CHAOS_SEEDS ?? 'amber,basalt,cobalt').split(',')
const LIMIT_MS = 900_000
/**
 * CI must end within forty minutes: its `sample` has each scenario with one of the seeds, and the `rest` is played when
 * everything else has passed in time.
 */
const CHOICE = process.env.MUSTER_CHAOS ?? (isShort ? 'sample' : 'all')
const PLAYS = SEEDS.flatMap((seed, at) =>
  PARTS.map((scenarios, part) => ({ seed, scenarios, isSample: part % SEEDS.length === at })),
).filter(({ isSample }) => CHOICE === 'all' || isSample === (CHOICE === 'sample'))

describe.concurrent(`${HOSTS} hosts`, () => {
  it.each(PLAYS)(
    'with the seed $seed end $scenarios settled, with one outcome for each command',
    async ({ seed, scenarios }) => {
      const { code, said, report } = await play({ seed, hosts: HOSTS, scenarios, short: true })

      expect(
        report.scenarios.map(({ scenario }) => scenario),
        said,
      ).toEqual(scenarios)
      for (const { scenario, verdict, ...rest } of report.scenarios) {
        expect(rest.unsettled, `${scenario}\n${said}`).toEqual([])
        expect(rest.faults, `${scenario}\n${said}`).toEqual([])
        expect(
          rest.expectations.filter(({ held }) => !held),
          `${scenario}\n${said}`,
        ).toEqual([])
        const { missing, twice, late, contradicted } = verdict
        expect({ missing, twice, late, contradicted }, `${scenario}\n${said}`).toEqual({
          missing: [],
          twice: [],
          late: [],
          contradicted: [],
        })
        if (scenario !== 'amt-tunnels') expect(verdict.accepted, scenario).toBeGreaterThanOrEqual(HOSTS)
      }
      expect(code, said).toBe(0)
    },
    LIMIT_MS,
  )

  it.skipIf(CHOICE === 'rest')(
    'write the same event log for the same seed, and another for another',
    async () => {
      const scenarios = ['mass-reboot', 'broker-restart']
      const digests = await Promise.all(
        ['same', 'same', 'other'].map(async seed => {
          const { code, said, report } = await play({ seed, hosts: 20, scenarios, short: true })
          expect(code, said).toBe(0)
          return report.scenarios.map(({ eventLogSha256 }) => eventLogSha256)
        }),
      )

      expect(digests[0]).toHaveLength(2)
      expect(digests[1]).toEqual(digests[0])
      for (const [at, digest] of digests[0]!.entries()) expect(digests[2]![at]).not.toBe(digest)
    },
    LIMIT_MS,
  )
})
