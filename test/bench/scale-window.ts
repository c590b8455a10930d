// SPDX-License-Identifier: Apache-2.0
/** A window of time over a fleet at rest: what controller and simulators use, and how much is written. */
import { setTimeout } from 'node:timers/promises'
import { cpuSecondsOfTrees, rssMbOfTrees } from './descendants.ts'
import type { Scene } from './scale.ts'
import { cpuSecondsOf, memoryOf, shownValue } from './support.ts'

export type Sizing = {
  readonly hosts: number
  /** Parts of one core. */
  readonly cpuShare: number
  readonly simulatorShare: number
  readonly rssMb: number
  readonly simulatorsMb: number
  readonly loopP99Ms: number
  /** Messages that came in from hosts, and events that were written, each in a second. */
  readonly messagesPerS: number
  readonly eventsPerS: number
  /** Of the database with all that has been written so far. */
  readonly storeMb: number
}

export type Window = { readonly hosts: number; readonly forMs: number; readonly quietMs: number }

/** Lets the fleet come to rest, then measures for so long. */
export async function steadyWindow(scene: Scene, { hosts, forMs, quietMs }: Window): Promise<Sizing> {
  const { controller, fleets, books, say } = scene
  await setTimeout(quietMs)
  say(`looking at ${hosts} hosts for ${Math.round(forMs / 1_000)} s`)
  const metrics = async () => metricsIn(await textOf(scene))
  const before = await metrics()
  const [own, simulators] = [cpuSecondsOf(controller.pid), cpuSecondsOfTrees(fleets.pids)]
  const { lastEvent } = books.sizes()
  const began = performance.now()
  await setTimeout(forMs)
  const seconds = (performance.now() - began) / 1_000
  const usedOwn = cpuSecondsOf(controller.pid) - own
  const usedSimulators = cpuSecondsOfTrees(fleets.pids) - simulators
  const after = await metrics()
  fleets.mustLive()
  return {
    hosts,
    cpuShare: usedOwn / seconds,
    simulatorShare: usedSimulators / seconds,
    rssMb: memoryOf(controller.pid).rssMb,
    simulatorsMb: rssMbOfTrees(fleets.pids),
    loopP99Ms: after.loopP99Ms,
    messagesPerS: (after.messages - before.messages) / seconds,
    eventsPerS: (books.sizes().lastEvent - lastEvent) / seconds,
    storeMb: after.storeBytes / 2 ** 20,
  }
}

async function textOf({ controller }: Scene): Promise<string> {
  const headers = { authorization: `Bearer ${controller.token}` }
  return (await fetch(`${controller.url}/metrics`, { headers })).text()
}

/** The delay of the event loop is that since the metrics were asked for last. */
function metricsIn(text: string) {
  const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN)
  return {
    messages: value('muster_bus_messages_in_total'),
    storeBytes: value('muster_store_bytes'),
    loopP99Ms: value('nodejs_eventloop_lag_p99_seconds') * 1_000,
  }
}

/** As a table for people who buy machines. */
export function printSizing(rows: readonly Sizing[], isWhole: boolean): void {
  const line = (cells: readonly (number | string)[]): void => {
    process.stdout.write(
      `${cells.map(cell => String(typeof cell === 'number' ? shownValue(cell) : cell).padStart(16)).join('')}\n`,
    )
  }
  line(['hosts', 'controller RSS', 'CPU, % of core', 'messages/s', 'events/s', 'database MB'])
  for (const each of rows) {
    line([each.hosts, each.rssMb, each.cpuShare * 100, each.messagesPerS, each.eventsPerS, each.storeMb])
  }
  if (!isWhole) process.stdout.write('not all hosts were online at the end of the last window\n')
}
