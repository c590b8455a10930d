// SPDX-License-Identifier: Apache-2.0
/** Measures what a simulated host costs: memory at rest and after it was looked at, and the time of a look. */
import { parseArgs } from 'node:util'
import { createPluginHost } from '../../agent/hosting/plugin-host.ts'
import { silentLog } from '../../agent/log.ts'
import type { AnyPlugin } from '../../plugins/contract/index.ts'
import { hardware } from '../../plugins/hardware/plugin.ts'
import { os } from '../../plugins/os/plugin.ts'
import { createFakeClock } from '../../simulator/clock.ts'
import { createSimulatedHost, type SimulatedHost } from '../../simulator/host.ts'

const MIB = 1_048_576

/** What a run found; sizes per host. */
export type SimulatedHostsFigures = {
  readonly hosts: number
  readonly restKib: number
  readonly lookedAtKib: number
  readonly createMs: number
  readonly lookMs: number
}

/** Builds hosts and lets the hardware and os plugins look at each, with the garbage collected before every reading. */
export async function measureSimulatedHosts(count: number): Promise<SimulatedHostsFigures> {
  const clock = createFakeClock(Date.UTC(2026, 0, 1))
  const empty = await used()
  const started = performance.now()
  const hosts = Array.from({ length: count }, (_, at) => createSimulatedHost({ seed: 'bench', index: at + 1, clock }))
  const created = performance.now()
  const rest = await used()
  const looking = performance.now()
  for (const host of hosts) {
    await look(hardware, host)
    await look(os, host)
  }
  const looked = performance.now()
  const after = await used()
  for (const host of hosts) host.close()
  return {
    hosts: count,
    restKib: (rest - empty) / count / 1_024,
    lookedAtKib: (after - empty) / count / 1_024,
    createMs: (created - started) / count,
    lookMs: (looked - looking) / count,
  }
}

async function look(plugin: AnyPlugin, host: SimulatedHost): Promise<void> {
  const owned = createPluginHost({
    manifest: plugin.manifest,
    system: host.system,
    log: silentLog(),
    timers: 64,
    onChanged: () => undefined,
    onSample: () => undefined,
  })
  await plugin.start(owned.host).observe(new AbortController().signal)
  owned.close()
}

/** Heap and buffers in use. A weak reference lives until the turn it was read in has ended, hence the waits. */
async function used(): Promise<number> {
  for (let turn = 0; turn < 4; turn++) {
    await new Promise(resolve => setImmediate(resolve))
    globalThis.gc?.()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { hosts: { type: 'string', default: '1000' } } })
  if (globalThis.gc === undefined) process.stderr.write('run with `node --expose-gc` for sizes that mean something\n')
  const figures = await measureSimulatedHosts(Number(values.hosts))
  process.stdout.write(`${JSON.stringify({ ...figures, rssMib: process.memoryUsage().rss / MIB })}\n`)
}

if (import.meta.main) await main()
