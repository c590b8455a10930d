// SPDX-License-Identifier: Apache-2.0
/** Thirty days of one agent under a clock that jumps from timer to timer; prints its memory at each midnight as JSON. */
import { fork } from 'node:child_process'
import { mkdtempSync, statSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { createAgent } from '../../agent/agent.ts'
import { DEFAULTS } from '../../agent/config.ts'
import { type NewIdentity, openIdentities } from '../../agent/identity/identity.ts'
import { silentLog } from '../../agent/log.ts'
import type { System } from '../../agent/system/system.ts'
import { createFakeClock } from '../../simulator/clock.ts'
import { allPlugins } from '../../simulator/crew.ts'
import { createSimulatedHost } from '../../simulator/host.ts'
import type { Ask } from './month-broker.ts'

export type Midnight = {
  readonly day: number
  readonly heapMb: number
  readonly rssMb: number
  /** Of this process since its start, user and system. */
  readonly cpuS: number
  readonly outbox: number
  /** The journal's file, and the log beside it, which is as long as its longest time between two checkpoints. */
  readonly journalKb: number
  readonly logKb: number
  /** TCP connections, for sessions and for questions over HTTPS. */
  readonly connections: number
  /** Of which the controller's side has heard that they succeeded. */
  readonly commands: number
}

const DAYS = Number(process.env.BENCH_DAYS ?? 30)
const isOffline = process.argv[2] === 'offline'
const STEP_MS = 15_000
/** Of real time; the other side answers sooner. */
const LATE_MS = 1_000
const HOUR = 3_600_000

const broker = fork(new URL('./month-broker.ts', import.meta.url), { stdio: 'inherit', execArgv: [] })
const ask = (what: Ask): void => void broker.send(what)
const identity = await new Promise<NewIdentity>(resolve => broker.once('message', resolve as (it: unknown) => void))
let commands = 0
broker.on('message', (succeeded: unknown) => {
  commands = Number(succeeded)
})

const clock = createFakeClock(Date.now())
const dir = mkdtempSync(join(tmpdir(), 'muster-month-'))
const host = createSimulatedHost({ seed: 'month', index: 1, clock, dir, amt: 'vpro', lines: 'plain' })
const sockets = new Set<Socket>()
let connections = 0
const agentSystem: System = { ...host.system, network: { ...host.system.network, connect } }
const identities = openIdentities({ system: agentSystem, dir: host.identityDir })
await identities.write(identity)
const agent = createAgent({
  system: agentSystem,
  plugins: await allPlugins(),
  config: DEFAULTS,
  log: silentLog(),
  identities,
  journal: { location: host.journalLocation, durable: false },
  version: '0.0.0-bench',
  builtAt: 0,
})
await agent.start()
await until(() => agent.status().link.phase === 'online')
if (isOffline) host.faults.cut()

for (let day = 0; day <= DAYS; day++) {
  process.stdout.write(`${JSON.stringify(midnight(day))}\n`)
  if (day < DAYS) await liveThrough(day)
}
agent.kill()
host.close()
broker.disconnect()
process.exit()

/** A day: the shipped intervals, a name that changes every six hours, a command an hour, a link that breaks at noon. */
async function liveThrough(day: number): Promise<void> {
  for (let hour = 0; hour < 24; hour++) {
    if (hour % 6 === 3) await rename(`edge-${day}-${hour}`)
    if (!isOffline) {
      ask({ do: 'command', at: clock.now() })
      if (hour === 12) await reconnect()
    }
    for (let ms = 0; ms < HOUR; ms += STEP_MS) {
      if (!isOffline) ask({ do: 'time', at: clock.now() })
      const before = received()
      const sent = written()
      await clock.advance(STEP_MS)
      // Time stands still until the other side has answered: else no ping would ever come back in time.
      if (!isOffline && written() > sent) await answered(before)
    }
    if (!isOffline) await until(() => agent.status().link.phase === 'online')
  }
}

async function rename(name: string): Promise<void> {
  const options = { signal: new AbortController().signal, timeoutMs: 10_000, env: {}, maxBytes: 10_000 }
  const running = host.system.processes.run('hostname', [name], options)
  await clock.advance(1_000)
  await running
}

async function reconnect(): Promise<void> {
  ask({ do: 'drop', at: clock.now() })
  await until(() => agent.status().link.phase !== 'online')
  await until(() => agent.status().link.phase === 'online')
}

async function connect(...call: Parameters<System['network']['connect']>) {
  const stream = await host.system.network.connect(...call)
  if (stream instanceof Socket) {
    sockets.add(stream)
    stream.once('close', () => sockets.delete(stream))
    connections++
  }
  return stream
}

function received(): number {
  return [...sockets].reduce((sum, socket) => sum + socket.bytesRead, 0)
}

function written(): number {
  return [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0)
}

async function answered(before: number): Promise<void> {
  const late = performance.now() + LATE_MS
  const isQuiet = agent.status().outbox === 0
  const isMissing = (): boolean => received() === before || agent.status().outbox > 0
  while (isMissing() && sockets.size > 0 && performance.now() < late) await (isQuiet ? setImmediate() : setTimeout(1))
  // What it has said of the message is on its way before the acknowledgement is.
  if (!isQuiet) await setTimeout(30)
  await setImmediate()
}

/** Lets time go on a little at a time until something is so. */
async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; !isSo(); turn++) {
    if (turn > 20_000) throw new Error(`it does not come: ${JSON.stringify(agent.status())}`)
    await clock.advance(100)
    await setTimeout(1)
  }
}

function midnight(day: number): Midnight {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  const size = (suffix: string): number => statSync(host.journalLocation + suffix, { throwIfNoEntry: false })?.size ?? 0
  return {
    day,
    heapMb: (heapUsed + external) / 2 ** 20,
    rssMb: rss / 2 ** 20,
    cpuS: (user + system) / 1e6,
    outbox: agent.status().outbox,
    journalKb: size('') / 1_024,
    logKb: size('-wal') / 1_024,
    connections,
    commands,
  }
}
