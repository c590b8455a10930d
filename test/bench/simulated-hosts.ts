// SPDX-License-Identifier: Apache-2.0
/** What a simulated host costs without its agent: memory at rest and after it was looked at, and the time of a look. */
import { createPluginHost } from '../../agent/hosting/plugin-host.ts'
import { silentLog } from '../../agent/log.ts'
import type { AnyPlugin } from '../../plugins/contract/index.ts'
import { hardware } from '../../plugins/hardware/plugin.ts'
import { os } from '../../plugins/os/plugin.ts'
import { createFakeClock } from '../../simulator/clock.ts'
import { createSimulatedHost, type SimulatedHost } from '../../simulator/host.ts'
import { type Figure, print, printAtMost } from './support.ts'

const HOSTS = Number(process.env.BENCH_HOSTS ?? 1_000)

/** Builds hosts and lets the plugins hardware and os look at each. Sizes need `node --expose-gc`. */
export async function run(): Promise<readonly Figure[]> {
  if (globalThis.gc === undefined) process.stderr.write('without `node --expose-gc` the sizes count garbage too\n')
  const clock = createFakeClock(Date.UTC(2026, 0, 1))
  const empty = await usedKib()
  const started = performance.now()
  const hosts = Array.from({ length: HOSTS }, (_, at) => createSimulatedHost({ seed: 'bench', index: at + 1, clock }))
  const created = performance.now()
  const rest = await usedKib()
  const looking = performance.now()
  for (const host of hosts) {
    await look(hardware, host)
    await look(os, host)
  }
  const looked = performance.now()
  const after = await usedKib()
  for (const host of hosts) host.close()
  print({ name: 'simulated host: to build one', value: (created - started) / HOSTS, unit: 'ms' })
  print({ name: 'simulated host: one look of hardware and os', value: (looked - looking) / HOSTS, unit: 'ms' })
  return [
    printAtMost({ name: 'simulated host: memory at rest', value: (rest - empty) / HOSTS, unit: 'KiB' }, 512),
    printAtMost({ name: 'simulated host: memory after a look', value: (after - empty) / HOSTS, unit: 'KiB' }, 512),
  ]
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

/** Heap and buffers in use. A weak reference lives until the turn it was read in has ended, hence the turns. */
async function usedKib(): Promise<number> {
  for (let turn = 0; turn < 4; turn++) {
    await new Promise(resolve => setImmediate(resolve))
    globalThis.gc?.()
  }
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1_024
}

if (import.meta.main) await run()
