// SPDX-License-Identifier: Apache-2.0
/** The other end of a remote squad: hosts in a process of their own that do as they are told and leave with their parent. */
import { Value } from 'typebox/value'
import { asProblem, type Clock, SECOND } from '../../plugins/contract/index.ts'
import type { FleetProgress } from '../fleet.ts'
import { simulatorProblem } from '../problems.ts'
import type { SquadWish } from './local.ts'
import type { Squad, SquadCounts } from './squad.ts'
import { type CrewWish, type FromSquad, type SentProgress, ToSquad } from './wire.ts'

export type ServeOptions = {
  readonly clock: Clock
  readonly build: (wish: SquadWish, crew: CrewWish) => Promise<Squad>
}

/** Serves the parent process until it says stop or goes away; farewells are said in both cases. Throws `simulator-usage` without a parent. */
export function serveSquad({ clock, build }: ServeOptions): Promise<void> {
  if (process.send === undefined) {
    throw simulatorProblem('simulator-usage', '`squad` is started by `muster-sim` itself, with --processes')
  }
  const say = (message: FromSquad): void => {
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
  }
  const ended = Promise.withResolvers<void>()
  const stopping = new AbortController()
  let squad: Squad | undefined
  const stop = async (): Promise<void> => {
    stopping.abort(simulatorProblem('simulator-usage', 'the fleet was stopped'))
    await squad?.stop()
  }
  const obey = async (asked: ToSquad): Promise<unknown> => {
    if (asked.call === 'stop') return stop()
    if (asked.call === 'begin') {
      squad = await build(asked.wish, asked.crew)
      tellCounts(squad, { clock, say, signal: stopping.signal })
      return undefined
    }
    if (squad === undefined) throw simulatorProblem('simulator-usage', 'no squad has begun')
    if (asked.call === 'hosts') return squad.hosts()
    if (asked.call === 'runs') return squad.runs()
    if (asked.call === 'obey') return squad.obey(asked.order, asked.copiesFrom)
    const onProgress = (progress: FleetProgress): void => say({ progress: sent(progress) })
    return squad.start({ probes: asked.probes, onProgress, signal: stopping.signal })
  }
  process.on('message', message => {
    if (!Value.Check(ToSquad, message)) return
    obey(message).then(
      answer => say({ id: message.id, answer }),
      thrown => say({ id: message.id, problem: asProblem(thrown).toJSON() }),
    )
  })
  process.once('disconnect', () => void stop().finally(() => ended.resolve()))
  return ended.promise
}

function sent({ outcome, ...rest }: FleetProgress): SentProgress {
  return { ...rest, outcome: 'problem' in outcome ? { problem: outcome.problem.toJSON() } : outcome }
}

type Telling = { readonly clock: Clock; readonly say: (message: FromSquad) => void; readonly signal: AbortSignal }

/** Tells the counts whenever they have changed, at most once a second. */
function tellCounts(squad: Squad, { clock, say, signal }: Telling): void {
  let told = ''
  const look = (): void => {
    if (signal.aborted) return
    const counts: SquadCounts = squad.counts()
    const now = JSON.stringify(counts)
    if (now !== told) say({ counts })
    told = now
    clock.after(SECOND, look)
  }
  look()
}
