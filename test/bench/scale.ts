// SPDX-License-Identifier: Apache-2.0
/** Ten thousand hosts on one controller: coming up, at rest, commands, a broker that dies, one document for all. */
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { cpuSecondsOfTrees } from './descendants.ts'
import { type Caller, createCaller, desiredPath, eachOf, onlineHosts } from './scale-calls.ts'
import { createFleets, type Fleets } from './scale-fleets.ts'
import { type Books, compareBooks, openBooks } from './scale-store.ts'
import { printSizing, type Sizing, steadyWindow } from './scale-window.ts'
import {
  type BenchController,
  benchController,
  cpuSecondsOf,
  type Figure,
  hostsOnline,
  percentile,
  print,
  printAtMost,
} from './support.ts'

const PARTS = ['sizing', 'steady', 'commands', 'restart', 'push'] as const
export type Part = (typeof PARTS)[number]

export type Scene = {
  readonly controller: BenchController
  readonly fleets: Fleets
  readonly caller: Caller
  readonly books: Books
  readonly hosts: number
  readonly say: (what: string) => void
  readonly figures: Figure[]
}

/** Fleets of these sizes are looked at on the way up. */
const STEPS = [100, 1_000, 5_000]
const AT_ONCE = 64
const STEADY_MS = Number(process.env.BENCH_STEADY_SECONDS ?? 60) * 1_000
const SIZING_MS = 30_000
/** Nobody new for so long means that nobody else will come. */
const STALLED_MS = 120_000
const COMMANDS = 500
const COMMANDS_AT_ONCE = 10
const AIM = { rssMb: 1_024, commandMs: 300, backS: 60, pushS: 60 }

/** `BENCH_HOSTS` hosts, 10,000 unless said; `BENCH_PARTS` chooses among the parts by name; coming online is always one. */
export async function run(parts: readonly Part[] = partsWanted()): Promise<readonly Figure[]> {
  const hosts = Number(process.env.BENCH_HOSTS ?? 10_000)
  const began = performance.now()
  const say = (what: string): void => {
    const s = Math.round((performance.now() - began) / 1_000)
    process.stdout.write(`  ${String(s).padStart(4)} s  ${what}\n`)
  }
  const controller = await benchController()
  say(`controller ${controller.built ? 'as built' : 'from source'} on ${controller.url}, ${hosts} hosts to come`)
  const fleets = createFleets(controller)
  const caller = createCaller(controller, AT_ONCE)
  const books = openBooks(join(controller.dir, 'data', 'controller.db'))
  const scene: Scene = { controller, fleets, caller, books, hosts, say, figures: [] }
  await comeOnline(scene, parts.includes('sizing'))
  if (parts.includes('steady')) await steady(scene)
  if (parts.includes('commands')) await commands(scene)
  if (parts.includes('restart')) await restart(scene)
  if (parts.includes('push')) await push(scene)
  say('stopping')
  caller.close()
  books.close()
  await fleets.stop()
  await controller.stop()
  say('stopped')
  return scene.figures
}

function partsWanted(): readonly Part[] {
  const named = process.env.BENCH_PARTS?.split(',')
  const unknown = named?.filter(name => name !== 'online' && !PARTS.some(part => part === name)) ?? []
  if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}; there are online,${PARTS.join(',')}`)
  return PARTS.filter(part => named?.includes(part) ?? true)
}

async function comeOnline(scene: Scene, isSizing: boolean): Promise<void> {
  const { controller, fleets, hosts, say, figures } = scene
  const rows: Sizing[] = []
  const steps = isSizing ? STEPS.filter(step => step < hosts) : []
  let enrolledMs = 0
  const used = { controller: 0, simulators: 0 }
  for (const wanted of [...steps, hosts]) {
    const began = performance.now()
    const [own, simulators] = [cpuSecondsOf(controller.pid), cpuSecondsOfTrees(fleets.pids)]
    await fleets.growTo(wanted)
    await allOnline(scene, wanted)
    enrolledMs += performance.now() - began
    used.controller += cpuSecondsOf(controller.pid) - own
    used.simulators += cpuSecondsOfTrees(fleets.pids) - simulators
    say(`${wanted} hosts online`)
    if (isSizing) rows.push(await steadyWindow(scene, { hosts: wanted, forMs: SIZING_MS, quietMs: 10_000 }))
  }
  const what = `${hosts} hosts: from nothing to all enrolled and online`
  const rest: readonly Figure[] = [
    { name: what, value: enrolledMs / 1_000, unit: 's' },
    { name: `${what}, CPU of the controller`, value: (used.controller / hosts) * 1_000, unit: 'ms a host' },
    { name: `${what}, CPU of the simulators`, value: (used.simulators / hosts) * 1_000, unit: 'ms a host' },
  ]
  for (const figure of rest) print(figure)
  figures.push(...rest)
  if (isSizing) printSizing(rows, (await hostsOnline(controller)) === hosts)
}

/** Gives up only when none has come for a while: how fast they come is what is measured. */
async function allOnline({ controller, fleets, say }: Scene, wanted: number): Promise<void> {
  let [most, cameAt, saidAt] = [0, performance.now(), performance.now()]
  for (;;) {
    const online = await hostsOnline(controller).catch(() => 0)
    if (online >= wanted) return
    fleets.mustLive()
    const now = performance.now()
    if (online > most) [most, cameAt] = [online, now]
    if (now - cameAt > STALLED_MS) throw new Error(`only ${online} of ${wanted} hosts came online`)
    if (now - saidAt > 10_000) {
      say(`${online} of ${wanted} hosts online`)
      saidAt = now
    }
    await setTimeout(250)
  }
}

async function steady(scene: Scene): Promise<void> {
  const { figures, hosts } = scene
  const seen = await steadyWindow(scene, { hosts, forMs: STEADY_MS, quietMs: 10_000 })
  const with10k = `with ${hosts} hosts at rest`
  figures.push(printAtMost({ name: `controller RSS ${with10k}`, value: seen.rssMb, unit: 'MB' }, AIM.rssMb))
  const rest: readonly Figure[] = [
    { name: `controller CPU ${with10k}`, value: seen.cpuShare * 100, unit: '% of a core' },
    { name: `simulators CPU ${with10k}`, value: seen.simulatorShare * 100, unit: '% of a core' },
    { name: `simulators RSS ${with10k}`, value: seen.simulatorsMb, unit: 'MB' },
    { name: `event loop delay of the controller, p99, ${with10k}`, value: seen.loopP99Ms, unit: 'ms' },
  ]
  for (const figure of rest) print(figure)
  figures.push(...rest)
}

async function commands({ caller, hosts, figures }: Scene): Promise<void> {
  const ids = (await onlineHosts(caller)).slice()
  const chosen = Array.from({ length: COMMANDS }, (_, at) => ids[Math.floor((at * ids.length) / COMMANDS)] ?? '')
  const times: number[] = []
  await eachOf(chosen, COMMANDS_AT_ONCE, async host => {
    const began = performance.now()
    const path = `/v1/projects/default/compute/hosts/${host}/commands`
    const { id } = await caller.call('POST', path, { section: 'hardware', name: 'refresh' })
    const ended = await caller.call('GET', `/v1/projects/default/commands/${id}?waitMs=20000`)
    if (ended.state !== 'succeeded') throw new Error(JSON.stringify(ended))
    times.push(performance.now() - began)
  })
  const what = `command round trip, ${hosts} hosts, ${COMMANDS_AT_ONCE} at once`
  print({ name: `${what}, p50`, value: percentile(times, 0.5), unit: 'ms' })
  figures.push(printAtMost({ name: `${what}, p95`, value: percentile(times, 0.95), unit: 'ms' }, AIM.commandMs))
  print({ name: `${what}, p99`, value: percentile(times, 0.99), unit: 'ms' })
}

/** The broker lives in the controller: it is killed while documents go out and reports come in. */
async function restart(scene: Scene): Promise<void> {
  const { controller, caller, books, hosts, fleets, say, figures } = scene
  const ids = await onlineHosts(caller)
  const acknowledged = new Map<string, number>()
  const content = { timeZone: 'UTC', windows: [] }
  const putting = eachOf(ids.slice(0, 2_000), AT_ONCE, async host => {
    const { revision } = await caller.call('PUT', desiredPath(host, 'maintenance'), { content })
    acknowledged.set(host, revision)
  }).catch(() => undefined) // the controller dies under it: that is the point
  while (acknowledged.size < Math.min(1_000, ids.length / 2)) await setTimeout(2)
  fleets.stepBack()
  const killedAt = performance.now()
  await controller.kill()
  await putting
  say(`killed with ${acknowledged.size} documents acknowledged in the last moment`)
  await controller.startAgain()
  say('started again')
  await allOnline(scene, hosts)
  const backS = (performance.now() - killedAt) / 1_000
  figures.push(
    printAtMost({ name: `all ${hosts} hosts back, from kill -9 of the broker`, value: backS, unit: 's' }, AIM.backS),
  )
  const unsettled = await until(60_000, () => {
    const settled = books.settledRevisions('maintenance')
    return [...acknowledged].filter(([host, revision]) => (settled.get(host) ?? 0) < revision).length
  })
  const name = 'documents acknowledged before the kill and not settled'
  figures.push(printAtMost({ name, value: unsettled, unit: 'documents' }, 0))
  say('comparing the journals of all agents with the database')
  const { reports, lost, waiting } = await compareBooks(fleets.journals(), books)
  for (const each of lost.slice(0, 5)) say(`lost: ${each}`)
  print({ name: 'reports compared, by digest', value: reports, unit: 'reports' })
  figures.push(printAtMost({ name: 'reports lost over the restart', value: lost.length, unit: 'reports' }, 0))
  figures.push(printAtMost({ name: 'reports still without a receipt', value: waiting, unit: 'reports' }, 0))
}

/** Every host gets a name: a change on its disk, looked at before and after, not just a row. */
async function push({ caller, books, hosts, say, figures }: Scene): Promise<void> {
  const ids = await onlineHosts(caller)
  const before = books.settled('os')
  const began = performance.now()
  let done = false
  const putting = eachOf(ids, AT_ONCE, async host => {
    await caller.call('PUT', desiredPath(host, 'os'), { content: { hostname: `edge-${host.slice(-8)}` } })
  }).then(() => {
    done = true
    say(`all ${ids.length} documents accepted`)
  })
  const seconds = (): number => (performance.now() - began) / 1_000
  while (!done || books.settled('os') < before + ids.length) {
    if (seconds() > 300) break
    await setTimeout(500)
  }
  await putting
  const settled = books.settled('os') - before
  say(`${settled} of ${ids.length} settled`)
  const name = `push of a document to each of ${hosts} hosts, until all settled`
  figures.push(
    printAtMost({ name, value: settled < ids.length ? Number.POSITIVE_INFINITY : seconds(), unit: 's' }, AIM.pushS),
  )
  print({
    name: 'calls turned away by an overloaded controller, and made again',
    value: caller.turnedAway,
    unit: 'calls',
  })
}

/** Waits until nothing is left, or the time is over; answers how many are left. */
async function until(withinMs: number, left: () => number): Promise<number> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const count = left()
    if (count === 0 || performance.now() > deadline) return count
    await setTimeout(500)
  }
}
