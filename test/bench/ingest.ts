// SPDX-License-Identifier: Apache-2.0
/** What each act of the ingest path costs the controller, with light hosts: processor time per thousand, memory, waits beside it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { abreast, hardwareOf, lightFleet, osOf } from '../support/light-fleet.ts'
import type { LightHost } from '../support/light-host.ts'
import { type ControllerProcess, controllerProcess } from '../support/process.ts'
import { cpuSecondsOf, type Figure, memoryOf, percentile, print, printAtMost } from './support.ts'

const HOSTS = Number(process.env.BENCH_HOSTS ?? 300)
/** More flags for the controller's Node, `--cpu-prof` for one. */
const FLAGS = (process.env.BENCH_NODE_FLAGS ?? '--max-semi-space-size=2').split(' ')
const HTTP = '/v1/projects/default/compute/hosts/summary'

export async function run(): Promise<readonly Figure[]> {
  const controller = await controllerProcess({}, FLAGS)
  try {
    const measure = meter(controller)
    let hosts: readonly LightHost[] = []
    await measure('enrollments', HOSTS, async () => {
      hosts = await lightFleet(controller, { count: HOSTS, obey: true })
    })
    await measure('births, 32 at once', HOSTS, async () => void (await abreast(32, hosts, host => host.join())))
    await measure('first reports, 4 KB', HOSTS, () => reportAll(hosts, at => ['hardware', hardwareOf(at)]))
    await measure('first reports, small', HOSTS, () => reportAll(hosts, at => ['os', osOf(at)]))
    await measure('the same reports again, 4 KB', 5 * HOSTS, () => repeated(hosts, at => ['hardware', hardwareOf(at)]))
    await measure('changed reports, 4 KB', 5 * HOSTS, () =>
      repeated(hosts, (at, turn) => ['hardware', hardwareOf(at, turn + 1)]),
    )
    const judged: Figure[] = []
    await measure('commands with their results', HOSTS, async () => {
      judged.push(await commands(controller, hosts))
    })
    await measure('desired states, settled', HOSTS, () => push(controller, hosts))
    print({ name: `RSS with ${HOSTS} hosts`, value: memoryOf(controller.pid).rssMb, unit: 'MB' })
    await measure('storm: cut, back within a second', HOSTS, async () => {
      for (const host of hosts) host.cut()
      await sleep(100)
      await untilBack(hosts)
    })
    await restart(controller, hosts)
    for (const host of hosts) host.leave()
    return judged
  } finally {
    await controller.remove()
  }
}

type Said = (at: number, turn: number) => readonly [string, object]

const reportAll = async (hosts: readonly LightHost[], said: Said, turn = 0): Promise<void> =>
  void (await Promise.all(hosts.map((host, at) => host.report(...said(at, turn)))))

async function repeated(hosts: readonly LightHost[], said: Said): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await reportAll(hosts, said, turn)
}

async function commands(controller: ControllerProcess, hosts: readonly LightHost[]): Promise<Figure> {
  const times: number[] = []
  await abreast(10, hosts, async ({ identity }) => {
    const began = performance.now()
    const path = `/v1/projects/default/compute/hosts/${identity.host}/commands`
    const { body } = await controller.call('POST', path, { section: 'hardware', name: 'refresh' })
    await controller.call('GET', `/v1/projects/default/commands/${body.id}?waitMs=20000`)
    times.push(performance.now() - began)
  })
  print({ name: 'command round trip, 10 at once, p50', value: percentile(times, 0.5), unit: 'ms' })
  return printAtMost({ name: 'command round trip, 10 at once, p95', value: percentile(times, 0.95), unit: 'ms' }, 300)
}

async function push(controller: ControllerProcess, hosts: readonly LightHost[]): Promise<void> {
  await abreast(10, hosts, async ({ identity }) => {
    const path = `/v1/projects/default/compute/hosts/${identity.host}/sections/os/desired`
    const { status, text } = await controller.call('PUT', path, { content: { hostname: `pushed-${identity.host}` } })
    if (status >= 300) throw new Error(text)
  })
  while (hosts.some(({ held, outbox }) => held.size === 0 || outbox.size > 0)) await sleep(20)
}

async function untilBack(hosts: readonly LightHost[]): Promise<void> {
  await Promise.all(
    hosts.map(async host => {
      while (!host.online) {
        await sleep(Math.random() * 1_000)
        await host.join().catch(() => undefined)
      }
    }),
  )
}

/** What was on its way when the controller stopped must be there afterwards. */
async function restart(controller: ControllerProcess, hosts: readonly LightHost[]): Promise<void> {
  for (const host of hosts) host.stay()
  const open = hosts.map((host, at) => host.report('hardware', hardwareOf(at, 99)))
  await controller.kill('SIGTERM')
  const began = performance.now()
  await controller.start()
  print({ name: 'start on a folder with all of them online', value: performance.now() - began, unit: 'ms' })
  while (hosts.some(({ online }) => !online)) await sleep(20)
  await Promise.all(open)
  print({
    name: `all ${HOSTS} back after a restart, no report lost`,
    value: (performance.now() - began) / 1_000,
    unit: 's',
  })
  print({ name: 'processor time of the restart and all of it', value: cpuSecondsOf(controller.pid), unit: 's' })
  print({ name: `RSS with ${HOSTS} hosts after it`, value: memoryOf(controller.pid).rssMb, unit: 'MB' })
}

/** Prints processor time per thousand of something, how long it took, and what a request beside it waited. */
function meter(controller: ControllerProcess) {
  return async (what: string, count: number, act: () => Promise<void>): Promise<void> => {
    const waits: number[] = []
    let over = false
    const probing = (async () => {
      while (!over) {
        const began = performance.now()
        await controller.call('GET', HTTP)
        waits.push(performance.now() - began)
        await sleep(50)
      }
    })()
    const [cpu, began] = [cpuSecondsOf(controller.pid), performance.now()]
    await act().finally(() => {
      over = true
    })
    const [used, took] = [cpuSecondsOf(controller.pid) - cpu, performance.now() - began]
    await probing
    print({ name: `${what}: CPU per 1,000`, value: (used * 1_000_000) / count, unit: 'ms' })
    print({ name: `${what}: each second`, value: (count * 1_000) / took, unit: '' })
    print({ name: `${what}: a request beside it, p95`, value: percentile(waits, 0.95), unit: 'ms' })
  }
}
