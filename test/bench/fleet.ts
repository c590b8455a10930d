// SPDX-License-Identifier: Apache-2.0
/** A controller with a thousand hosts: memory, command round trips, and how fast all return after it was killed. */
import {
  benchController,
  type Figure,
  memoryOf,
  percentile,
  print,
  printAtMost,
  startFleet,
  untilOnline,
} from './support.ts'

const HOSTS = Number(process.env.BENCH_HOSTS ?? 1_000)
const ROUNDS = 500
const AT_ONCE = 10

export async function run(): Promise<readonly Figure[]> {
  const controller = await benchController()
  const fleet = await startFleet(controller, HOSTS)
  print({
    name: `${HOSTS} simulated hosts: from nothing to all online`,
    value: (await untilOnline(controller, HOSTS)) / 1_000,
    unit: 's',
  })
  await new Promise(resolve => setTimeout(resolve, 30_000))
  const { rssMb, privateMb } = memoryOf(controller.pid)
  const memory = printAtMost({ name: `controller RSS with ${HOSTS} hosts`, value: rssMb, unit: 'MB' }, 300)
  print({ name: `controller private memory with ${HOSTS} hosts`, value: privateMb, unit: 'MB' })
  print({ name: `simulator RSS for ${HOSTS} agents`, value: memoryOf(fleet.pid).rssMb, unit: 'MB' })
  const trips = await roundTrips(controller)
  await controller.kill()
  const startMs = await controller.startAgain()
  const back = await untilOnline(controller, HOSTS)
  const name = `all ${HOSTS} back after kill -9, from the start of the process`
  const returned = printAtMost({ name, value: (startMs + back) / 1_000, unit: 's' }, 10)
  await fleet.stop()
  await controller.stop()
  return [memory, trips, returned]
}

async function roundTrips(controller: Awaited<ReturnType<typeof benchController>>): Promise<Figure> {
  const { hosts } = await controller.call('GET', '/v1/projects/default/compute/hosts?pageSize=500&online=true')
  const times: number[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < ROUNDS) {
      const host = hosts[next++ % hosts.length].resourceId
      const began = performance.now()
      const { id } = await controller.call('POST', `/v1/projects/default/compute/hosts/${host}/commands`, {
        section: 'hardware',
        name: 'refresh',
      })
      const ended = await controller.call('GET', `/v1/projects/default/commands/${id}?waitMs=20000`)
      if (ended.state !== 'succeeded') throw new Error(JSON.stringify(ended))
      times.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const what = `command round trip, ${HOSTS} hosts connected, ${AT_ONCE} at once`
  print({ name: `${what}, p50`, value: percentile(times, 0.5), unit: 'ms' })
  print({ name: `${what}, p99`, value: percentile(times, 0.99), unit: 'ms' })
  return printAtMost({ name: `${what}, p95`, value: percentile(times, 0.95), unit: 'ms' }, 100)
}
