// SPDX-License-Identifier: Apache-2.0
/** Builds the squads of a fleet as somebody asked for them: one in this process, or several in processes of their own. */
import { DEFAULTS } from '../../agent/config.ts'
import { createLog } from '../../agent/log.ts'
import { createClock } from '../../agent/system/clock.ts'
import { systemRandom } from '../../agent/system/random.ts'
import { VERSION } from '../../agent/version.ts'
import type { Problem } from '../../plugins/contract/index.ts'
import type { FleetRequest } from '../cli.ts'
import { allPlugins, createCrew } from '../crew.ts'
import { createFormation, type Formation, spansOf } from './formation.ts'
import { createLocalSquad, type SquadWish } from './local.ts'
import { startRemoteSquad } from './remote.ts'
import type { Squad } from './squad.ts'
import type { CrewWish } from './wire.ts'

const FEW = 50

export function crewWish({ count, url, verbose, reportIntervalMs }: FleetRequest, token: string | undefined): CrewWish {
  return { url, token, verbose, startJitterMs: count <= FEW ? 0 : DEFAULTS.startJitterMs, reportIntervalMs }
}

/** Builds every host; none of them runs yet. Throws what keeps a squad from being built, and leaves none behind. */
export async function raiseFleet(
  request: FleetRequest,
  crew: CrewWish,
  onLost: (problem: Problem) => void,
): Promise<Formation> {
  const { count, processes, ...rest } = request
  const common = wishOf(rest)
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

function wishOf({
  seed,
  dir,
  shares,
  model,
  network,
  amtReconnectMs,
}: Partial<FleetRequest>): Omit<SquadWish, 'first' | 'count'> {
  return {
    seed: seed ?? '',
    ...(dir === undefined ? {} : { dir }),
    ...(shares === undefined ? {} : { shares }),
    ...(model === undefined ? {} : { model }),
    ...(network === undefined ? {} : { network }),
    ...(amtReconnectMs === undefined ? {} : { amtReconnectMs }),
  }
}

/** A squad in this process, with real agents on the real clock. */
export async function localSquad(wish: SquadWish, crewOf: CrewWish): Promise<Squad> {
  const { url, token, verbose, startJitterMs, reportIntervalMs } = crewOf
  const log = createLog({ level: verbose ? 'info' : 'silent' })
  const config = { startJitterMs, ...(reportIntervalMs === undefined ? {} : { reportIntervalMs }) }
  const crew = createCrew({ url, token, plugins: await allPlugins(), log, version: VERSION, config })
  return createLocalSquad({ ...wish, crew, clock: createClock(), random: systemRandom, log })
}
