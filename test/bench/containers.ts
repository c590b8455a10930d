// SPDX-License-Identifier: Apache-2.0
/** Measures a fleet in containers, on docker and podman: time until all are online, memory of each, time to take it down. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../arch/tree.ts'
import { containerFleet } from '../support/container-fleet.ts'
import { type Engine, type EngineKind, startEngine, whyNoEngine } from '../support/engines.ts'
import { print } from './support.ts'

const AGENTS = Number(process.env.BENCH_AGENTS ?? '100')
const KINDS: readonly EngineKind[] = ['docker', 'podman']
const IMAGES = join(ROOT, 'dist/images')

/** Needs the archives of `node packaging/container/main.ts`, root, and an engine. */
export async function run(): Promise<void> {
  const chosen = KINDS.filter(kind => (process.env.BENCH_ENGINE ?? kind) === kind)
  for (const kind of chosen) {
    const missing = existsSync(IMAGES) ? whyNoEngine(kind) : 'there are no images: node packaging/container/main.ts'
    if (missing === undefined) await measure(kind)
    else process.stdout.write(`${kind} left out: ${missing}\n`)
  }
}

async function measure(kind: EngineKind): Promise<void> {
  const engine = await startEngine(kind)
  try {
    for (const file of readdirSync(IMAGES).filter(name => /^muster-(controller|agent)-.*-amd64\.tar$/.test(name)))
      await engine.docker(['load', '-q', '-i', join(IMAGES, file)])
    await fleetOn(engine)
  } finally {
    await engine.close()
  }
}

async function fleetOn(engine: Engine): Promise<void> {
  const fleet = containerFleet(engine, { MUSTER_AGENTS: String(AGENTS), MUSTER_LOG_LEVEL: 'warn' })
  const name = (text: string): string => `${engine.kind}: ${text}`
  const began = performance.now()
  await fleet.compose('up', '-d', 'controller')
  await fleet.signIn()
  const agentsFrom = performance.now()
  print({ name: name('controller up and signed in to'), value: (agentsFrom - began) / 1_000, unit: 's' })
  const started = fleet.compose('up', '-d').then(() => (performance.now() - agentsFrom) / 1_000)
  const [startedIn, onlineIn] = await Promise.all([started, fleet.until(AGENTS, agentsFrom, 900)])
  print({ name: name(`${AGENTS} containers started`), value: startedIn, unit: 's' })
  print({ name: name(`${AGENTS} agents online, says the controller`), value: onlineIn, unit: 's' })
  await memory(engine)
  const down = performance.now()
  await fleet.compose('down', '--volumes', '--timeout', '10')
  print({ name: name('all taken down'), value: (performance.now() - down) / 1_000, unit: 's' })
}

/** By the processes themselves: what is shared between containers, such as the runtime's text, counts once in PSS. */
async function memory(engine: Engine): Promise<void> {
  const agents = processesOf('/usr/lib/muster-agent/muster-agent.mjs').filter(each => each.args.at(-1) === 'run')
  const mean = (of: (pid: number) => number): number =>
    agents.reduce((sum, { pid }) => sum + of(pid), 0) / Math.max(1, agents.length) / 1_024
  const cpu = agents.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0) / Math.max(1, agents.length)
  print({ name: `${engine.kind}: processor time of an agent until now (mean)`, value: cpu, unit: 's' })
  print({
    name: `${engine.kind}: memory of an agent (PSS, mean of ${agents.length})`,
    value: mean(pssKib),
    unit: 'MiB',
  })
  print({ name: `${engine.kind}: memory of an agent (RSS, mean)`, value: mean(rssKib), unit: 'MiB' })
  const shims = processesOf(engine.kind === 'docker' ? 'containerd-shim-runc-v2' : 'conmon')
  const shimKib = shims.reduce((sum, { pid }) => sum + pssKib(pid), 0) / Math.max(1, shims.length)
  print({ name: `${engine.kind}: the engine's process beside it (PSS)`, value: shimKib / 1_024, unit: 'MiB' })
  for (const { pid } of processesOf('/usr/lib/muster-controller/muster-controller.mjs').filter(each =>
    each.args.includes('run'),
  ))
    print({ name: `${engine.kind}: memory of the controller (RSS)`, value: rssKib(pid) / 1_024, unit: 'MiB' })
}

/** Processes below this one that have a word on their command line. */
function processesOf(word: string): readonly { readonly pid: number; readonly args: readonly string[] }[] {
  const parents = new Map<number, number>()
  const found: { pid: number; args: readonly string[] }[] = []
  for (const name of readdirSync('/proc').filter(each => /^\d+$/.test(each))) {
    try {
      const pid = Number(name)
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
      const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean)
      if (args.some(arg => arg.endsWith(word))) found.push({ pid, args })
    } catch {
      // It has ended meanwhile.
    }
  }
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === process.pid || (pid > 1 && isOurs(parents.get(pid))))
  return found.filter(({ pid }) => isOurs(pid))
}

/** User and system time, in seconds; what was waited for others on a busy machine is not in it. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function pssKib(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
}

function rssKib(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
}
