// SPDX-License-Identifier: Apache-2.0
/** A controller killed under two hundred hosts with commands in flight: all return, and each command has one outcome. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SimulatedAgent } from '../../simulator/crew.ts'
import type { Fleet } from '../../simulator/fleet.ts'
import { until } from '../support/controller.ts'
import { startFleet } from '../support/fleet.ts'
import { type ControllerProcess, controllerProcess } from '../support/process.ts'
import { type Run, tallyPlugin } from '../support/tally.ts'

const HOSTS = 200
const runs: Run[] = []
let controller: ControllerProcess
let fleet: Fleet<SimulatedAgent>

beforeAll(async () => {
  controller = await controllerProcess({ sections: ['tally'] })
  fleet = await startFleet({
    url: controller.secureUrl,
    token: await controller.joinToken(HOSTS),
    count: HOSTS,
    plugins: [tallyPlugin(runs, { takesMs: 300 })],
  })
})
afterAll(async () => {
  await fleet?.stop()
  await controller?.remove()
})

const running = async (): Promise<number> => {
  const answer = await controller.call('GET', '/v1/projects/default/compute/hosts/summary').catch(() => undefined)
  return answer?.body?.running ?? 0
}

it('brings every host back, and every command to exactly one end, none run twice and none late', async () => {
  await until(running, online => online === HOSTS, 60_000)
  const ids = fleet.members.map(member => member.enlisted!.id)
  const sent = new Map<string, number>()
  const send = async (host: string, expiresInMs: number): Promise<void> => {
    const answer = await controller
      .call('POST', `/v1/projects/default/compute/hosts/${host}/commands`, {
        section: 'tally',
        name: 'count',
        reason: 'test',
        expiresInMs,
      })
      .catch(() => undefined)
    if (answer?.status === 202) sent.set(answer.body.id, Date.parse(answer.body.expiresAt))
  }

  const orders = ids.flatMap((host, at) => [
    { host, expiresInMs: 120_000 },
    ...(at % 4 === 0 ? [{ host, expiresInMs: 3_000 }] : []),
  ])
  const sending = Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let next = orders.pop(); next !== undefined; next = orders.pop()) await send(next.host, next.expiresInMs)
    }),
  )
  await until(
    async () => sent.size,
    count => count > 100,
    20_000,
  )
  await controller.kill('SIGKILL')
  await sending
  await controller.start()

  await until(running, online => online === HOSTS, 90_000)
  const states = new Map<string, string>()
  for (const id of sent.keys()) {
    const command = await until(
      async () => (await controller.call('GET', `/v1/projects/default/commands/${id}?waitMs=5000`)).body,
      each => each.state !== 'queued' && each.state !== 'sent',
      60_000,
    )
    states.set(id, command.state)
  }

  expect(sent.size).toBeGreaterThan(50)
  const counts = new Map<string, number>()
  for (const { id, at } of runs) {
    counts.set(id, (counts.get(id) ?? 0) + 1)
    const expires = sent.get(id)
    if (expires !== undefined) expect(at).toBeLessThanOrEqual(expires + 50)
  }
  for (const count of counts.values()) expect(count).toBe(1)
  for (const [id, state] of states)
    expect([state, counts.get(id) ?? 0]).toEqual(state === 'succeeded' ? ['succeeded', 1] : ['expired', 0])
}, 240_000)
