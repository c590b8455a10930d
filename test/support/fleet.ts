// SPDX-License-Identifier: Apache-2.0
/** Simulated hosts with real agents, in the process of the test. */
import { silentLog } from '../../agent/log.ts'
import { systemRandom } from '../../agent/system/random.ts'
import { realClock } from '../../controller/system/clock.ts'
import type { AnyPlugin } from '../../plugins/contract/index.ts'
import { allPlugins, createCrew, type SimulatedAgent } from '../../simulator/crew.ts'
import { createFleet, type Fleet, type HostWish } from '../../simulator/fleet.ts'
import { createWallClock } from '../../simulator/wall-clock.ts'

export type FleetWish = {
  readonly url: string
  readonly token: string
  readonly count: number
  readonly plugins?: readonly AnyPlugin[]
  readonly seed?: string
  readonly keepaliveMs?: number
  /** What single hosts are like. */
  readonly each?: (number: number) => HostWish
}

export async function startFleet({
  url,
  token,
  count,
  plugins,
  seed,
  keepaliveMs,
  each,
}: FleetWish): Promise<Fleet<SimulatedAgent>> {
  const crew = createCrew({
    url,
    token,
    plugins: plugins ?? (await allPlugins()),
    log: silentLog(),
    version: '0.1.0-test',
    config: { startJitterMs: 0, ...(keepaliveMs === undefined ? {} : { keepaliveMs }) },
  })
  const fleet = createFleet({
    count,
    seed: seed ?? 'test',
    crew,
    clock: createWallClock(realClock),
    random: systemRandom,
    log: silentLog(),
    lines: 'ready',
    ...(each === undefined ? {} : { each }),
  })
  await fleet.start(() => undefined, new AbortController().signal)
  return fleet
}
